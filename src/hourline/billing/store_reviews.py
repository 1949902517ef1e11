"""Record what people decide of entries, and read what of an entry can be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.billing.model import Because, Movement, OpenItem
from hourline.billing.rules.give_up import GivenUp
from hourline.billing.store import CODES, QUERIES
from hourline.billing.store_documents import Booking, write_movements
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, ReviewAct, Role


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """Hold an entry and the source that calls it by an id."""

    entry_no: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold where the revision in force of an entry is billed and booked."""

    entry_no: int
    revision: int
    contract_no: int
    entity_no: int
    currency: int
    accounting_date: date
    work_date: date
    project_no: int
    person_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Hold where the reversal of an accrual is booked, and on which day."""

    entity_no: int
    entity_currency: int
    contract_no: int
    currency: int
    accounting_date: date
    document_date: date


def find_named(
    session: Session, source_id: str, source: str | None
) -> list[NamedEntry]:
    """Return the entries of an id, of one source where it is named."""
    return session.all(
        QUERIES["entries_named"], NamedEntry, source_id=source_id, source=source
    )


def read_standing(session: Session, entry_no: int) -> Standing | None:
    """Return what was decided of the revision in force; None where nothing was."""
    return session.first(QUERIES["decision_in_force"], Standing, entry_no=entry_no)


def read_reviewable(
    session: Session, standing: Standing, *, freed: bool = False
) -> list[OpenItem]:
    """Return what of a revision is neither billed nor given up, held or not.

    What is prepaid or over a limit is among it where it is `freed`.
    """
    return session.all(
        QUERIES["reviewable_portions"],
        OpenItem,
        entry_no=standing.entry_no,
        revision=standing.revision,
        freed=freed,
        **CODES,
    )


def how_held(session: Session, entry_no: int) -> ReviewAct | None:
    """Return how an entry is out of billing, held or postponed; None where it is in."""
    kind = session.value(QUERIES["how_held"], int, entry_no=entry_no)
    return None if kind is None else ReviewAct(kind)


def record_hold(
    session: Session, entry_no: int, because: Because, kind: ReviewAct
) -> None:
    """Take an entry out of billing, by `HOLD` or `POSTPONE`."""
    act_no = _record(session, kind, because, entry_no=entry_no)
    session.run(QUERIES["hold_entry"], entry_no=entry_no, act_no=act_no, kind=int(kind))


def end_postponed(
    session: Session, contract_no: int, through: date, *, document_no: int
) -> None:
    """Put back into billing what an invoice through a day has left out.

    The invoice ends it, in the name and for the reason of who postponed it.
    """
    rows = session.tuples(
        QUERIES["postponed_until"],
        contract_no=contract_no,
        through=through,
        postpone=int(ReviewAct.POSTPONE),
    )
    for entry_no, actor, reason in rows:
        because = Because(actor=actor, reason=reason)
        _record(
            session,
            ReviewAct.RESUME,
            because,
            entry_no=entry_no,
            document_no=document_no,
        )
        session.run(QUERIES["release_entry"], entry_no=entry_no)


def record_release(session: Session, entry_no: int, because: Because) -> None:
    """Put an entry back into billing."""
    _record(session, ReviewAct.RELEASE, because, entry_no=entry_no)
    session.run(QUERIES["release_entry"], entry_no=entry_no)


def record_given_up(
    session: Session,
    given: Sequence[GivenUp],
    place: Place,
    because: Because,
    *,
    document_no: int | None = None,
) -> None:
    """Record what was given up, and take back what it accrued.

    It was written off, or left out of the invoice `document_no`.
    """
    for one in given:
        kind = ReviewAct.LEAVE_OUT if document_no else ReviewAct.WRITE_OFF
        act_no = _record(
            session,
            kind,
            because,
            entry_no=one.item.entry_no,
            revision=one.item.revision,
            part=one.item.part,
            document_no=document_no,
            seconds=one.seconds,
            amount=one.amount,
            accrual_reversed=one.reversed,
        )
        _give_up(session, one, kind)
        _book(session, one, act_no, place)


def record_amount_by_hand(
    session: Session,
    item: OpenItem,
    difference: int,
    because: Because,
    *,
    document_no: int,
) -> None:
    """Record by how much an amount set by hand differs from the bill rate's."""
    _record(
        session,
        ReviewAct.SET_AMOUNT,
        because,
        entry_no=item.entry_no,
        revision=item.revision,
        part=item.part,
        document_no=document_no,
        seconds=item.seconds,
        amount=difference,
    )


def _record(
    session: Session,
    kind: ReviewAct,
    because: Because,
    **fields: int | None,
) -> int:
    values: dict[str, int | None] = {
        "revision": None,
        "part": None,
        "document_no": None,
        "seconds": 0,
        "amount": 0,
        "accrual_reversed": 0,
        **fields,
    }
    [(act_no,)] = session.tuples(
        QUERIES["insert_act"],
        kind=int(kind),
        actor=because.actor,
        reason=because.reason,
        **values,
    )
    return int(act_no)


def _give_up(session: Session, given: GivenUp, kind: ReviewAct) -> None:
    written_off = kind is ReviewAct.WRITE_OFF
    session.run(
        QUERIES["give_up_portion"],
        entry_no=given.item.entry_no,
        revision=given.item.revision,
        part=given.item.part,
        seconds=given.item.seconds_total,
        units=given.item.units_total,
        seconds_written_off=given.seconds if written_off else 0,
        amount_written_off=given.amount if written_off else 0,
        seconds_left_out=0 if written_off else given.seconds,
        amount_left_out=0 if written_off else given.amount,
    )


def _book(session: Session, given: GivenUp, act_no: int, place: Place) -> None:
    if (given.reversed, given.reversed_entity) == (0, 0):
        return
    booking = Booking(
        cause=Cause.REVIEW,
        cause_no=act_no,
        entity_no=place.entity_no,
        contract_no=place.contract_no,
        currency=place.currency,
        entity_currency=place.entity_currency,
        accounting_date=place.accounting_date,
        document_date=place.document_date,
    )
    reversal = Movement(
        part=0,
        effect=Effect.ACCRUAL_REVERSAL,
        debit=Role.ACCRUED_REVENUE,
        credit=Role.WIP,
        amount=given.reversed,
        entity_amount=given.reversed_entity,
        project_no=given.item.project_no,
        person_no=given.item.person_no,
    )
    write_movements(session, booking, [reversal])
