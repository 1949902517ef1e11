"""Refuse limits that are lowered below what is invoiced already."""

from collections.abc import Iterator, Sequence

from hourline.billing import service as billing
from hourline.billing.model_allotted import InvoicedDay
from hourline.billing.rules.span_totals import SpanTotal, span_totals
from hourline.flow.lowered_customer_limits import lowered_of_customers
from hourline.infra.database import Session
from hourline.kernel.money import Currency, currency_numbered, major_units
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import (
    Cap,
    ContractTerms,
    Snapshot,
    Span,
    SpanCap,
    UnusableRecord,
)

_REMEDY = "Set it no lower than that, or credit the invoices first."


def refuse_lowered(
    session: Session, before: ContractTerms | None, at: tuple[int, Snapshot]
) -> None:
    """Raise UnusableRecord for a limit of a contract lowered below what is invoiced.

    One that is new counts as lowered. What was credited to one of several customers
    only is open to bill to that one again, so it counts.
    """
    for refusal in lowered(session, before, at):
        raise refusal


def lowered(
    session: Session, before: ContractTerms | None, at: tuple[int, Snapshot]
) -> Iterator[UnusableRecord]:
    """Yield what `refuse_lowered` would raise, one for each limit; read only."""
    contract_no, snapshot = at
    terms = snapshot.allotting[contract_no]
    nets = billing.read_net_kept(session, contract_no)
    was = before.cap if before else None
    net = sum(nets.values())
    if terms.cap is not None and _lowered(was, terms.cap, net):
        contract = snapshot.contract(contract_no).id
        yield _below("contract", contract, terms, (terms.cap, net))
    for line_no, cap in terms.line_caps.items():
        was = before.line_caps.get(line_no) if before else None
        if _lowered(was, cap, nets.get(line_no, 0)):
            line = snapshot.contract_line(line_no).id
            yield _below("contract_line", line, terms, (cap, nets[line_no]))
    yield from lowered_of_customers(session, before, at)
    so_far = before.span_caps if before else ()
    if terms.span_caps and terms.span_caps != so_far:
        days = billing.read_all_days_taken(session, contract_no)
        yield from _lowered_spans(so_far, days, at)


def _lowered(before: Cap | None, cap: Cap, net: int) -> bool:
    lower = before is None or cap.amount < before.amount
    return lower and cap.amount < net


def _below(
    kind: str, id_: str, terms: ContractTerms, amounts: tuple[Cap, int]
) -> UnusableRecord:
    currency = currency_numbered(terms.currency)
    cap, net = amounts
    limit = major_units(cap.amount, currency)
    return UnusableRecord(
        kind,
        id_,
        why=f"its limit of {limit} {currency.code} is below the"
        f" {major_units(net, currency)} {currency.code} invoiced already",
        remedy=_REMEDY,
    )


def _lowered_spans(
    before: Sequence[SpanCap], days: Sequence[InvoicedDay], at: tuple[int, Snapshot]
) -> Iterator[UnusableRecord]:
    contract_no, snapshot = at
    terms = snapshot.allotting[contract_no]
    currency = currency_numbered(terms.currency)
    allowed = span_totals(before, days)
    for key, total in span_totals(terms.span_caps, days).items():
        was = allowed.get(key)
        for lower, why in (
            (
                total.is_above_amount
                and _is_lower(was.amount_limit if was else None, total.amount_limit),
                _amounts(total, currency),
            ),
            (
                total.is_above_hours
                and _is_lower(was.seconds_limit if was else None, total.seconds_limit),
                _hours(total),
            ),
        ):
            if lower:
                kind, id_ = _record(contract_no, total, snapshot)
                yield UnusableRecord(
                    kind,
                    id_,
                    why=f"its {total.span.name.lower()}_limit{why} invoiced already"
                    f" for {_spoken(total, snapshot)}",
                    remedy=_REMEDY,
                )


def _is_lower(before: int | None, limit: int | None) -> bool:
    return before is None or (limit is not None and limit < before)


def _record(contract_no: int, total: SpanTotal, snapshot: Snapshot) -> tuple[str, str]:
    if total.contract_line_no is None:
        return "contract", snapshot.contract(contract_no).id
    return "contract_line", snapshot.contract_line(total.contract_line_no).id


def _amounts(total: SpanTotal, currency: Currency) -> str:
    limit = major_units(total.amount_limit or 0, currency)
    net = major_units(total.amount, currency)
    return f" of {limit} {currency.code} is below the {net} {currency.code}"


def _hours(total: SpanTotal) -> str:
    limit = spoken_hours(total.seconds_limit or 0)
    return f"_hours of {limit} is below the {spoken_hours(int(total.seconds))}"


def _spoken(total: SpanTotal, snapshot: Snapshot) -> str:
    person_no, dated = total.key
    if total.span is Span.MONTH:
        return f"{dated:%Y-%m}"
    return f"{snapshot.person(person_no).id} on {dated}"
