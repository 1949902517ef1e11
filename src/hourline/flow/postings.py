"""Plan the documents that receiving systems shall have, and carry out what is due."""

from collections.abc import Callable, Sequence

from hourline.connectors.sdk.documents import (
    InvoiceDocument,
    JournalDocument,
    LedgerLine,
)
from hourline.connectors.sdk.target import TargetPort
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.transactions import in_one_transaction, now, queued, snapshot_of
from hourline.infra.database import Database, Session
from hourline.infra.jobs import enqueue
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger import service as ledger
from hourline.ledger.model import DocumentLine
from hourline.ledger.model import JournalDocument as LedgerJournal
from hourline.master import store as master
from hourline.master.model import TargetRoute
from hourline.master.snapshot import Snapshot
from hourline.posting import assembling
from hourline.posting import service as posting
from hourline.posting.model import Settled, Summary

_BOOKED = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.JOURNAL)


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
    snapshot = snapshot_of(session)
    numbers = {item.name: item.connection_no for item in master.connections(session)}
    planned = 0
    for route in _routes(snapshot):
        kind = DocumentKind[route.document.upper()]
        connection_no = numbers.get(route.connection)
        if connection_no is None:
            queued(session, _no_connection(route), kind="route", key=route.connection)
        elif kind is DocumentKind.WRITE_BACK:
            planned += _plan_write_backs(session, connection_no)
        else:
            entity_no = route.entity and snapshot.number("legal_entity", route.entity)
            planned += _plan_documents(
                session, snapshot, kind, (connection_no, entity_no or None)
            )
    return planned


def _routes(snapshot: Snapshot) -> list[TargetRoute]:
    return [
        span.content
        for span in snapshot.catalogue.of_kind("target_route").spans
        if isinstance(span.content, TargetRoute)
    ]


def _no_connection(route: TargetRoute) -> Problem:
    return Problem(
        ProblemCode.ROUTE_NOT_FOUND,
        f"Documents of kind {route.document} are routed to {route.connection}, which is"
        " no connection.",
        "Set up the connection, or change the route.",
        {"connection": route.connection},
    )


def _plan_documents(
    session: Session,
    snapshot: Snapshot,
    kind: DocumentKind,
    place: tuple[int, int | None],
) -> int:
    connection_no, entity_no = place
    planned = 0
    for number in assembling.unplanned_documents(
        session, kind=kind, connection_no=connection_no, entity_no=entity_no
    ):
        document = _document(session, snapshot, kind, number)
        subject = Subject("document", f"{kind.name.lower()} {number}")
        if isinstance(document, Problem):
            exceptions.open_items(session, [(subject, document)], at=now())
            continue
        posting.plan_intent(
            session,
            connection_no=connection_no,
            document_no=number,
            document=document,
        )
        exceptions.resolve_subject(
            session, subject, resolution="planned after all", at=now()
        )
        planned += 1
    return planned


def _document(
    session: Session, snapshot: Snapshot, kind: DocumentKind, number: int
) -> InvoiceDocument | JournalDocument | Problem:
    if kind is DocumentKind.JOURNAL:
        journal = ledger.journal_document(session, snapshot, number)
        if isinstance(journal, Problem):
            return journal
        return _journal_document(snapshot, journal)
    lines = ledger.document_lines(session, snapshot, number, kind=kind)
    if isinstance(lines, Problem):
        return lines
    currency = assembling.entity_currency(session, number)
    return assembling.invoice_document(session, number, _ledger_lines(lines, currency))


def _journal_document(snapshot: Snapshot, journal: LedgerJournal) -> JournalDocument:
    entity = snapshot.entity(journal.entity_no)
    effect = journal.effect.name.lower().replace("_", " ")
    return JournalDocument(
        number=f"{entity.id}-J{journal.journal_no}",
        entity=entity.id,
        currency=currency_numbered(entity.currency).code,
        accounting_date=journal.accounting_date,
        description=f"{effect} {journal.accounting_date}, part {journal.sequence}",
        total=_major(journal.total, entity.currency),
        lines=_ledger_lines(journal.lines, entity.currency),
    )


def _ledger_lines(
    lines: Sequence[DocumentLine], currency: int
) -> tuple[LedgerLine, ...]:
    return tuple(
        LedgerLine(
            account=line.account,
            debit=_major(line.debit, currency),
            credit=_major(line.credit, currency),
            dimensions={
                name: value
                for name, value in (
                    ("service_line", line.dimensions.service_line),
                    ("cost_centre", line.dimensions.cost_centre),
                )
                if value is not None
            },
        )
        for line in lines
    )


def _major(minor: int, currency: int) -> str:
    return f"{major_units(minor, currency_numbered(currency)):f}"


def _plan_write_backs(session: Session, connection_no: int) -> int:
    untold = assembling.untold_documents(session, [connection_no])
    for document_no, source_no in untold:
        posting.plan_intent(
            session,
            connection_no=source_no,
            document_no=document_no,
            document=assembling.write_back_document(session, document_no, source_no),
        )
    return len(untold)
