"""Value receivables in foreign currencies at a period end, and reverse it after."""

from dataclasses import dataclass, replace
from datetime import date

from hourline.billing.parties import booking_day
from hourline.billing.rules.revalue import (
    ForeignReceivable,
    Valued,
    day_of_reversal,
    revaluation_movements,
    valued_at,
)
from hourline.billing.store import CODES, QUERIES
from hourline.billing.store_documents import Booking, write_movements
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, DocumentKind, Role
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import FxRateMissing, Snapshot


@dataclass(frozen=True, slots=True)
class Revalued:
    """Hold a run: when it is booked and reversed, and the value of what is due.

    `run_no` is None where nothing was left to book.
    """

    entity_no: int
    through: date
    booked_on: date
    reversed_on: date
    run_no: int | None
    items: tuple[Valued, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRevaluation:
    """Hold what one run added to the receivable of one invoice, or to what is withheld.

    `due` is in minor units of `currency`, the rest in those of `entity_currency`.
    """

    run_no: int
    entity: str
    through: date
    booked_on: date
    reversed_on: date
    number: str
    role: int
    currency: int
    entity_currency: int
    due: int
    carried: int
    valued: int
    amount: int


def revalue(
    session: Session, snapshot: Snapshot, entity_no: int, through: date
) -> Revalued | Problem:
    """Book the unrealised differences of an entity's receivables through a day.

    Only what earlier runs of the month did not book is; so a run repeated with nothing
    new books nothing. Later runs of the same month follow the change. Each difference
    is reversed on the first day of the next month; days in a closed month move to the
    next open one. Returns the problem `fx_rate_not_found` where a currency has no rate
    on the day, `period_closed` where no month is open soon enough; then nothing is
    booked.
    """
    session.run(QUERIES["lock_revaluation"], entity_no=entity_no)
    terms = {"entity_no": entity_no, "through": through}
    later = [day for (day,) in session.tuples(QUERIES["later_revaluations"], **terms)]
    try:
        with session.savepoint():
            revalued = _booked(session, _valued(session, snapshot, entity_no, through))
            for day in later:
                _booked(session, _valued(session, snapshot, entity_no, day))
    except _Refused as refused:
        return refused.problem
    return revalued


def list_revaluations(
    session: Session, entity: str | None = None
) -> list[ListedRevaluation]:
    """Return what every run booked, of all entities or of one, in their order."""
    return session.all(QUERIES["revaluations_listed"], ListedRevaluation, entity=entity)


class _Refused(Exception):
    """Undo a run, carrying why it cannot be booked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def _valued(
    session: Session, snapshot: Snapshot, entity_no: int, through: date
) -> Revalued:
    """Return what a run would find; raise _Refused."""
    rows = session.all(
        QUERIES["foreign_receivables"],
        ForeignReceivable,
        entity_no=entity_no,
        through=through,
        invoice=int(DocumentKind.INVOICE),
        **CODES,
    )
    currency, rounding = (
        snapshot.entity(entity_no).currency,
        snapshot.rounding(entity_no),
    )
    try:
        items = tuple(
            valued_at(row, snapshot.minor_fx(row.currency, currency, through), rounding)
            for row in rows
        )
    except FxRateMissing as missing:
        raise _Refused(_no_rate(through, missing)) from None
    booked_on = _day(snapshot, entity_no, through)
    reversed_on = _day(snapshot, entity_no, day_of_reversal(through))
    return Revalued(entity_no, through, booked_on, reversed_on, None, items)


def _day(snapshot: Snapshot, entity_no: int, day: date) -> date:
    found = booking_day(snapshot, entity_no, day, Subledger.RECEIVABLES)
    if isinstance(found, Problem):
        raise _Refused(found)
    return found


def _no_rate(through: date, missing: FxRateMissing) -> Problem:
    return Problem(
        ProblemCode.FX_RATE_NOT_FOUND,
        f"Receivables cannot be valued through {through}: {missing}.",
        "Add the rate of exchange, then run the revaluation again.",
        {"date": through.isoformat()},
    )


def _booked(session: Session, found: Revalued) -> Revalued:
    """Record a run and book its differences; without any, nothing is recorded."""
    differing = [one for one in found.items if one.to_book]
    if not differing:
        return found
    run_no = session.value(
        QUERIES["insert_revaluation_run"],
        int,
        entity_no=found.entity_no,
        through=found.through,
        booked_on=found.booked_on,
        reversed_on=found.reversed_on,
    )
    recorded = replace(found, run_no=run_no)
    for one in differing:
        _write(session, recorded, one)
    return recorded


def _write(session: Session, run: Revalued, valued: Valued) -> None:
    of = valued.receivable
    number = session.value(
        QUERIES["insert_revaluation"],
        int,
        run_no=run.run_no,
        document_no=of.document_no,
        role=of.role,
        currency=of.currency,
        due=of.due,
        carried=of.carried,
        valued=valued.value,
        amount=valued.to_book,
    )
    days = (run.booked_on, run.reversed_on)
    movements = revaluation_movements(valued.to_book, Role(of.role))
    for movement, day in zip(movements, days, strict=True):
        booking = Booking(
            cause=Cause.REVALUATION,
            cause_no=int(number or 0),
            entity_no=run.entity_no,
            contract_no=of.contract_no,
            currency=of.currency,
            entity_currency=of.entity_currency,
            accounting_date=day,
            document_date=run.through,
        )
        write_movements(session, booking, [movement])
