"""Rule: a merge of customers leaves each price one row, and each tax as it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hourline.master.model import BillRate
from hourline.master.snapshot import (
    ContractInForce,
    LineInForce,
    NoTable,
    RecordNotKnown,
    Snapshot,
)
from hourline.master.snapshot.timelines import Span


@dataclass(frozen=True, slots=True)
class Merging:
    """Name the customer that is merged and the one it becomes, by ids and numbers."""

    merged: str
    merged_no: int
    into: str
    into_no: int


def rates_of(snapshot: Snapshot, customer: str) -> list[tuple[str, Span[BillRate]]]:
    """Return the rows of rate cards whose scope is a customer, with their ids."""
    rates = snapshot.catalogue.bill_rates
    return [
        (rates.id_of(span), span)
        for span in rates.spans
        if span.content.customer == customer
    ]


def tying_rates(snapshot: Snapshot, merging: Merging) -> list[tuple[str, str]]:
    """Return the pairs of rows that would match the same work on the same days."""
    return [
        (first_id, second_id)
        for first_id, first in rates_of(snapshot, merging.merged)
        for second_id, second in rates_of(snapshot, merging.into)
        if _matched(first.content) == _matched(second.content)
        and first.effective_from < second.effective_until
        and second.effective_from < first.effective_until
    ]


def _matched(rate: BillRate) -> tuple[str | None, ...]:
    return (rate.currency, rate.person, rate.role, rate.activity)


def contracts_of(snapshot: Snapshot, customer_no: int) -> list[ContractInForce]:
    """Return the contracts of a customer, also those it shares with others.

    Those of unknown parties are nobody's.
    """
    found = []
    for no in snapshot.catalogue.contracts.nos:
        try:
            contract = snapshot.contract(no)
        except RecordNotKnown:
            continue
        if contract.customer_no == customer_no or _shares(snapshot, no, customer_no):
            found.append(contract)
    return found


def _shares(snapshot: Snapshot, contract_no: int, customer_no: int) -> bool:
    return any(no == customer_no for _, no in snapshot.shares(contract_no).spans)


def lines_of(
    snapshot: Snapshot, merging: Merging
) -> Iterator[tuple[LineInForce, ContractInForce, int]]:
    """Yield the contract lines of both customers, with contract and customer."""
    contracts = [
        (contract, customer_no)
        for customer_no in (merging.merged_no, merging.into_no)
        for contract in contracts_of(snapshot, customer_no)
    ]
    for no in snapshot.catalogue.lines.nos:
        try:
            line = snapshot.contract_line(no)
        except RecordNotKnown:
            continue
        for contract, customer_no in contracts:
            if line.contract_no == contract.no:
                yield line, contract, customer_no


def taxed_days(snapshot: Snapshot, merging: Merging, today: date) -> list[date]:
    """Return today and every day on which a tax may become another."""
    customers = snapshot.catalogue.customers
    days = {span.effective_from for span in snapshot.catalogue.tax_rules.spans}
    days |= {
        span.effective_from
        for span in customers.spans
        if customers.id_of(span) in {merging.merged, merging.into}
    }
    return sorted({*days, today} - {date.min})


def changed_taxes(
    before: Snapshot, after: Snapshot, merging: Merging, today: date
) -> list[tuple[str, str, str]]:
    """Return the contract lines taxed otherwise after the merge: id, before, after."""
    found: dict[str, tuple[str, str]] = {}
    days = taxed_days(before, merging, today)
    for line, contract, customer_no in lines_of(before, merging):
        for day in days:
            taxes = (
                _tax(before, (contract.entity_no, customer_no, line.no), day),
                _tax(after, (contract.entity_no, merging.into_no, line.no), day),
            )
            if taxes[0] != taxes[1]:
                found.setdefault(line.id, taxes)
    return [(line_id, *taxes) for line_id, taxes in sorted(found.items())]


def _tax(snapshot: Snapshot, numbers: tuple[int, int, int], day: date) -> str:
    try:
        rule = snapshot.tax_rule_for(*numbers, day)
    except RecordNotKnown:
        return "nothing that day"
    if isinstance(rule, NoTable):
        return "no tax table"
    if rule is None:
        return "no row"
    return f"{rule.content.rate} % {rule.content.code}"
