"""Refuse amounts set by hand that would bring invoices above a limit.

What was billed to several customers and credited to one of them is open for that one,
and keeps its room, whether the bill at hand has it or not.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import TypeAlias

from hourline.billing.customer_limits import above_customer_limit, named
from hourline.billing.model import WHOLE_PPM, Assembled, AssembledLine
from hourline.billing.model_allotted import InvoicedDay, OpenForOne
from hourline.billing.rules.span_totals import SpanTotal, span_totals
from hourline.billing.store_allotments import read_net_invoiced
from hourline.billing.store_customers import read_open_for_one
from hourline.billing.store_limits import read_days_invoiced
from hourline.infra.database import Session
from hourline.kernel.money import Currency, currency_of, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import ContractTerms, Snapshot, Span

# The terms of a contract, and what keeps its room under its limits.
_Limits: TypeAlias = tuple[ContractTerms, Sequence[OpenForOne]]
# What a limit is of, the limit, and what would count for it; in minor units.
_Above: TypeAlias = tuple[str, int, int]


def above_limit(
    session: Session, snapshot: Snapshot, assembled: Assembled
) -> Problem | None:
    """Return the problem `limit_exceeded` of amounts by hand that go too far.

    Without them nothing can: what does not fit is over the limit, not on an invoice.
    """
    contract_no = assembled.terms.contract_no
    terms = snapshot.allotting.get(contract_no)
    by_hand = any(line.net_at_rate is not None for line in assembled.lines)
    if terms is None or not by_hand:
        return None
    kept = _kept_open(session, assembled)
    above = (
        _above_whole(session, snapshot, assembled, (terms, kept))
        or _above_customer(session, snapshot, assembled, (terms, kept))
        or _above_span(session, snapshot, assembled, (terms, kept))
    )
    if above is None:
        return None
    return _exceeded(above, currency_of(assembled.currency), with_open=bool(kept))


def _above_whole(
    session: Session, snapshot: Snapshot, assembled: Assembled, limits: _Limits
) -> _Above | None:
    terms, kept = limits
    nets = _nets(session, assembled, kept)
    for line_no, cap in terms.line_caps.items():
        net = floor(nets.get(line_no, 0))
        if net > cap.amount:
            name = f"contract line {snapshot.contract_line(line_no).id}"
            return name, cap.amount, net
    net = floor(sum(nets.values()))
    if terms.cap is not None and net > terms.cap.amount:
        name = f"contract {snapshot.contract(assembled.terms.contract_no).id}"
        return name, terms.cap.amount, net
    return None


def _above_customer(
    session: Session, snapshot: Snapshot, assembled: Assembled, limits: _Limits
) -> _Above | None:
    above = above_customer_limit(session, assembled, *limits)
    if above is None:
        return None
    cap, net = above
    return named(cap, assembled.terms.contract_no, snapshot), cap.amount, net


def _kept_open(session: Session, assembled: Assembled) -> list[OpenForOne]:
    """Return what is open for one of several customers and not on the bill."""
    billed = {
        (item.entry_no, item.revision, item.part, item.customer_no)
        for item in (line.item for line in assembled.lines)
    }
    return [
        one
        for one in read_open_for_one(session, assembled.terms.contract_no)
        if (*one.key, one.customer_no) not in billed
    ]


def _nets(
    session: Session, assembled: Assembled, kept: Sequence[OpenForOne]
) -> dict[int, Fraction]:
    """Return what counts for limits by contract line once the bill is issued."""
    invoiced = read_net_invoiced(session, assembled.terms.contract_no)
    nets = {line_no: Fraction(net) for line_no, net in invoiced.items()}
    work = [line for line in assembled.lines if line.item.milestone is None]
    more = [
        *((one.day.contract_line_no, one.amount) for one in kept),
        *((line.item.contract_line_no, Fraction(line.net)) for line in work),
    ]
    for line_no, amount in more:
        nets[line_no] = nets.get(line_no, Fraction(0)) + amount
    return nets


def _above_span(
    session: Session, snapshot: Snapshot, assembled: Assembled, limits: _Limits
) -> _Above | None:
    terms, kept = limits
    if not terms.span_caps:
        return None
    billed = [(line, _day_of(line)) for line in assembled.lines if line.item.entry_no]
    touched = span_totals(
        terms.span_caps, [day for line, day in billed if line.net_at_rate is not None]
    )
    days = read_days_invoiced(session, assembled.terms.contract_no)
    days += [one.day for one in kept]
    totals = span_totals(terms.span_caps, [*days, *(day for _, day in billed)])
    for key in touched:
        total = totals[key]
        if total.is_above_amount and total.amount_limit is not None:
            name = _named(total, assembled.terms.contract_no, snapshot)
            return name, total.amount_limit, total.amount
    return None


def _named(total: SpanTotal, contract_no: int, snapshot: Snapshot) -> str:
    person_no, dated = total.key
    name = (
        f"contract {snapshot.contract(contract_no).id}"
        if total.contract_line_no is None
        else f"contract line {snapshot.contract_line(total.contract_line_no).id}"
    )
    if total.span is Span.MONTH:
        return f"{name} in {dated:%Y-%m}"
    return f"{name} by {snapshot.person(person_no).id} on {dated}"


def _day_of(line: AssembledLine) -> InvoicedDay:
    item = line.item
    share = Fraction(item.share_ppm, WHOLE_PPM)
    by_hand = 0 if line.net_at_rate is None else line.net - line.net_at_rate
    worth = item.exact * share + by_hand
    is_expense = item.units_total > 0
    return InvoicedDay(
        contract_line_no=item.contract_line_no,
        person_no=item.person_no or 0,
        dated=item.dated,
        seconds=item.seconds * share,
        worth=Fraction(0) if is_expense else worth,
        expenses=item.units * share + by_hand if is_expense else Fraction(0),
    )


def _exceeded(above: _Above, currency: Currency, *, with_open: bool) -> Problem:
    name, *amounts = above
    limit, net = (major_units(amount, currency) for amount in amounts)
    too = ", with what is open for one customer only," if with_open else ""
    return Problem(
        ProblemCode.LIMIT_EXCEEDED,
        f"The amounts set by hand would bring what is invoiced for the work of {name}"
        f"{too} to {net} {currency.code}, above its limit of {limit} {currency.code}.",
        "Lower the amounts, bill less, or raise the limit in the contract first.",
        {"limit": str(limit), "net": str(net), "currency": currency.code},
    )
