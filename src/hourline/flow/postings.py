"""Plan the documents that receiving systems shall have, and carry out what is due."""

from collections.abc import Callable, Sequence
from functools import partial

from hourline.connectors.sdk.documents import (
    Document,
    InvoiceDocument,
    JournalDocument,
)
from hourline.connectors.sdk.target import TargetPort
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow import groups
from hourline.flow.documents import Wanted, document_for
from hourline.flow.groups import identity_of
from hourline.flow.transactions import in_one_transaction, now, snapshot_of
from hourline.infra.database import Database, Session
from hourline.infra.jobs import enqueue
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger import service as ledger
from hourline.ledger.model import Gathering, Grain
from hourline.master import store as master
from hourline.master.model import TargetRoute
from hourline.master.snapshot import RouteInForce, Snapshot, routes_in_force
from hourline.posting import assembling, shadow
from hourline.posting import service as posting
from hourline.posting.assembling import Route
from hourline.posting.model import Settled, Summary

_OF_JOURNALS = "journal of "


def plan_postings(database: Database, tenant: int) -> int:
    """Gather new journal lines into journals and plan every document not planned yet.

    Journals are gathered per call, for each ledger in the detail its routes say: what
    comes later opens the next sequence of its day or month. Returns how many intents
    are new; running it again plans nothing twice.
    """

    def work(session: Session) -> int:
        planned = _plan(session, gather=True)
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
    are gathered and groups are formed by `plan_postings` alone, so that summaries and
    groups stay whole. A group that was held goes on once nothing stops it any more, and
    its drafts are posted once all of them exist.
    """
    in_one_transaction(database, tenant, partial(_plan, gather=False))
    run = partial(
        posting.run_due,
        database,
        tenant,
        port_of_connection,
        timing=timing,
        limit=limit,
        on_settled=_queue_settled,
    )
    summary = run()
    while in_one_transaction(database, tenant, groups.follow):
        summary += run()
    return summary


def _queue_settled(session: Session, settled: Settled) -> None:
    subject = Subject("intent", str(settled.intent_no))
    if settled.problem is None:
        exceptions.resolve_subject(
            session, subject, resolution="booked after all", at=now()
        )
    else:
        exceptions.open_items(session, [(subject, settled.problem)], at=now())


def _plan(session: Session, *, gather: bool) -> int:
    shadow.hold_modes(session)
    snapshot = snapshot_of(session)
    routes, lost = routes_of(session, snapshot)
    follow_modes(session, routes)
    if gather:
        gather_journals(session, routes)
    for kind, entity_no, documents, first_day in assembling.unrouted_documents(
        session, routes, lines=gather
    ):
        document, entity = kind.name.lower(), snapshot.entity(entity_no).id
        found = f"{documents} of {entity}, the first of {first_day}"
        lost.append(
            (Subject("route", f"{document} of {entity}"), _no_route(document, found))
        )
    _queue_lost(session, lost, of_lines=gather)
    grouped = [route for route in routes if route.group and not route.compares]
    groups.dissolve(session, grouped)
    planned = sum(
        _plan_route(session, snapshot, route)
        for route in routes
        if route.compares or route.group is None
    )
    if gather:
        groups.form(session, grouped)
    return planned + groups.release(session, snapshot)


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
            identity=identity_of(session, route.kind, number),
        )
        if kept:
            _note_assembled(session, route.kind, number, "kept after all")


def routes_of(
    session: Session, snapshot: Snapshot
) -> tuple[list[Route], list[tuple[Subject, Problem]]]:
    """Return the routes that lead to a connection, and the problem of each other."""
    numbers = {item.name: item.connection_no for item in master.connections(session)}
    routes, lost = [], []
    for found in routes_in_force(snapshot.catalogue):
        connection_no = numbers.get(found.content.connection)
        if connection_no is None:
            subject = Subject("route", found.content.connection)
            lost.append((subject, _no_connection(found.content)))
        else:
            routes.append(_route(found, connection_no))
    return assembling.beside_compared(routes), lost


def _route(found: RouteInForce, connection_no: int) -> Route:
    kind = DocumentKind[found.content.document.upper()]
    usual = "summary" if kind is DocumentKind.JOURNAL else "detailed"
    return Route(
        kind=kind,
        connection_no=connection_no,
        scope=found.scope,
        yields_to=found.yields_to,
        detailed=(found.content.detail or usual) == "detailed",
        monthly=found.content.every == "month",
        group=found.content.group,
        compares=found.content.mode == "compare",
    )


def gather_journals(session: Session, routes: Sequence[Route]) -> None:
    """Gather new lines into the journals of every ledger that a route leads to."""
    gatherings = [_gathering(one) for one in routes if one.kind is DocumentKind.JOURNAL]
    ledger.assemble_journals(session, gatherings)


def _gathering(route: Route) -> Gathering:
    summary = Grain.MONTH if route.monthly else Grain.DAY
    return Gathering(
        connection_no=route.connection_no,
        grain=Grain.CAUSE if route.detailed else summary,
        scope=route.scope,
        besides=route.yields_to,
    )


def _queue_lost(
    session: Session, lost: Sequence[tuple[Subject, Problem]], *, of_lines: bool
) -> None:
    """Queue what leads nowhere, and close the items of what does again.

    What is said of journal lines stays where they were not looked at.
    """
    open_still = {subject.key for subject, _ in lost}
    for item in exceptions.list_items(session, code=ProblemCode.ROUTE_NOT_FOUND):
        looked_at = of_lines or not item.subject_key.startswith(_OF_JOURNALS)
        if looked_at and item.subject_key not in open_still:
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
            identity=identity_of(session, route.kind, number),
            change_no=snapshot.change_no,
        )
        _note_assembled(session, route.kind, number, "planned after all")
        planned += 1
    return planned


def _assembled(
    session: Session, snapshot: Snapshot, route: Route, number: int
) -> InvoiceDocument | JournalDocument | None:
    """Return a document as it is sent, or None: what it lacks is in a queue then."""
    wanted = Wanted(route.connection_no, route.kind, number, detailed=route.detailed)
    document = document_for(session, snapshot, wanted)
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
