"""Read what one entity has still to invoice another; write both sides at once."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

from hourline.billing.intercompany_model import (
    IntercompanyHead,
    IntercompanyListed,
    OpenTransfer,
    Side,
    TransferLine,
    TwoSidedMovement,
)
from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import Cause

# A series of its own beside those of invoices and credit notes.
_SERIES = int(Cause.INTERCOMPANY_INVOICE)
_PREFIX = "IC"


def lock_lender(session: Session, lender_no: int) -> None:
    """Make every other run for this lender wait for this transaction."""
    session.run(QUERIES["lock_lender"], lender_no=lender_no)


def read_open_transfers(
    session: Session, lender_no: int, borrower_no: int, *, through: date
) -> list[OpenTransfer]:
    """Return what is to invoice and to take back, by currency and in order of work."""
    return session.all(
        QUERIES["open_transfers"],
        OpenTransfer,
        lender_no=lender_no,
        borrower_no=borrower_no,
        through=through,
    )


def next_intercompany_number(session: Session, lender_no: int, *, prefix: str) -> str:
    """Return the next number of a lender's intercompany series, without a gap."""
    [(kept, last_number)] = session.tuples(
        QUERIES["next_number"],
        entity_no=lender_no,
        kind=_SERIES,
        prefix=f"{prefix}-{_PREFIX}",
    )
    return f"{kept}-{last_number:06}"


def write_intercompany(
    session: Session,
    head: IntercompanyHead,
    lines: Sequence[tuple[TransferLine, str]],
    movements: Sequence[TwoSidedMovement],
) -> None:
    """Record a document, its lines with their descriptions, and both sides' books."""
    session.run(
        QUERIES["insert_intercompany_invoice"],
        **{field.name: getattr(head, field.name) for field in fields(head)},
    )
    session.load(
        "intercompany_line",
        {
            "document_no": [head.document_no] * len(lines),
            "line_no": [line.line_no for line, _ in lines],
            "contract_no": [line.of.contract_no for line, _ in lines],
            "entry_no": [line.of.entry_no for line, _ in lines],
            "revision": [line.of.revision for line, _ in lines],
            "mirrored": [line.of.mirrored for line, _ in lines],
            "seconds": [
                -line.of.seconds if line.of.mirrored else line.of.seconds
                for line, _ in lines
            ],
            "net": [line.net for line, _ in lines],
            "tax_rule_no": [line.tax_of.rule_no for line, _ in lines],
            "tax_rate_ppm": [line.tax_of.rate_ppm for line, _ in lines],
            "tax": [line.tax for line, _ in lines],
            "accrual_reversed": [line.accrual_reversed for line, _ in lines],
            "lender_accrual_reversed": [
                line.lender_accrual_reversed for line, _ in lines
            ],
            "lender_net": [line.lender_net for line, _ in lines],
            "lender_tax": [line.lender_tax for line, _ in lines],
            "borrower_net": [line.borrower_net for line, _ in lines],
            "borrower_tax": [line.borrower_tax for line, _ in lines],
            "cost_tax": [line.cost_tax for line, _ in lines],
            "borrower_cost_tax": [line.borrower_cost_tax for line, _ in lines],
            "description": [description for _, description in lines],
        },
    )
    _write_movements(session, head, movements)


def _write_movements(
    session: Session, head: IntercompanyHead, movements: Sequence[TwoSidedMovement]
) -> None:
    now = session.value(QUERIES["transaction_time"], datetime)
    count = len(movements)
    books = [_books(head, movement) for movement in movements]
    session.load(
        "journal_line",
        {
            "cause": [int(Cause.INTERCOMPANY_INVOICE)] * count,
            "cause_no": [head.document_no] * count,
            "cause_revision": [int(movement.side) for movement in movements],
            "part": [movement.line.line_no for movement in movements],
            "effect": [int(movement.effect) for movement in movements],
            "mirror": [False] * count,
            "entity_no": [entity_no for entity_no, _, _ in books],
            "contract_no": [movement.line.of.contract_no for movement in movements],
            "project_no": [movement.line.of.project_no for movement in movements],
            "person_no": [movement.line.of.person_no for movement in movements],
            "debit": [int(movement.debit) for movement in movements],
            "credit": [int(movement.credit) for movement in movements],
            "currency": [head.currency] * count,
            "amount": [movement.amount for movement in movements],
            "entity_currency": [currency for _, currency, _ in books],
            "entity_amount": [movement.entity_amount for movement in movements],
            "accounting_date": [booked_on for _, _, booked_on in books],
            "document_date": [head.invoice_date] * count,
            "recorded_at": [now] * count,
        },
    )


def _books(head: IntercompanyHead, movement: TwoSidedMovement) -> tuple[int, int, date]:
    if movement.side is Side.BORROWER:
        return head.borrower_no, head.borrower_currency, head.borrower_date
    return head.lender_no, head.lender_currency, head.lender_date


def list_intercompany(
    session: Session, *, lender_no: int | None = None, borrower_no: int | None = None
) -> list[IntercompanyListed]:
    """Return what was issued, in that order, of one lender or borrower, or all."""
    return session.all(
        QUERIES["intercompany_invoices"],
        IntercompanyListed,
        lender_no=lender_no,
        borrower_no=borrower_no,
    )
