"""Read and write the ledger's tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind, Effect, IntentState
from hourline.ledger.model import (
    Gathering,
    JournalHead,
    JournalMember,
    RoleSum,
    Unbalanced,
)
from hourline.master.snapshot import RouteScope, columns_of

QUERIES = load_queries("hourline.ledger")
# Sale and tax travel with their invoice or credit note, never on a journal; both sides
# of an intercompany invoice are journals, as each ERP books its own entity's. What an
# acquired unit brings along is on one only where the ERP was not opened with it.
# What is set aside because its route compares was booked by another system.
_BOOKED = (IntentState.CONFIRMED, IntentState.SHADOWED)
_JOURNAL_EFFECTS = [
    int(Effect.COST),
    int(Effect.ACCRUAL),
    int(Effect.ACCRUAL_REVERSAL),
    int(Effect.DRAWDOWN),
    int(Effect.FX),
    int(Effect.PAYMENT),
    int(Effect.RECOGNITION),
    int(Effect.EARNING),
    int(Effect.WRITE_OFF),
    int(Effect.PROVISION),
    int(Effect.CROSS_CHARGE),
    int(Effect.RETAINAGE),
    int(Effect.IC_ACCRUAL),
    int(Effect.IC_ACCRUAL_REVERSAL),
    int(Effect.IC_SALE),
    int(Effect.IC_COST),
    int(Effect.IC_TAX),
    int(Effect.OPENING_TO_BOOK),
]
_DOCUMENT_EFFECTS = [Effect.SALE, Effect.TAX]


@dataclass(frozen=True, slots=True)
class Balance:
    """Hold the balance of one account role (number of `Role`) of an entity."""

    entity_no: int
    role: int
    amount: int


def read_balances(
    session: Session, entity_no: int | None, until: date
) -> list[Balance]:
    """Return the balance on a day of every role of one entity, or of all."""
    return session.all(QUERIES["balances"], Balance, entity_no=entity_no, until=until)


def read_entity_sums(session: Session, entity_no: int) -> list[RoleSum]:
    """Return all lines of an entity summed by roles, project and departments."""
    asked = {"entity_no": entity_no, "cross_charge": int(Effect.CROSS_CHARGE)}
    return session.all(QUERIES["entity_sums"], RoleSum, **asked)


def read_unbalanced(session: Session) -> list[Unbalanced]:
    """Return where debits and credits differ."""
    return session.all(QUERIES["unbalanced"], Unbalanced)


def lock_assembly(session: Session) -> None:
    """Let no other transaction gather lines until this one has ended."""
    session.run(QUERIES["lock_assembly"])


def write_offsets(
    session: Session, connection_no: int, routed: Sequence[RouteScope]
) -> None:
    """Record the pairs of line and mirror of which a ledger is sent neither."""
    session.run(
        QUERIES["offset_pairs"],
        connection_no=connection_no,
        effects=_JOURNAL_EFFECTS,
        **columns_of(routed, "route"),
    )
    session.run(
        QUERIES["offset_cancelled"],
        connection_no=connection_no,
        effects=_JOURNAL_EFFECTS,
        journal=DocumentKind.JOURNAL,
        cancelled=IntentState.CANCELLED,
    )


def write_journals(session: Session, gathering: Gathering) -> list[int]:
    """Gather the lines that are on no journal of a ledger; return the new journals."""
    scope = gathering.scope
    rows = session.tuples(
        QUERIES["assemble_journals"],
        connection_no=gathering.connection_no,
        grain=gathering.grain.value,
        entity_no=scope.entity_no,
        effects=_JOURNAL_EFFECTS if scope.effect is None else [scope.effect],
        effective_from=scope.effective_from,
        effective_until=scope.effective_until,
        journal=DocumentKind.JOURNAL,
        booked=[int(state) for state in _BOOKED],
        **columns_of(gathering.besides, "taken"),
    )
    return [journal_no for (journal_no,) in rows]


def read_journal(session: Session, journal_no: int) -> JournalHead:
    """Return the head of a journal; raise LookupError."""
    return session.one(QUERIES["journal"], JournalHead, journal_no=journal_no)


def read_journal_sums(session: Session, journal_no: int) -> list[RoleSum]:
    """Return a journal's lines summed by roles, project and departments."""
    asked = {"journal_no": journal_no, "cross_charge": int(Effect.CROSS_CHARGE)}
    return session.all(QUERIES["journal_sums"], RoleSum, **asked)


def read_journal_members(session: Session, journal_no: int) -> list[JournalMember]:
    """Return a journal's lines, each with what caused it."""
    asked = {"journal_no": journal_no, "cross_charge": int(Effect.CROSS_CHARGE)}
    return session.all(QUERIES["journal_members"], JournalMember, **asked)


def read_entity_of_document(session: Session, document_no: int) -> int:
    """Return in whose books an issued document stands; raise LookupError."""
    found = session.value(QUERIES["entity_of_document"], int, document_no=document_no)
    if found is None:
        raise LookupError(f"there is no document {document_no}")
    return found


def read_date_of_document(session: Session, document_no: int) -> date:
    """Return the accounting date of an issued document; raise LookupError."""
    found = session.value(QUERIES["date_of_document"], date, document_no=document_no)
    if found is None:
        raise LookupError(f"there is no document {document_no}")
    return found


def _cause_of(kind: DocumentKind) -> Cause:
    return Cause.INVOICE if kind is DocumentKind.INVOICE else Cause.CREDIT_NOTE


def read_document_sums(
    session: Session, document_no: int, kind: DocumentKind
) -> list[RoleSum]:
    """Return sale and tax of an issued document summed by roles and project."""
    return session.all(
        QUERIES["document_sums"],
        RoleSum,
        cause=int(_cause_of(kind)),
        document_no=document_no,
        effects=[int(effect) for effect in _DOCUMENT_EFFECTS],
    )
