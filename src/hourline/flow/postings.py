"""Plan the documents that receiving systems shall have, and carry out what is due."""

from collections.abc import Callable, Sequence

from hourline.connectors.sdk.documents import (
    Document,
    InvoiceDocument,
    JournalDocument,
)
from hourline.connectors.sdk.target import TargetPort
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.documents import document_for
from hourline.flow.transactions import in_one_transaction, now, number_of, snapshot_of
from hourline.infra.database import Database, Session
from hourline.infra.jobs import enqueue
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger import service as ledger
from hourline.master import store as master
from hourline.master.model import TargetRoute
from hourline.master.snapshot import Snapshot
from hourline.posting import assembling, shadow
from hourline.posting import service as posting
from hourline.posting.assembling import Route
from hourline.posting.model import Settled, Summary


def plan_postings(database: Database, tenant: int) -> int:
    """Gather new journal lines into journals and plan every document not planned yet.

    Journals are summarised per call: what comes later opens the next sequence of its
    day. Returns how many intents are new; running it again plans nothing twice.
    """

    def work(session: Session) -> int:
        ledger.assemble_journals(session)
        planned = _plan(session)
        if planned:
            enqueue(session, "posting", tenant)
        return planned

    return in_one_transaction(database, tenant, work)


def post_due(
    database: Database,
    tenant: int,
    port_of_connection: Callable[[int], TargetPort],
    *,
    timing: posting.Timing | None = None,
    limit: int = 10_000,
) -> Summary:
    """Carry out what is due now; what needs a person is queued.

    Invoices, credit notes and write-backs not planned yet are planned first; journals
    are planned by `plan_postings` alone, so that they stay summarised.
    """
    in_one_transaction(database, tenant, _plan)
    return posting.run_due(
        database,
        tenant,
        port_of_connection,
        timing=timing,
        limit=limit,
        on_settled=_queue_settled,
    )


def _queue_settled(session: Session, settled: Settled) -> None:
    subject = Subject("intent", str(settled.intent_no))
    if settled.problem is None:
        exceptions.resolve_subject(
            session, subject, resolution="booked after all", at=now()
        )
    else:
        exceptions.open_items(session, [(subject, settled.problem)], at=now())


def _plan(session: Session) -> int:
    shadow.hold_modes(session)
    snapshot = snapshot_of(session)
    routes, lost = routes_of(session, snapshot)
    follow_modes(session, routes)
    for kind, entity_no, documents, first_day in assembling.unrouted_documents(
        session, routes
    ):
        document, entity = kind.name.lower(), snapshot.entity(entity_no).id
        found = f"{documents} of {entity}, the first of {first_day}"
        lost.append(
            (Subject("route", f"{document} of {entity}"), _no_route(document, found))
        )
    _queue_lost(session, lost)
    return sum(_plan_route(session, snapshot, route) for route in routes)


def _plan_route(session: Session, snapshot: Snapshot, route: Route) -> int:
    if route.compares:
        keep_compared(session, snapshot, route)
        return 0
    if route.kind is DocumentKind.WRITE_BACK:
        return _plan_write_backs(session, route)
    return _plan_documents(session, snapshot, route)


def follow_modes(session: Session, routes: Sequence[Route]) -> None:
    """Let what waits to be sent follow its route, where that now only compares."""
    for intent_no in shadow.follow_modes(session, routes):
        exceptions.resolve_subject(
            session,
            Subject("intent", str(intent_no)),
            resolution="its route only compares now",
            at=now(),
        )


def keep_compared(
    session: Session, snapshot: Snapshot, route: Route, *, again: bool = False
) -> None:
    """Keep what would be sent along a route that compares; `again`: as of now."""
    for number in shadow.compared_documents(session, route, again=again):
        if route.kind is DocumentKind.WRITE_BACK:
            document: Document | None = assembling.write_back_document(
                session, number, route.connection_no
            )
        else:
            document = _assembled(session, snapshot, route, number)
        if document is None:
            continue
        kept = shadow.keep_document(
            session,
            connection_no=route.connection_no,
            document_no=number,
            document=document,
        )
        if kept:
            _note_assembled(session, route.kind, number, "kept after all")


def routes_of(
    session: Session, snapshot: Snapshot
) -> tuple[list[Route], list[tuple[Subject, Problem]]]:
    """Return the routes that lead to a connection, and the problem of each other."""
    numbers = {item.name: item.connection_no for item in master.connections(session)}
    routes, lost = [], []
    for span in snapshot.catalogue.routes.spans:
        connection_no = numbers.get(span.content.connection)
        if connection_no is None:
            subject = Subject("route", span.content.connection)
            lost.append((subject, _no_connection(span.content)))
            continue
        entity = span.content.entity
        routes.append(
            Route(
                kind=DocumentKind[span.content.document.upper()],
                connection_no=connection_no,
                entity_no=None
                if entity is None
                else number_of(snapshot, "legal_entity", entity),
                effective_from=span.effective_from,
                effective_until=span.effective_until,
                compares=span.content.mode == "compare",
            )
        )
    return assembling.beside_compared(routes), lost


def _queue_lost(session: Session, lost: Sequence[tuple[Subject, Problem]]) -> None:
    """Queue what leads nowhere, and close the items of what does again."""
    open_still = {subject.key for subject, _ in lost}
    for item in exceptions.list_items(session, code=ProblemCode.ROUTE_NOT_FOUND):
        if item.subject_key not in open_still:
            exceptions.resolve_item(
                session, item.item_no, resolution="routed", at=now()
            )
    exceptions.open_items(session, lost, at=now())


def _no_connection(route: TargetRoute) -> Problem:
    return Problem(
        ProblemCode.ROUTE_NOT_FOUND,
        f"Documents of kind {route.document} are routed to {route.connection}, which is"
        " no connection.",
        "Set up the connection, or change the route.",
        {"connection": route.connection},
    )


def _no_route(document: str, found: str) -> Problem:
    return Problem(
        ProblemCode.ROUTE_NOT_FOUND,
        f"No route says which system gets documents of kind {document}: {found}.",
        f"Add a target route for {document}; what waits is then sent by itself.",
        {"document": document},
    )


def _plan_documents(session: Session, snapshot: Snapshot, route: Route) -> int:
    planned = 0
    for number in assembling.unplanned_documents(session, route):
        document = _assembled(session, snapshot, route, number)
        if document is None:
            continue
        posting.plan_intent(
            session,
            connection_no=route.connection_no,
            document_no=number,
            document=document,
        )
        _note_assembled(session, route.kind, number, "planned after all")
        planned += 1
    return planned


def _assembled(
    session: Session, snapshot: Snapshot, route: Route, number: int
) -> InvoiceDocument | JournalDocument | None:
    """Return a document as it is sent, or None: what it lacks is in a queue then."""
    document = document_for(session, snapshot, route, number)
    if isinstance(document, Problem):
        subject = _document_subject(route.kind, number)
        exceptions.open_items(session, [(subject, document)], at=now())
        return None
    return document


def _note_assembled(
    session: Session, kind: DocumentKind, number: int, resolution: str
) -> None:
    subject = _document_subject(kind, number)
    exceptions.resolve_subject(session, subject, resolution=resolution, at=now())


def _document_subject(kind: DocumentKind, number: int) -> Subject:
    return Subject("document", f"{kind.name.lower()} {number}")


def _plan_write_backs(session: Session, route: Route) -> int:
    untold = assembling.untold_documents(
        session, [route.connection_no], compared=route.compared
    )
    for document_no, source_no in untold:
        posting.plan_intent(
            session,
            connection_no=source_no,
            document_no=document_no,
            document=assembling.write_back_document(session, document_no, source_no),
        )
    return len(untold)
