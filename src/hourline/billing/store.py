"""Read what is open and invoiced; write documents, their lines and journal lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from hourline.billing.model import (
    Document,
    GroupTax,
    InvoicedLine,
    Movement,
    OpenItem,
    Terms,
)
from hourline.billing.rules.running_total import RunningTotal
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind, Effect, Fate, Role
from hourline.kernel.quantity import value_of

QUERIES = load_queries("hourline.billing")
_CODES = {
    "cause_entry": int(Cause.ENTRY),
    "cause_invoice": int(Cause.INVOICE),
    "cause_credit_note": int(Cause.CREDIT_NOTE),
    "cause_payment": int(Cause.PAYMENT),
    "effect_accrual": int(Effect.ACCRUAL),
    "effect_sale": int(Effect.SALE),
    "effect_tax": int(Effect.TAX),
    "fate_billable": int(Fate.BILLABLE),
    "role_receivable": int(Role.RECEIVABLE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """Hold the head of a document about to be recorded, column by column."""

    document_no: int
    kind: int
    number: str
    contract_no: int
    entity_no: int
    customer_no: int
    credits_document_no: int | None
    invoice_date: date
    accounting_date: date
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
    rate_amount: int
    rate_seconds: int
    net: int
    tax_rule_no: int | None
    tax_rate_ppm: int
    tax: int
    accrual_reversed: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Hold what all journal lines of one document or payment share."""

    cause: Cause
    cause_no: int
    entity_no: int
    contract_no: int
    currency: int
    entity_currency: int
    accounting_date: date
    document_date: date


@dataclass(frozen=True, slots=True)
class Cleared:
    """Hold what took something off an invoice, in its currency and in the entity's."""

    credited: int
    credited_entity: int
    paid: int
    paid_entity: int


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Hold a recorded payment."""

    paid_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class _BilledToDate:
    contract_line_no: int
    by_amount: bool
    rate_amount: int
    rate_seconds: int
    seconds: int
    net: int


@dataclass(frozen=True, slots=True)
class _Number:
    prefix: str
    last_number: int


def lock_contracts(session: Session, contract_nos: Iterable[int]) -> None:
    """Make every other bill or credit of these contracts wait for this transaction."""
    session.run(QUERIES["lock_contracts"], contract_nos=sorted(set(contract_nos)))


def read_open_items(
    session: Session, contract_no: int, through: date
) -> list[OpenItem]:
    """Return unbilled portions and milestones of a contract dated up to a day."""
    terms = {"contract_no": contract_no, "through": through, **_CODES}
    return [
        item
        for name in ("open_portions", "open_milestones")
        for item in session.all(QUERIES[name], OpenItem, **terms)
    ]


def read_contracts_with_open_items(session: Session, through: date) -> list[int]:
    """Return the numbers of contracts that have something to bill, in order."""
    rows = session.tuples(
        QUERIES["contracts_with_open_items"], through=through, **_CODES
    )
    return [contract_no for (contract_no,) in rows]


def read_totals(
    session: Session, contract_no: int, contract_line_nos: Iterable[int]
) -> dict[int, RunningTotal]:
    """Return what contract lines were billed to date, exactly and rounded."""
    rows = session.all(
        QUERIES["billed_to_date"],
        _BilledToDate,
        contract_no=contract_no,
        contract_line_nos=sorted(set(contract_line_nos)),
    )
    totals: dict[int, RunningTotal] = {}
    for row in rows:
        before = totals.get(row.contract_line_no, RunningTotal())
        totals[row.contract_line_no] = RunningTotal(
            before.exact + _exact(row), before.billed + row.net
        )
    return totals


def _exact(row: _BilledToDate) -> Fraction:
    if row.by_amount:
        return Fraction(row.net)
    return value_of(
        row.seconds, rate_amount=row.rate_amount, rate_seconds=row.rate_seconds
    )


def put_draft(session: Session, terms: Terms) -> None:
    """Open a contract's draft, or replace the open one."""
    session.run(
        QUERIES["put_draft"],
        contract_no=terms.contract_no,
        through=terms.through,
        invoice_date=terms.invoice_date,
    )


def read_draft(session: Session, contract_no: int) -> Terms | None:
    """Return the terms of a contract's open draft."""
    return session.first(QUERIES["draft"], Terms, contract_no=contract_no)


def read_drafts(session: Session) -> list[Terms]:
    """Return the terms of every open draft."""
    return session.all(QUERIES["drafts"], Terms)


def drop_draft(session: Session, contract_no: int) -> None:
    """Close a contract's draft, if one is open."""
    session.run(QUERIES["drop_draft"], contract_no=contract_no)


def next_document_no(session: Session) -> int:
    """Return a new number for a document inside Hourline."""
    number = session.value(QUERIES["next_document_no"], int)
    if number is None:
        raise LookupError("the sequence of document numbers gave nothing")
    return number


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


def read_document(session: Session, document_no: int) -> Document:
    """Return the head of an issued document; raise LookupError."""
    return session.one(QUERIES["document"], Document, document_no=document_no)


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
    shared = {name: getattr(booking, name) for name in Booking.__slots__}
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


def read_invoiced_lines(session: Session, document_no: int) -> list[InvoicedLine]:
    """Return the lines of an invoice with what was credited of each so far."""
    return session.all(
        QUERIES["invoiced_lines"], InvoicedLine, document_no=document_no, **_CODES
    )


def read_group_taxes(session: Session, document_no: int) -> dict[int, GroupTax]:
    """Return the tax of an invoice per rate, invoiced and credited."""
    rows = session.all(
        QUERIES["group_taxes"], GroupTax, document_no=document_no, **_CODES
    )
    return {row.tax_rate_ppm: row for row in rows}


def read_cleared(session: Session, document_no: int) -> Cleared:
    """Return what credits and payments took off an invoice."""
    return session.one(QUERIES["cleared"], Cleared, document_no=document_no, **_CODES)
