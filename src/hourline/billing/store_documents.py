"""Write invoices and credit notes: heads, lines, journal lines, and what is billed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hourline.billing.model import (
    WHOLE_PPM,
    AssembledLine,
    CreditedLine,
    Issued,
    Movement,
)
from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, DocumentKind, Effect
from hourline.kernel.money import currency_numbered
from hourline.kernel.subledgers import SUBLEDGER_OF, Subledger


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """Hold the head of a document about to be recorded, column by column.

    What it moves of work in progress is booked on `accrual_date`.
    """

    document_no: int
    kind: int
    number: str
    contract_no: int
    entity_no: int
    customer_no: int
    credits_document_no: int | None
    invoice_date: date
    accounting_date: date
    accrual_date: date
    due_date: date
    through: date
    currency: int
    net: int
    tax: int
    total: int
    entity_currency: int
    entity_total: int
    change_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """Hold one line of a document about to be recorded, column by column."""

    line_no: int
    contract_line_no: int
    entry_no: int | None
    revision: int | None
    part: int | None
    milestone: str | None
    credits_document_no: int | None
    credits_line_no: int | None
    seconds: int
    units: int
    rate_amount: int
    rate_seconds: int
    net: int
    tax_rule_no: int | None
    tax_rate_ppm: int
    tax: int
    accrual_reversed: int
    description: str
    net_at_rate: int | None
    share_ppm: int
    retained: int
    retained_exact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Hold what all journal lines of one document or payment share.

    What moves work in progress is on `accrual_date`, where that is another day.
    """

    cause: Cause
    cause_no: int
    entity_no: int
    contract_no: int
    currency: int
    entity_currency: int
    accounting_date: date
    document_date: date
    accrual_date: date | None = None

    @classmethod
    def of(
        cls, head: DocumentHead, cause: Cause, *, cause_no: int | None = None
    ) -> "Booking":
        """Return what the journal lines of a document, or of a part of it, share."""
        return cls(
            cause=cause,
            cause_no=head.document_no if cause_no is None else cause_no,
            entity_no=head.entity_no,
            contract_no=head.contract_no,
            currency=head.currency,
            entity_currency=head.entity_currency,
            accounting_date=head.accounting_date,
            document_date=head.invoice_date,
            accrual_date=head.accrual_date,
        )

    def day_of(self, effect: Effect) -> date:
        """Return the accounting date of a journal line by its effect."""
        accrual = SUBLEDGER_OF.get(effect) is Subledger.WORK_IN_PROGRESS
        return (accrual and self.accrual_date) or self.accounting_date


@dataclass(frozen=True, slots=True)
class _Number:
    prefix: str
    last_number: int


def next_document_no(session: Session) -> int:
    """Return a new number for a document inside Hourline."""
    [(number,)] = session.tuples(QUERIES["next_document_no"])
    return int(number)


def next_number(
    session: Session, entity_no: int, kind: DocumentKind, *, prefix: str
) -> str:
    """Return the next number of an entity's series, without a gap.

    A series keeps the prefix it was opened with.
    """
    given = session.one(
        QUERIES["next_number"],
        _Number,
        entity_no=entity_no,
        kind=int(kind),
        prefix=prefix,
    )
    return f"{given.prefix}-{given.last_number:06}"


def write_document(
    session: Session, head: DocumentHead, rows: Sequence[DocumentRow]
) -> None:
    """Record a document and its lines."""
    values = {name: getattr(head, name) for name in DocumentHead.__slots__}
    session.run(QUERIES["insert_document"], **values)
    columns = {
        name: [getattr(row, name) for row in rows] for name in DocumentRow.__slots__
    }
    session.load(
        "invoice_line",
        {
            "document_no": [head.document_no] * len(rows),
            "contract_no": [head.contract_no] * len(rows),
            **columns,
        },
    )


def write_movements(
    session: Session, booking: Booking, movements: Sequence[Movement]
) -> None:
    """Record the journal lines of a document or payment."""
    now = session.value(QUERIES["transaction_time"], datetime)
    dates = ("accounting_date", "accrual_date")
    shared = {
        name: getattr(booking, name) for name in Booking.__slots__ if name not in dates
    }
    count = len(movements)
    session.load(
        "journal_line",
        {
            **{name: [_plain(value)] * count for name, value in shared.items()},
            "cause_revision": [0] * count,
            "mirror": [False] * count,
            "recorded_at": [now] * count,
            "part": [movement.part for movement in movements],
            "effect": [int(movement.effect) for movement in movements],
            "accounting_date": [booking.day_of(one.effect) for one in movements],
            "debit": [int(movement.debit) for movement in movements],
            "credit": [int(movement.credit) for movement in movements],
            "amount": [movement.amount for movement in movements],
            "entity_amount": [movement.entity_amount for movement in movements],
            "project_no": [movement.project_no for movement in movements],
            "person_no": [movement.person_no for movement in movements],
        },
    )


def _plain(value: int | date) -> int | date:
    return int(value) if isinstance(value, Cause) else value


def bill_portions(session: Session, lines: Sequence[AssembledLine]) -> None:
    """Raise what stands of portions on live invoice lines of their one customer."""
    items = [
        line.item
        for line in lines
        if line.item.entry_no is not None and line.item.share_ppm == WHOLE_PPM
    ]
    if items:
        session.run(
            QUERIES["bill_portions"],
            entry_no=[item.entry_no for item in items],
            revision=[item.revision for item in items],
            part=[item.part for item in items],
            seconds=[item.seconds_total for item in items],
            added=[item.seconds for item in items],
            units=[item.units_total for item in items],
            units_added=[item.units for item in items],
        )


def bill_milestones(session: Session, lines: Sequence[AssembledLine]) -> None:
    """Raise what stands of the lines' milestones on live invoice lines."""
    items = [line.item for line in lines if line.item.milestone is not None]
    if items:
        session.run(
            QUERIES["bill_milestones"],
            contract_line_no=[item.contract_line_no for item in items],
            milestone=[item.milestone for item in items],
            added=[item.amount_open for item in items],
        )


def unbill(session: Session, credited: Sequence[CreditedLine]) -> None:
    """Lower what stands of credited portions and milestones on live invoice lines.

    Portions of several customers are not among them: see `unbill_shares`.
    """
    work = [
        credit
        for credit in credited
        if credit.line.entry_no is not None and credit.line.share_ppm == WHOLE_PPM
    ]
    if work:
        session.run(
            QUERIES["unbill_portions"],
            entry_no=[credit.line.entry_no for credit in work],
            revision=[credit.line.revision for credit in work],
            part=[credit.line.part for credit in work],
            taken=[credit.seconds for credit in work],
            units_taken=[credit.units for credit in work],
            ended=[int(credit.ends) for credit in work],
        )
    reached = [credit for credit in credited if credit.line.milestone is not None]
    if reached:
        session.run(
            QUERIES["unbill_milestones"],
            contract_line_no=[credit.line.contract_line_no for credit in reached],
            milestone=[credit.line.milestone for credit in reached],
            taken=[credit.net for credit in reached],
        )


def issued(head: DocumentHead, *, lines: int) -> Issued:
    """Return what to tell of a recorded document."""
    return Issued(
        document_no=head.document_no,
        kind=DocumentKind(head.kind),
        number=head.number,
        contract_no=head.contract_no,
        entity_no=head.entity_no,
        customer_no=head.customer_no,
        currency=currency_numbered(head.currency).code,
        net=head.net,
        tax=head.tax,
        total=head.total,
        lines=lines,
    )
