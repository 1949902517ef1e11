"""Read what revenue follows from, and record what is recognised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, Role
from hourline.kernel.fee_months import FeeMonth
from hourline.kernel.openings import OpeningKind
from hourline.ledger.rules.earned_after_restart import Restart
from hourline.ledger.rules.guessed_month import Guessing
from hourline.ledger.rules.recognise import NewRevenue
from hourline.ledger.store import QUERIES


@dataclass(frozen=True, slots=True)
class BilledMonth:
    """Hold a month of a recurring fee that was billed once, in minor units.

    The fee of a whole month then, and the amount that was billed.
    """

    month: FeeMonth
    monthly: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDate:
    """Hold what was recognised of a line so far, and through which day.

    `at_approval`: the last of it was a best guess, which no period's end confirmed yet.
    """

    contract_line_no: int
    amount: int
    entity_amount: int
    through: date
    at_approval: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """Hold what other books had recognised of a line, in minor units, and until when.

    The cut-over is the first day that is ours.
    """

    contract_line_no: int
    amount: int
    cut_over: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Hold what happened on contract lines through a day, by the line's number.

    Milestones reached with their amounts, seconds worked, cost in minor units of the
    entity's currency, and months of fees that were billed, with their fees. What was
    `invoiced` as revenue at once, while the line was recognised as invoiced.
    """

    recognised: dict[int, ToDate]
    milestones: dict[int, dict[str, int]]
    worked: dict[int, int]
    cost: dict[int, int]
    fees: dict[int, dict[str, BilledMonth]]
    restarts: dict[int, Restart]
    taken_over: dict[int, TakenOver]
    invoiced: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRecognition:
    """Hold what the last run found of a line; `done` counts from its beginning."""

    recognition_no: int
    method: str
    earned: int
    done: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRestart:
    """Hold from where the rest of a price is earned anew, and who said so and why."""

    contract_no: int
    contract_line_no: int
    kind: str
    settled: int
    done: Decimal
    recognition_no: int
    actor: str
    approver: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Hold what all that one run recognises of a contract shares."""

    run_no: int
    entity_no: int
    contract_no: int
    currency: int
    entity_currency: int
    through: date
    accounting_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRevenue:
    """Hold what was recognised of a contract line, with the figures it follows from."""

    recognition_no: int
    run_no: int
    entity: str
    contract: str
    contract_line: str
    through: date
    accounting_date: date
    method: str
    price: int
    settled: int
    done: Decimal
    whole: Decimal
    earned: int
    amount: int
    currency: int
    entity_amount: int
    entity_currency: int
    recorded_at: datetime
    at_approval: bool


def read_guessing(
    session: Session, contract_no: int, contract_line_nos: Sequence[int]
) -> list[Guessing]:
    """Return how far each line of a contract was recognised, and what began it."""
    return session.all(
        QUERIES["months_to_guess"],
        Guessing,
        contract_no=contract_no,
        contract_line_nos=list(contract_line_nos),
    )


def read_progress(
    session: Session,
    *,
    contract_nos: Sequence[int],
    contract_line_nos: Sequence[int],
    through: date,
) -> Progress:
    """Return what happened on contract lines through a day."""
    asked = {
        "contract_nos": list(contract_nos),
        "contract_line_nos": list(contract_line_nos),
        "through": through,
        "invoice": int(Cause.INVOICE),
        "credit_note": int(Cause.CREDIT_NOTE),
    }
    milestones: dict[int, dict[str, int]] = {}
    for line_no, milestone, amount in session.tuples(
        QUERIES["milestones_to_date"], **asked
    ):
        milestones.setdefault(line_no, {})[milestone] = amount
    fees: dict[int, dict[str, BilledMonth]] = {}
    for line_no, milestone, first, last, monthly, amount in session.tuples(
        QUERIES["fees_to_date"], **asked
    ):
        billed = BilledMonth(FeeMonth(first, last), monthly, amount)
        fees.setdefault(line_no, {})[milestone] = billed
    recognised = session.all(QUERIES["recognised_to_date"], ToDate, **asked)
    return Progress(
        recognised={row.contract_line_no: row for row in recognised},
        milestones=milestones,
        worked=dict(session.tuples(QUERIES["worked_to_date"], **asked)),
        cost=dict(session.tuples(QUERIES["cost_to_date"], **asked)),
        fees=fees,
        restarts={
            one.contract_line_no: one
            for one in session.all(QUERIES["restarts"], Restart, **asked)
        },
        invoiced=dict(session.tuples(QUERIES["invoiced_as_revenue"], **asked)),
        taken_over={
            one.contract_line_no: one
            for one in session.all(
                QUERIES["taken_over"],
                TakenOver,
                recognised=int(OpeningKind.RECOGNISED),
                **asked,
            )
        },
    )


def read_last_recognition(
    session: Session, contract_line_no: int
) -> LastRecognition | None:
    """Return what the last run found of a contract line; None before the first."""
    return session.first(
        QUERIES["last_recognition"], LastRecognition, contract_line_no=contract_line_no
    )


def write_restart(session: Session, restart: NewRestart) -> None:
    """Record from where the rest of a price is earned anew."""
    values = {name: getattr(restart, name) for name in NewRestart.__slots__}
    session.run(QUERIES["insert_restart"], **values)


def open_run(
    session: Session,
    *,
    entity_no: int,
    through: date,
    accounting_date: date,
    change_no: int,
    at_approval: bool,
) -> int:
    """Record a run and return its number."""
    [(run_no,)] = session.tuples(
        QUERIES["insert_run"],
        entity_no=entity_no,
        through=through,
        accounting_date=accounting_date,
        change_no=change_no,
        at_approval=at_approval,
    )
    return int(run_no)


def write_revenue(
    session: Session, booking: Booking, revenue: Sequence[NewRevenue]
) -> None:
    """Record what is recognised of a contract, its journal lines and its position."""
    [(numbers,)] = session.tuples(QUERIES["new_recognition_nos"], count=len(revenue))
    numbered = list(zip(numbers, revenue, strict=True))
    _write_figures(session, booking, numbered)
    moved = [(number, new) for number, new in numbered if new.amount]
    _write_position(session, booking, moved)
    _write_journal(session, booking, moved)


def _write_figures(
    session: Session, booking: Booking, numbered: Sequence[tuple[int, NewRevenue]]
) -> None:
    count = len(numbered)
    earned = [new.line.earned for _, new in numbered]
    session.load(
        "revenue_recognised",
        {
            "recognition_no": [number for number, _ in numbered],
            "run_no": [booking.run_no] * count,
            "contract_no": [booking.contract_no] * count,
            "contract_line_no": [new.line.contract_line_no for _, new in numbered],
            "through": [booking.through] * count,
            "method": [one.method for one in earned],
            "price": [one.price for one in earned],
            "settled": [one.settled for one in earned],
            "done": [str(one.done) for one in earned],
            "done_before": [str(one.done_before) for one in earned],
            "whole": [f"{one.whole:f}" for one in earned],
            "earned_numerator": [str(one.exact.numerator) for one in earned],
            "earned_denominator": [str(one.exact.denominator) for one in earned],
            "earned": [new.earned for _, new in numbered],
            "booked_elsewhere": [new.line.booked_elsewhere for _, new in numbered],
            "currency": [booking.currency] * count,
            "amount": [new.amount for _, new in numbered],
            "entity_currency": [booking.entity_currency] * count,
            "entity_amount": [new.entity_amount for _, new in numbered],
        },
    )


def _write_position(
    session: Session, booking: Booking, moved: Sequence[tuple[int, NewRevenue]]
) -> None:
    count = len(moved)
    session.load(
        "position_change",
        {
            "cause": [int(Cause.RECOGNITION)] * count,
            "cause_no": [number for number, _ in moved],
            "part": [0] * count,
            "contract_no": [booking.contract_no] * count,
            "contract_line_no": [new.line.contract_line_no for _, new in moved],
            "currency": [booking.currency] * count,
            "amount": [-new.amount for _, new in moved],
            "entity_currency": [booking.entity_currency] * count,
            "entity_amount": [-new.entity_amount for _, new in moved],
        },
    )


@dataclass(frozen=True, slots=True)
class _Moved:
    cause_no: int
    part: int
    debit: Role
    credit: Role
    amount: int
    entity_amount: int


def _write_journal(
    session: Session, booking: Booking, moved: Sequence[tuple[int, NewRevenue]]
) -> None:
    lines = [line for number, new in moved for line in _lines(number, new)]
    count = len(lines)
    now = session.value(QUERIES["transaction_time"], datetime)
    session.load(
        "journal_line",
        {
            "cause": [int(Cause.RECOGNITION)] * count,
            "cause_no": [line.cause_no for line in lines],
            "cause_revision": [0] * count,
            "part": [line.part for line in lines],
            "effect": [int(Effect.RECOGNITION)] * count,
            "mirror": [False] * count,
            "entity_no": [booking.entity_no] * count,
            "contract_no": [booking.contract_no] * count,
            "debit": [int(line.debit) for line in lines],
            "credit": [int(line.credit) for line in lines],
            "currency": [booking.currency] * count,
            "amount": [line.amount for line in lines],
            "entity_currency": [booking.entity_currency] * count,
            "entity_amount": [line.entity_amount for line in lines],
            "accounting_date": [booking.accounting_date] * count,
            "document_date": [booking.through] * count,
            "recorded_at": [now] * count,
        },
    )


def _lines(number: int, new: NewRevenue) -> Iterable[_Moved]:
    """Return the journal lines of one recognition: of liability and of asset."""
    move = new.move
    sides = (
        (0, Role.CONTRACT_LIABILITY, move.liability, move.liability_entity),
        (1, Role.CONTRACT_ASSET, move.asset, move.asset_entity),
    )
    for part, role, amount, entity_amount in sides:
        debit, credit = role, Role.REVENUE
        if new.amount < 0:
            debit, credit = credit, debit
        if amount:
            yield _Moved(number, part, debit, credit, amount, entity_amount)


def read_revenue(
    session: Session, *, entity: str | None = None, contract_line: str | None = None
) -> list[ListedRevenue]:
    """Return what was recognised, of one entity or contract line or of all."""
    return session.all(
        QUERIES["revenue_listed"],
        ListedRevenue,
        entity=entity,
        contract_line=contract_line,
    )
