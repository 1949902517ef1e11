"""Read and write the ledger's tables."""

from dataclasses import dataclass

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind, Effect
from hourline.ledger.model import (
    JournalHead,
    JournalMember,
    RoleSum,
    Unbalanced,
)

QUERIES = load_queries("hourline.ledger")
# Sale and tax travel with their invoice or credit note, never on a journal. What an
# acquired unit brings along is on one only where the ERP was not opened with it.
_JOURNAL_EFFECTS = [
    Effect.COST,
    Effect.ACCRUAL,
    Effect.ACCRUAL_REVERSAL,
    Effect.FX,
    Effect.PAYMENT,
    Effect.OPENING_TO_BOOK,
]
_DOCUMENT_EFFECTS = [Effect.SALE, Effect.TAX]


@dataclass(frozen=True, slots=True)
class Balance:
    """Hold the balance of one account role (number of `Role`) of an entity."""

    entity_no: int
    role: int
    amount: int


def read_balances(session: Session, entity_no: int | None) -> list[Balance]:
    """Return the balance of every role of one entity, or of all."""
    return session.all(QUERIES["balances"], Balance, entity_no=entity_no)


def read_unbalanced(session: Session) -> list[Unbalanced]:
    """Return where debits and credits differ."""
    return session.all(QUERIES["unbalanced"], Unbalanced)


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


def read_entity_of_document(session: Session, document_no: int) -> int:
    """Return in whose books an issued document stands; raise LookupError."""
    found = session.value(QUERIES["entity_of_document"], int, document_no=document_no)
    if found is None:
        raise LookupError(f"there is no document {document_no}")
    return found


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
