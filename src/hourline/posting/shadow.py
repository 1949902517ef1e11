"""Keep what would be sent to systems that are only compared with; send nothing of it.

What is kept here is no intent, and only intents are ever sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hourline.connectors.sdk.documents import Document, encode_document, kind_of
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.master.snapshot import columns_of
from hourline.posting.assembling import Route
from hourline.posting.store import document_of, hash_of, key_of

QUERIES = load_queries(__package__)
_QUERY_OF = {
    DocumentKind.JOURNAL: "compared_journals",
    DocumentKind.WRITE_BACK: "compared_write_backs",
}
# Nothing of such an intent is out, so setting it aside leaves no question open.
_FREE = (IntentState.READY, IntentState.REJECTED)


@dataclass(frozen=True, slots=True)
class ShadowDocument:
    """Hold what would be sent of a document, and under which key."""

    kind: int
    document_no: int
    accounting_date: date
    key: str
    payload: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ShadowSince:
    """Say since when a connection is compared with, and which days its documents have.

    All are None before the first document.
    """

    recorded_at: datetime | None
    first_day: date | None
    last_day: date | None


def compared_documents(session: Session, route: Route, *, again: bool) -> list[int]:
    """Return the documents of a route that compares: those not kept yet, or all.

    Where a more specific route would send them, comparing goes before sending.
    """
    rows = session.tuples(
        QUERIES[_QUERY_OF.get(route.kind, "compared_documents")],
        kind=route.kind,
        connection_no=route.connection_no,
        entity_no=route.scope.entity_no,
        effect=route.scope.effect,
        effective_from=route.scope.effective_from,
        effective_until=route.scope.effective_until,
        again=again,
    )
    return [number for (number,) in rows]


def keep_document(
    session: Session,
    *,
    connection_no: int,
    document_no: int,
    document: Document,
    identity: str | None,
) -> bool:
    """Keep what would be sent of a document; False where it was kept as it is."""
    kind = kind_of(document)
    known_by = document_of(kind, document_no, identity)
    payload = encode_document(document)
    kept = session.run(
        QUERIES["keep_shadow"],
        connection_no=connection_no,
        kind=int(kind),
        document_no=document_no,
        key=key_of(session.tenant, connection_no, known_by, generation=0),
        payload=payload,
        payload_hash=hash_of(payload),
    )
    return kept > 0


def shadow_documents(
    session: Session, connection_no: int, routes: Sequence[Route], *days: date
) -> list[ShadowDocument]:
    """Return what would be sent now of what the routes compare between two days."""
    since, until = days
    columns = _columns(routes)
    del columns["connection_nos"], columns["compares"]
    return session.all(
        QUERIES["shadow_documents"],
        ShadowDocument,
        connection_no=connection_no,
        since=since,
        until=until,
        **columns,
    )


def shadow_since(session: Session, connection_no: int) -> ShadowSince:
    """Return since when a connection is compared with."""
    return session.one(
        QUERIES["shadow_since"], ShadowSince, connection_no=connection_no
    )


def receipts(session: Session, connection_no: int) -> set[tuple[DocumentKind, str]]:
    """Return kind and id of every document that Hourline booked at a connection."""
    rows = session.tuples(QUERIES["receipts"], connection_no=connection_no)
    return {(DocumentKind(kind), external_id) for kind, external_id in rows}


def hold_modes(session: Session) -> None:
    """Let no route begin to compare until this transaction has planned."""
    session.run(QUERIES["hold_modes"])


def change_modes(session: Session) -> None:
    """Wait until everything is planned that follows the routes as they were.

    What is planned later sees them as this transaction leaves them.
    """
    session.run(QUERIES["change_modes"])


def follow_modes(session: Session, routes: Sequence[Route]) -> list[int]:
    """Set aside what waits to be sent where a route now compares, and the reverse.

    Returns the intents set aside. What may already be at the target is followed to its
    end, whatever its route says now.
    """
    ready = IntentState.READY
    shadowed = IntentState.SHADOWED
    session.run(
        QUERIES["ready_posted"], ready=ready, shadowed=shadowed, **_columns(routes)
    )
    comparing = [route for route in routes if route.compares]
    if not comparing:
        return []
    columns = _columns(comparing)
    del columns["compares"]
    rows = session.tuples(
        QUERIES["shadow_compared"],
        shadowed=shadowed,
        free=[int(state) for state in _FREE],
        **columns,
    )
    return [intent_no for (intent_no,) in rows]


def _columns(routes: Sequence[Route]) -> dict[str, list[object]]:
    return {
        "kinds": [int(route.kind) for route in routes],
        "connection_nos": [route.connection_no for route in routes],
        "compares": [route.compares for route in routes],
        **columns_of([route.scope for route in routes], "route"),
    }
