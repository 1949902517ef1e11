"""Plan and post documents of one tenant at the sandbox, and read both sides' books."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from hourline.connectors.sandbox.admin import Sandbox, read_books
from hourline.connectors.sdk.documents import (
    BilledLine,
    Document,
    InvoiceDocument,
    JournalDocument,
    LedgerLine,
)
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.target import TargetPort
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.posting.model import Summary
from hourline.posting.rules.capability import Timing
from hourline.posting.service import due_soon, plan_intent, run_due

QUERIES = load_queries("tests.posting")
BILLING, ATLAS, BOREALIS, PSA = 1, 2, 3, 4
SERVER_OF = {BILLING: "billing", ATLAS: "atlas", BOREALIS: "borealis", PSA: "psa"}
TIMING = Timing(
    lease_seconds=4,
    margin_seconds=1,
    lifetime_seconds=2,
    first_check_seconds=0,
    check_seconds=(0,) * 30,
    retry_seconds=(0, 1),
)
_UNDER_WAY = {
    IntentState.READY,
    IntentState.CALLING,
    IntentState.AMBIGUOUS,
    IntentState.PROBING,
}


@dataclass(frozen=True, slots=True)
class SeenIntent:
    """Hold what the tests look at of one intent."""

    intent_no: int
    connection_no: int
    document_no: int
    state: int
    epoch: int
    unresolved: int
    attempts: int
    probes: int
    generation: int
    key: str
    draft_id: str | None
    external_id: str | None
    external_number: str | None
    sweeping: bool

    @property
    def state_name(self) -> str:
        return IntentState(self.state).name


@dataclass
class Desk:
    """Work as one tenant with a running sandbox."""

    database: Database
    tenant: int
    sandbox: Sandbox

    def connect(self) -> None:
        with self.database.tenant(self.tenant) as session:
            for number, name in SERVER_OF.items():
                session.run(
                    QUERIES["connect"],
                    connection_no=number,
                    name=name,
                    connector=f"sandbox_{name}",
                )

    def port(self, connection_no: int) -> TargetPort:
        name = SERVER_OF[connection_no]
        place = self.sandbox.servers[name]
        return TargetPort(
            targets=connector(f"sandbox_{name}").targets,
            address=place.url,
            send=place.egress().send,
        )

    def plan(self, connection_no: int, document_no: int, document: Document) -> int:
        with self.database.tenant(self.tenant) as session:
            planned = plan_intent(
                session,
                connection_no=connection_no,
                document_no=document_no,
                document=document,
            )
        return planned.intent_no

    def run(self, *, timing: Timing = TIMING, limit: int = 10_000) -> Summary:
        return run_due(
            self.database, self.tenant, self.port, timing=timing, limit=limit
        )

    def run_until_settled(
        self, *, timing: Timing = TIMING, seconds_max: int = 40
    ) -> list[Summary]:
        """Run again and again until nothing is due any more."""
        give_up_at = time.monotonic() + seconds_max
        summaries = []
        while (seconds := self.due_soon()) is not None:
            assert time.monotonic() < give_up_at, self.intents()
            time.sleep(min(seconds, 1) / 2)
            summaries.append(self.run(timing=timing))
        return summaries

    def run_until_rested(self, *, timing: Timing = TIMING) -> None:
        """Run until no intent is under way; drafts may still wait to be swept."""
        give_up_at = time.monotonic() + 40
        while any(intent.state in _UNDER_WAY for intent in self.intents()):
            assert time.monotonic() < give_up_at, self.intents()
            time.sleep(self.run(timing=timing).pause_seconds or 0.02)

    def due_soon(self) -> int | None:
        with self.database.tenant(self.tenant) as session:
            return due_soon(session)

    def intents(self) -> list[SeenIntent]:
        with self.database.tenant(self.tenant) as session:
            return session.all(QUERIES["intents"], SeenIntent)

    def states(self) -> dict[str, int]:
        return dict(Counter(intent.state_name for intent in self.intents()))

    def outcomes(self, intent_no: int) -> list[tuple[Any, ...]]:
        with self.database.tenant(self.tenant) as session:
            return session.tuples(QUERIES["outcomes"], intent_no=intent_no)

    def attempts(self, intent_no: int) -> list[tuple[Any, ...]]:
        with self.database.tenant(self.tenant) as session:
            return session.tuples(QUERIES["attempts"], intent_no=intent_no)

    def booked(self, connection_no: int) -> Counter[str]:
        """Count the live documents at a target under each of this tenant's keys."""
        ours = {intent.key for intent in self.intents()}
        live = [
            document
            for document in read_books(self.sandbox.servers[SERVER_OF[connection_no]])
            if document.get("status") != "draft"
        ]
        marks = [
            document.get("external_reference")
            or document.get("external_id")
            or document.get("marker")
            for document in live
        ]
        return Counter(mark for mark in marks if mark in ours)

    def drafts(self) -> int:
        """Count the drafts left at Borealis under this tenant's keys."""
        ours = {intent.key for intent in self.intents()}
        books = read_books(self.sandbox.servers["borealis"])
        return sum(d["status"] == "draft" and d["marker"] in ours for d in books)


def journal(
    number: int = 1, *, entity: str = "US1", **changes: object
) -> JournalDocument:
    """Return a balanced journal; every default is accepted by the sandbox."""
    currency, suffix = {"US1": ("USD", ""), "GB1": ("GBP", "0"), "DE1": ("EUR", "00")}[
        entity
    ]
    document = JournalDocument(
        number=f"{entity}-J-{number}",
        entity=entity,
        currency=currency,
        accounting_date=date(2026, 10, 31),
        description="Work in progress",
        total="1600.00",
        lines=(
            LedgerLine(
                account=f"1400{suffix}",
                debit="1600.00",
                credit="0",
                dimensions={"service_line": "SL-ENG"},
            ),
            LedgerLine(account=f"4100{suffix}", debit="0", credit="1600.00"),
        ),
    )
    return msgspec.structs.replace(document, **changes)


def invoice(number: int = 1, /, **changes: object) -> InvoiceDocument:
    """Return an invoice of one line; every default is accepted by the sandbox."""
    document = InvoiceDocument(
        kind=DocumentKind.INVOICE,
        number=f"US1-{number:06d}",
        entity="US1",
        customer="0015A00002K001QAE",
        currency="USD",
        invoice_date=date(2026, 10, 31),
        accounting_date=date(2026, 10, 31),
        due_date=date(2026, 11, 30),
        net="1600.00",
        tax="0.00",
        total="1600.00",
        lines=(
            BilledLine(
                description="Design review",
                quantity="8",
                unit_price="200",
                net="1600.00",
                tax="0.00",
                tax_rate="0",
                source="te-1",
            ),
        ),
        ledger_lines=(
            LedgerLine(account="1200", debit="1600.00", credit="0"),
            LedgerLine(account="4000", debit="0", credit="1600.00"),
        ),
    )
    return msgspec.structs.replace(document, **changes)
