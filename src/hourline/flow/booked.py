"""Read the books of a system, and give both sides of a comparison from what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from hourline.connectors.sdk.booked import BookedPort, BookedSpan
from hourline.connectors.sdk.documents import decode_document
from hourline.connectors.sdk.patience import Patience, fetch_patiently
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.source import NotRead
from hourline.exceptions import store as exceptions
from hourline.flow.connections import Connections
from hourline.flow.sources import NOT_SET_UP, stream_subject
from hourline.infra.database import Database, Session
from hourline.kernel.booked import BookedDocument
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master import store as master
from hourline.master.snapshot import Snapshot
from hourline.posting import shadow as kept
from hourline.posting.assembling import Route
from hourline.proof import shadow as proof
from hourline.proof.model import BooksSeen, Compared, Result, Tolerance
from hourline.proof.rules.compare_books import compare_books

Days = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """Hold one connection that documents are compared with, and its routes."""

    connection_no: int
    name: str
    connector: str
    routes: tuple[Route, ...]

    @property
    def kinds(self) -> list[DocumentKind]:
        """Return the kinds of document that are compared."""
        return sorted({route.kind for route in self.routes})

    def shows(self, kind: DocumentKind) -> bool:
        """Say whether the connector can read the system's books of a kind."""
        return kind in connector(self.connector).booked

    def covers(self, document: BookedDocument, snapshot: Snapshot) -> bool:
        """Say whether a route compares documents such as one in the system's books."""
        return any(
            route.kind is document.kind
            and route.scope.effective_from
            <= document.booked_on
            < route.scope.effective_until
            and route.scope.entity_no in {None, _number(snapshot, document.entity)}
            for route in self.routes
        )


def read_books(
    database: Database,
    tenant: int,
    connections: Connections,
    shadowed: Shadowed,
    *,
    kind: DocumentKind,
    days: Days,
    at: datetime,
    patience: Patience,
) -> Problem | None:
    """Read the books of a kind to their end and keep them; else say why not.

    What was read before stays, and the problem waits in its queue until the next
    reading.
    """
    try:
        port = connections.reach(tenant, shadowed.connection_no).booked()[kind]
        read = _pages(port, BookedSpan(*days), patience)
    except NOT_SET_UP as fault:
        read = NotRead(str(fault).rstrip("."))
    subject = stream_subject(
        shadowed.connection_no, f"booked {kind.name.lower().replace('_', ' ')}"
    )
    with database.tenant(tenant) as session:
        if isinstance(read, NotRead):
            problem = _unread(shadowed, kind, read)
            exceptions.open_items(session, [(subject, problem)], at=at)
            return problem
        exceptions.resolve_subject(session, subject, resolution="read again", at=at)
        books = proof.ReadBooks(
            connection_no=shadowed.connection_no,
            kind=kind,
            since=days[0],
            until=days[1],
            read_at=at,
            documents=read,
        )
        proof.keep_reading(session, books)
    return None


def seen_books(
    session: Session,
    shadowed: Shadowed,
    kind: DocumentKind,
    *,
    days: Days,
    margin: timedelta,
) -> BooksSeen:
    """Return which days of a kind can be compared by what was read of its books."""
    since, until = days
    routes = [route for route in shadowed.routes if route.kind is kind]
    ours = kept.shadow_documents(session, shadowed.connection_no, routes, since, until)
    seen = BooksSeen(kind=kind, shown=shadowed.shows(kind), ours=len(ours))
    reading = proof.best_reading(
        session, shadowed.connection_no, kind, since - margin, until + margin
    )
    if reading is None or not seen.shown:
        return seen
    if reading.since > since - margin:
        since = max(since, reading.since + margin)
    if reading.until < until + margin:
        until = min(until, reading.until - margin)
    if since >= until:
        return seen
    return replace(seen, read_at=reading.read_at, since=since, until=until)


def compare_seen(
    session: Session,
    snapshot: Snapshot,
    shadowed: Shadowed,
    *,
    seen: BooksSeen,
    tolerance: Tolerance,
) -> list[Compared]:
    """Compare what would be sent of a kind with the books as they were read last.

    Documents just outside the days are partners for those inside; standing alone, they
    are somebody else's.
    """
    assert seen.since is not None  # noqa: S101 - only books that were read are compared
    assert seen.until is not None  # noqa: S101 - as above
    margin = timedelta(days=tolerance.days)
    around = (seen.since - margin, seen.until + margin)
    compared = compare_books(
        _ours(session, shadowed, seen.kind, around),
        _theirs(session, snapshot, shadowed, kind=seen.kind, days=around),
        tolerance,
    )
    return [
        found
        for found in compared
        if seen.since <= found.home.booked_on < seen.until
        and (
            found.result is not Result.ONLY_THEIRS
            or shadowed.covers(found.home, snapshot)
        )
    ]


def _ours(
    session: Session, shadowed: Shadowed, kind: DocumentKind, days: Days
) -> list[BookedDocument]:
    """Return what would be sent as the system would show it, with our key a name."""
    stream = connector(shadowed.connector).booked[kind]
    routes = [route for route in shadowed.routes if route.kind is kind]
    found = kept.shadow_documents(session, shadowed.connection_no, routes, *days)
    shown = [(one.key, stream.expected(decode_document(one.payload))) for one in found]
    return [
        replace(document, references=(*document.references, key))
        for key, document in shown
    ]


def _theirs(
    session: Session,
    snapshot: Snapshot,
    shadowed: Shadowed,
    *,
    kind: DocumentKind,
    days: Days,
) -> list[BookedDocument]:
    """Return the books as read last, by our ids, less what Hourline booked itself."""
    reading = proof.best_reading(session, shadowed.connection_no, kind, *days)
    if reading is None:
        return []
    own = kept.receipts(session, shadowed.connection_no)
    names = _Names(session, snapshot, shadowed.connection_no, {})
    return [
        replace(
            document,
            entity=names.canonical("legal_entity", document.entity) or document.entity,
            party=None
            if document.party is None
            else names.canonical("customer", document.party),
        )
        for document in proof.booked_documents(session, reading)
        if days[0] <= document.booked_on < days[1]
        and (document.kind, document.external_id) not in own
    ]


@dataclass(frozen=True, slots=True)
class _Names:
    """Translate a system's ids to ours; None where nobody said which record it is."""

    session: Session
    snapshot: Snapshot
    connection_no: int
    known: dict[tuple[str, str], str | None]

    def canonical(self, kind: str, source_id: str) -> str | None:
        place = (kind, source_id)
        if place not in self.known:
            number = master.find_reference(
                self.session, self.connection_no, kind, source_id
            )
            records = self.snapshot.catalogue.of_kind(kind)
            dense = None if number is None else records.dense_of_no.get(number)
            self.known[place] = None if dense is None else records.ids[dense]
        return self.known[place]


def _number(snapshot: Snapshot, entity: str) -> int | None:
    return snapshot.number("legal_entity", entity)


def _pages(
    port: BookedPort, span: BookedSpan, patience: Patience
) -> Sequence[BookedDocument] | NotRead:
    """Return every document of the span; half a book would show what is not so."""
    documents: list[BookedDocument] = []
    passed: set[str] = set()
    cursor: str | None = ""
    while cursor is not None:
        if cursor in passed:
            return NotRead("its pages lead back to one another")
        passed.add(cursor)
        page = fetch_patiently(partial(port.fetch_page, cursor, span), patience)
        if isinstance(page, NotRead):
            return page
        documents += page.documents
        cursor = page.next_cursor
    return documents


def _unread(shadowed: Shadowed, kind: DocumentKind, why: NotRead) -> Problem:
    books = f"booked {kind.name.lower().replace('_', ' ')}s of {shadowed.name}"
    return Problem(
        ProblemCode.SOURCE_UNREACHABLE,
        f"The {books} could not be read: {why.reason}.",
        "Check that the system is up and the connection's credentials are valid; the"
        " next report reads them again.",
        {"connection": shadowed.name},
    )
