"""Find the customers that open items are billed to, each with its share and its tax."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hourline.billing.model import OpenItem, Party
from hourline.billing.parties import tax_rate_ppm, tax_rule_of
from hourline.billing.rules.share_out import Parties
from hourline.billing.rules.tax_point import tax_point
from hourline.billing.store_shares import read_shares
from hourline.infra.database import Session
from hourline.kernel.problems import Problem
from hourline.master.snapshot import ContractInForce, ContractShares, Snapshot


@dataclass(frozen=True, slots=True)
class _Contract:
    snapshot: Snapshot
    contract: ContractInForce
    shares: ContractShares


def customers_on(snapshot: Snapshot, contract_no: int, day: date) -> tuple[int, ...]:
    """Return the customers of a contract in the order they are invoiced on a day."""
    shared = snapshot.shares(contract_no).on(day)
    if shared:
        return tuple(one.customer_no for one in shared)
    return (snapshot.contract(contract_no).customer_no,)


def marked_shared(
    snapshot: Snapshot, contract_no: int, items: Iterable[OpenItem]
) -> list[OpenItem]:
    """Return items with whether several customers share them on their day."""
    shares = snapshot.shares(contract_no)
    return [replace(item, shared=bool(shares.on(item.dated))) for item in items]


def parties_of(
    session: Session, snapshot: Snapshot, contract_no: int, items: Sequence[OpenItem]
) -> list[Parties] | Problem:
    """Return the parties of each item, in the order of the items.

    Work is shared as the contract says on its day. What was billed to several
    customers before, and stands for some of them, keeps the shares it was billed by.
    Returns the problem `tax_not_determined` where no row of the tax table matches.
    """
    contract = _Contract(
        snapshot, snapshot.contract(contract_no), snapshot.shares(contract_no)
    )
    billed_before = read_shares(session, contract_no)
    found: list[Parties] = []
    for item in items:
        parties = billed_before.get(item.work) or _shares_on(contract, item)
        taxed = _taxed(contract, item, parties)
        if isinstance(taxed, Problem):
            return taxed
        found.append(taxed)
    return found


def _shares_on(contract: _Contract, item: OpenItem) -> Parties:
    shares = contract.shares.on(item.dated)
    if not shares:
        return (Party(customer_no=contract.contract.customer_no),)
    return tuple(
        Party(
            customer_no=one.customer_no,
            share_ppm=one.share_ppm,
            takes_difference=one.takes_difference,
        )
        for one in shares
    )


def _taxed(contract: _Contract, item: OpenItem, parties: Parties) -> Parties | Problem:
    taxed = []
    for party in parties:
        rule_no = _rule_no(contract, item, party.customer_no)
        if isinstance(rule_no, Problem):
            return rule_no
        rate_ppm = tax_rate_ppm(contract.snapshot, rule_no, tax_point(item))
        taxed.append(replace(party, tax_rule_no=rule_no, tax_rate_ppm=rate_ppm))
    return tuple(taxed)


def _rule_no(
    contract: _Contract, item: OpenItem, customer_no: int
) -> int | Problem | None:
    """Return what taxes an item: for the contract's own customer it was decided."""
    if customer_no == contract.contract.customer_no and not item.is_retainer:
        return item.tax_rule_no
    line = contract.snapshot.contract_line(item.contract_line_no)
    return tax_rule_of(contract.snapshot, line, customer_no, tax_point(item))
