"""Refuse amounts set by hand that would bring invoices above a limit."""

from collections import Counter

from hourline.billing.model import Assembled
from hourline.billing.store_allotments import read_net_invoiced
from hourline.infra.database import Session
from hourline.kernel.money import Currency, currency_of, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


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
    return None


def _exceeded(name: str, amounts: tuple[int, int], currency: Currency) -> Problem:
    limit, net = (major_units(amount, currency) for amount in amounts)
    return Problem(
        ProblemCode.LIMIT_EXCEEDED,
        f"The amounts set by hand would bring what is invoiced for the work of {name}"
        f" to {net} {currency.code}, above its limit of {limit} {currency.code}.",
        "Lower the amounts, bill less, or raise the limit in the contract first.",
        {"limit": str(limit), "net": str(net), "currency": currency.code},
    )
