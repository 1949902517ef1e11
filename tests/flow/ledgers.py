"""Connect the books of a firm to the sandbox's ERPs, and look at what they hold."""

from collections import Counter
from collections.abc import Callable

from hourline import flow
from hourline.connectors.sandbox.admin import Sandbox
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.documents import (
    InvoiceDocument,
    JournalDocument,
    decode_document,
)
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.target import TargetPort
from hourline.flow.rulings import Ruled
from hourline.flow.workers import DEMO_TIMING
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.master.store import connections, set_connection
from hourline.posting.model import Summary
from hourline.posting.service import Verdict
from tests.flow.house import House

_INTENTS = Query(
    "intents",
    "Every intent: its system, kind, state, number and document.",
    "SELECT c.name, p.kind, p.state, p.intent_no, p.payload"
    " FROM hourline.posting_intent p"
    " JOIN hourline.connection c USING (tenant, connection_no) ORDER BY p.intent_no",
)


def connect(house: House, name: str = "books", vendor: str = "atlas") -> None:
    """Set up a connection to one of the sandbox's ERPs."""
    with house.database.tenant(house.tenant) as session:
        set_connection(session, name=name, connector=f"sandbox_{vendor}")


def route(document: str = "journal", to: str = "books", **fields: str) -> MasterChange:
    """Give a route named after all it says."""
    name = "-".join((document, to, *fields.values()))
    told = {"document": document, "connection": to, **fields}
    return MasterChange("target_route", name, fields=told)


def plan(house: House) -> int:
    """Gather and plan, and send nothing."""
    return flow.plan_postings(house.database, house.tenant)


def post(house: House) -> Summary:
    """Book what is due at a system that confirms."""
    port = house.receiver.port()
    return flow.post_due(house.database, house.tenant, lambda _no: port)


def post_to(house: House, sandbox: Sandbox) -> Summary:
    """Book what is due at the ERP that each connection's connector is for."""
    return flow.post_due(
        house.database, house.tenant, ports(house, sandbox), timing=DEMO_TIMING
    )


def ports(house: House, sandbox: Sandbox) -> Callable[[int], TargetPort]:
    """Give the way to each connection's server."""
    with house.database.tenant(house.tenant) as session:
        names = {one.connection_no: one.connector for one in connections(session)}

    def port(connection_no: int) -> TargetPort:
        name = names[connection_no]
        place = sandbox.servers[name.removeprefix("sandbox_")]
        return TargetPort(
            targets=connector(name).targets, address=place.url, send=place.egress().send
        )

    return port


def states(house: House) -> Counter[tuple[str, str, str]]:
    """Count the intents by system, kind and state."""
    return Counter((name, kind, state) for name, kind, state, _, _ in _rows(house))


def numbers(house: House, state: str) -> list[int]:
    """Give the numbers of the intents in a state."""
    return [number for _, _, found, number, _ in _rows(house) if found == state]


def journals(house: House, name: str = "books") -> list[tuple[str, str]]:
    """Give description and total of the journals planned at a system."""
    found = [
        decode_document(payload)
        for system, *_, payload in _rows(house)
        if system == name
    ]
    return [
        (one.description, one.total)
        for one in found
        if isinstance(one, JournalDocument)
    ]


def invoices(house: House, name: str = "books") -> list[InvoiceDocument]:
    """Give the invoices and credit notes planned at a system."""
    found = [
        decode_document(payload)
        for system, *_, payload in _rows(house)
        if system == name
    ]
    return [one for one in found if isinstance(one, InvoiceDocument)]


def cancel(house: House, intent_no: int) -> None:
    """Let two people decide that a document shall not be booked."""
    ruled = Ruled(intent_no, Verdict.CANCEL, None)
    number = flow.propose_ruling(
        house.database, house.tenant, ruled, actor="kim", reason="booked by hand"
    )
    [proposal] = flow.ruling_proposals(house.database, house.tenant)
    flow.approve_ruling(
        house.database,
        house.tenant,
        number,
        approver="lee",
        shown_hash=proposal.content_hash,
    )


def _rows(house: House) -> list[tuple[str, str, str, int, str]]:
    with house.database.tenant(house.tenant) as session:
        return [
            (name, DocumentKind(kind).name, IntentState(state).name, number, payload)
            for name, kind, state, number, payload in session.tuples(_INTENTS)
        ]
