"""Refuse amounts set by hand that would bring invoices above a limit."""

from collections import Counter
from fractions import Fraction

from hourline.billing.customer_limits import above_customer_limit, named
from hourline.billing.model import WHOLE_PPM, Assembled, AssembledLine
from hourline.billing.model_allotted import InvoicedDay
from hourline.billing.rules.span_totals import SpanTotal, span_totals
from hourline.billing.store_allotments import read_net_invoiced
from hourline.billing.store_limits import read_days_invoiced
from hourline.infra.database import Session
from hourline.kernel.money import Currency, currency_of, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import ContractTerms, Snapshot, Span


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
    nets = Counter(read_net_invoiced(session, contract_no))
    for line in assembled.lines:
        if line.item.milestone is None:
            nets[line.item.contract_line_no] += line.net
    currency = currency_of(assembled.currency)
    for line_no, cap in terms.line_caps.items():
        if nets[line_no] > cap.amount:
            name = f"contract line {snapshot.contract_line(line_no).id}"
            return _exceeded(name, (cap.amount, nets[line_no]), currency)
    if terms.cap is not None and sum(nets.values()) > terms.cap.amount:
        name = f"contract {snapshot.contract(contract_no).id}"
        return _exceeded(name, (terms.cap.amount, sum(nets.values())), currency)
    of_customer = above_customer_limit(session, assembled, terms)
    if of_customer is not None:
        customer_cap, net = of_customer
        name = named(customer_cap, contract_no, snapshot)
        return _exceeded(name, (customer_cap.amount, net), currency)
    return _above_span_limit(session, snapshot, assembled, terms)


def _above_span_limit(
    session: Session, snapshot: Snapshot, assembled: Assembled, terms: ContractTerms
) -> Problem | None:
    if not terms.span_caps:
        return None
    billed = [(line, _day_of(line)) for line in assembled.lines if line.item.entry_no]
    touched = span_totals(
        terms.span_caps, [day for line, day in billed if line.net_at_rate is not None]
    )
    days = read_days_invoiced(session, assembled.terms.contract_no)
    totals = span_totals(terms.span_caps, [*days, *(day for _, day in billed)])
    for key in touched:
        total = totals[key]
        if total.is_above_amount and total.amount_limit is not None:
            name = _named(total, assembled.terms.contract_no, snapshot)
            amounts = total.amount_limit, total.amount
            return _exceeded(name, amounts, currency_of(assembled.currency))
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


def _exceeded(name: str, amounts: tuple[int, int], currency: Currency) -> Problem:
    limit, net = (major_units(amount, currency) for amount in amounts)
    return Problem(
        ProblemCode.LIMIT_EXCEEDED,
        f"The amounts set by hand would bring what is invoiced for the work of {name}"
        f" to {net} {currency.code}, above its limit of {limit} {currency.code}.",
        "Lower the amounts, bill less, or raise the limit in the contract first.",
        {"limit": str(limit), "net": str(net), "currency": currency.code},
    )
