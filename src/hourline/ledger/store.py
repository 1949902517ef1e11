"""Read and write the ledger's tables."""

from dataclasses import dataclass
from datetime import date

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind, Effect, Role
from hourline.ledger.model import (
    DocumentOutOfStep,
    JournalHead,
    JournalMember,
    JournalOutOfStep,
    RoleSum,
    Unbalanced,
)

QUERIES = load_queries("hourline.ledger")
# Sale and tax travel with their invoice or credit note, never on a journal.
_JOURNAL_EFFECTS = [
    Effect.COST,
    Effect.ACCRUAL,
    Effect.ACCRUAL_REVERSAL,
    Effect.FX,
    Effect.PAYMENT,
]
_DOCUMENT_EFFECTS = [Effect.SALE, Effect.TAX]


@dataclass(frozen=True, slots=True)
class Balance:
    """Hold the balance of one account role (number of `Role`) of an entity."""

    entity_no: int
    role: int
    amount: int


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Hold in whose books and when a document stands."""

    entity_no: int
    accounting_date: date


def read_balances(session: Session, entity_no: int | None) -> list[Balance]:
    """Return the balance of every role of one entity, or of all."""
    return session.all(QUERIES["balances"], Balance, entity_no=entity_no)


def read_unbalanced(session: Session) -> list[Unbalanced]:
    """Return where debits and credits differ."""
    return session.all(QUERIES["unbalanced"], Unbalanced)


def read_documents_out_of_step(session: Session) -> list[DocumentOutOfStep]:
    """Return documents whose total is not what is booked."""
    return session.all(
        QUERIES["documents_out_of_step"],
        DocumentOutOfStep,
        role_receivable=Role.RECEIVABLE,
        cause_invoice=Cause.INVOICE,
        cause_credit_note=Cause.CREDIT_NOTE,
        kind_invoice=DocumentKind.INVOICE,
    )


def read_journals_out_of_step(session: Session) -> list[JournalOutOfStep]:
    """Return journals whose total is not the sum of their lines."""
    return session.all(QUERIES["journals_out_of_step"], JournalOutOfStep)


def write_journals(session: Session, entity_no: int | None) -> list[int]:
    """Gather the lines that are on no journal; return the new journals' numbers."""
    session.run(QUERIES["lock_assembly"])
    rows = session.tuples(
        QUERIES["assemble_journals"],
        entity_no=entity_no,
        effects=[int(effect) for effect in _JOURNAL_EFFECTS],
    )
    return [journal_no for (journal_no,) in rows]


def read_journal(session: Session, journal_no: int) -> JournalHead:
    """Return the head of a journal; raise LookupError."""
    return session.one(QUERIES["journal"], JournalHead, journal_no=journal_no)


def read_journal_sums(session: Session, journal_no: int) -> list[RoleSum]:
    """Return a journal's lines summed by roles and project."""
    return session.all(QUERIES["journal_sums"], RoleSum, journal_no=journal_no)


def read_journal_members(session: Session, journal_no: int) -> list[JournalMember]:
    """Return a journal's lines, each with what caused it."""
    return session.all(QUERIES["journal_members"], JournalMember, journal_no=journal_no)


def read_document_place(session: Session, document_no: int) -> DocumentPlace:
    """Return in whose books an issued document stands; raise LookupError."""
    return session.one(
        QUERIES["document_entity"], DocumentPlace, document_no=document_no
    )


def read_document_sums(
    session: Session, document_no: int, kind: DocumentKind
) -> list[RoleSum]:
    """Return sale and tax of an issued document summed by roles and project."""
    cause = Cause.INVOICE if kind is DocumentKind.INVOICE else Cause.CREDIT_NOTE
    return session.all(
        QUERIES["document_sums"],
        RoleSum,
        cause=int(cause),
        document_no=document_no,
        effects=[int(effect) for effect in _DOCUMENT_EFFECTS],
    )
