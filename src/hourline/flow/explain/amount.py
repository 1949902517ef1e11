"""Explain an amount that is billed without time: its price, and each of its lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hourline.billing.model import AmountKind
from hourline.flow.explain.advances import drawdown_steps, drawn_steps
from hourline.flow.explain.billed_line import Billed, BilledLine, billed_lines
from hourline.flow.explain.billing import billed_steps
from hourline.flow.explain.model import Check, RulesAt, Step, exactly, money
from hourline.flow.explain.retainage import retainage_steps
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.fee_months import FeeMonth
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class CalledAmount:
    """Hold a milestone, month of a fee, retainer or block; in minor units.

    Only a month of a fee has days, of how many, and the fee of a whole month.
    """

    contract_line_no: int
    contract_line: str
    contract: str
    milestone: str
    kind: int
    reached_on: date
    amount: int
    currency: int
    first_day: date | None
    last_day: date | None
    month_days: int | None
    monthly_amount: int | None
    block: str | None

    @property
    def name(self) -> str:
        """Give its name after that of its contract line."""
        return f"{self.contract_line}/{self.milestone}"


@dataclass(frozen=True, slots=True)
class AmountExplanation:
    """Hold an amount explained; `kind` is a milestone, retainer and so on."""

    name: str
    kind: str
    steps: list[Step]

    @property
    def broken(self) -> list[Check]:
        """Give the figures that are not stored as they are computed."""
        return [one for step in self.steps for one in step.checks if not one.holds]


def amounts_called(session: Session, name: str) -> list[CalledAmount]:
    """Return the amounts with a name, its own or LINE/ID; months go by LINE/2025-03.

    Only what was reached or put on an invoice is an amount yet.
    """
    return session.all(QUERIES["amounts_called"], CalledAmount, name=name)


def explain_amount(session: Session, called: CalledAmount) -> AmountExplanation:
    """Return how an amount came to its price, and to each invoice and credit line."""
    return AmountExplanation(
        called.name, _kind(called), list(_steps(session, RulesAt(session), called))
    )


def _kind(called: CalledAmount) -> str:
    return AmountKind(called.kind).name.lower().replace("_", " ")


def _steps(session: Session, rules: RulesAt, called: CalledAmount) -> Iterator[Step]:
    billed = Billed(amount=(called.contract_line_no, called.milestone))
    lines = billed_lines(session, billed)
    yield _price(called, _terms(rules, lines))
    if not lines:
        yield Step(about="invoice", sentences=["It is on no invoice yet."])
    yield from billed_steps(lines, rules)
    if called.kind == AmountKind.RETAINER:
        yield from drawn_steps(session, called.contract_line_no, called.milestone)
    else:
        yield from drawdown_steps(session, billed)
    yield from retainage_steps(session, billed)


def _terms(rules: RulesAt, lines: list[BilledLine]) -> Snapshot | None:
    return rules.at(lines[0].change_no) if lines else None


def _price(called: CalledAmount, snapshot: Snapshot | None) -> Step:
    sentences, checks = [_what(called, snapshot)], []
    figures: dict[str, object] = {
        "kind": _kind(called),
        "contract": called.contract,
        "contract_line": called.contract_line,
        "amount": called.amount,
        "date": called.reached_on,
    }
    month = _month(called)
    if month is not None and called.monthly_amount is not None:
        exact = month.exact(called.monthly_amount)
        sentences.append(_of_month(called, month))
        figures |= {
            "monthly_amount": called.monthly_amount,
            "days": month.days,
            "month_days": month.month_days,
            "exact_minor_units": str(exact),
        }
        # The fees step with the total of their term: a unit is the most that moves.
        if abs(exact - called.amount) > 1:
            checks = [
                Check(
                    figure=f"fee of {called.name}",
                    recomputed=exactly(exact, called.currency),
                    stored=money(called.amount, called.currency),
                )
            ]
    return Step(about="price", sentences=sentences, figures=figures, checks=checks)


def _what(called: CalledAmount, snapshot: Snapshot | None) -> str:
    amount = money(called.amount, called.currency)
    line = f"contract line {called.contract_line} of contract {called.contract}"
    match AmountKind(called.kind):
        case AmountKind.MILESTONE:
            return (
                f"Milestone {called.milestone} of {line}{_of_price(called, snapshot)}"
                f" is {amount}; it was reached on {called.reached_on}."
            )
        case AmountKind.RETAINER:
            return (
                f"The retainer of {line} is {amount}, billed in advance on"
                f" {called.reached_on}; later invoices of the contract draw on it."
            )
        case AmountKind.RECURRING_MONTH:
            return (
                f"The fee of {line} for {called.milestone} is {amount}, open to bill"
                f" from {called.reached_on}."
            )
        case AmountKind.PREPAID_BLOCK:
            return (
                f"Block {called.milestone} of {line} is {amount}, purchased on"
                f" {called.reached_on}: {called.block}."
            )


def _of_price(called: CalledAmount, snapshot: Snapshot | None) -> str:
    """Say the price of the whole line, as it was when the milestone was billed."""
    if snapshot is None:
        return ""
    price = snapshot.contract_line(called.contract_line_no).content.price
    if price is None:
        return ""
    return f", whose price is {price:,f},"


def _month(called: CalledAmount) -> FeeMonth | None:
    if called.first_day is None or called.last_day is None:
        return None
    return FeeMonth(called.first_day, called.last_day)


def _of_month(called: CalledAmount, month: FeeMonth) -> str:
    monthly, currency = called.monthly_amount or 0, called.currency
    return (
        f"A whole month is {money(monthly, currency)}; it is for"
        f" {month.first_day} to {month.last_day}, {month.days} of {month.month_days}"
        f" days, exactly {exactly(month.exact(monthly), currency)}, rounded on the"
        " running total of the term."
    )
