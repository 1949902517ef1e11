"""Found a small firm in a tenant and let its PSA deliver, as the flow's callers do.

The defaults fit together: `ann`, consultant of `US1`, works on project `P1`, which
bills by contract line `C1.1` of contract `C1` to `ADATUM`, 200 USD an hour; an hour of
hers costs 100. Every month is open, there is no tax table and nothing is routed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from hourline import flow
from hourline.billing.model import Issued
from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions.model import ExceptionItem
from hourline.exceptions.store import list_items
from hourline.flow.closing import (
    ClosingChange,
    Said,
    SetPeriod,
    approve_closing,
    change_closing,
)
from hourline.infra.approvals import open_proposals
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.intake.batch import batch_delivery
from hourline.intake.model import Received
from hourline.kernel.codes import Role
from hourline.ledger.service import balances
from hourline.master.service import Applied
from hourline.master.store import set_connection
from hourline.proof.differences import differences
from hourline.proof.entry_status import EntryStatus, entry_status
from hourline.proof.statement import Equation, state_books
from hourline.scenarios.receiving_system import ReceivingSystem

MARCH_END = date(2025, 3, 31)
HOUR = 3_600
_DELIVERIES = count(1)
_LIVE_PORTIONS = Query(
    "live_portions",
    "What the revisions in force are billed.",
    "SELECT count(*) FROM hourline.invoice_line WHERE entry_no IS NOT NULL",
)

ENTITY = MasterChange(
    "legal_entity", "US1", fields={"country": "US", "currency": "USD"}
)
CUSTOMER = MasterChange("customer", "ADATUM", fields={"country": "US"})
PERSON = MasterChange("person", "ann", fields={"entity": "US1", "role": "consultant"})
COST = MasterChange(
    "cost_rate", "ann-cost", fields={"person": "ann", "rate": Decimal(100)}
)
CONTRACT = MasterChange(
    "contract", "C1", fields={"customer": "ADATUM", "entity": "US1"}
)
LINE = MasterChange(
    "contract_line",
    "C1.1",
    fields={"contract": "C1", "method": "time_and_materials"},
)
PROJECT = MasterChange("project", "P1", fields={"contract_line": "C1.1"})
RATE = MasterChange(
    "bill_rate", "standard", fields={"currency": "USD", "rate": Decimal(200)}
)
MASTER = (ENTITY, CUSTOMER, PERSON, COST, CONTRACT, LINE, PROJECT, RATE)


@dataclass(frozen=True, slots=True)
class House:
    """Hold a firm whose PSA is the connection `psa`, and a system that books all."""

    database: Database
    tenant: int
    psa: int
    receiver: ReceivingSystem = field(default_factory=ReceivingSystem)

    def change(self, *changes: MasterChange) -> Applied:
        """Change master data as the PSA."""
        return flow.change_master(
            self.database, self.tenant, changes, connection_no=self.psa
        )

    def agree(self, change: ClosingChange) -> None:
        """Let one person ask for a month, lock or right, and another approve it."""
        asked = Said("Carla", "as agreed")
        number = change_closing(self.database, self.tenant, change, asked)
        if number is None:
            return
        with self.database.tenant(self.tenant) as session:
            proposed = {one.proposal_no: one for one in open_proposals(session)}
        approve_closing(
            self.database,
            self.tenant,
            number,
            approver="Dora",
            shown_hash=proposed[number].content_hash,
        )

    def reopen(self, period: str = "2025-03", *, entity: str = "US1") -> None:
        """Let two persons open a month of an entity's books."""
        self.agree(SetPeriod(entity=entity, period=period, state="open"))

    def deliver(self, *records: dict[str, object]) -> Received:
        """Deliver records in a batch of their own."""
        delivery, problems = batch_delivery(
            self.psa,
            json.dumps(records).encode(),
            received_at=datetime(2025, 4, 1, 8, tzinfo=UTC),
            delivery_id=f"batch-{next(_DELIVERIES)}",
        )
        assert not problems
        return flow.receive(self.database, self.tenant, delivery)

    def approve(self, **changes: object) -> Received:
        """Deliver one approved entry; see `approved`."""
        return self.deliver(approved(**changes))

    def recall(self, entry: str = "t1", *, revision: int = 1) -> Received:
        """Deliver the withdrawal of an approval."""
        return self.deliver({"id": entry, "revision": revision, "status": "recalled"})

    def bill(self, contract: str = "C1") -> Issued:
        """Bill what is open of a contract through March and dated its last day."""
        issued = flow.bill_contract(
            self.database,
            self.tenant,
            contract=contract,
            through=MARCH_END,
            invoice_date=MARCH_END,
        )
        assert isinstance(issued, Issued), issued
        return issued

    def bill_through(self, through: date) -> Issued:
        """Bill what is open of the contract through a day and dated that day."""
        issued = flow.bill_contract(
            self.database,
            self.tenant,
            contract="C1",
            through=through,
            invoice_date=through,
        )
        assert isinstance(issued, Issued), issued
        return issued

    def post(self) -> int:
        """Plan every document and book what is due at a system that confirms."""
        planned = flow.plan_postings(self.database, self.tenant)
        port = self.receiver.port()
        flow.post_due(self.database, self.tenant, lambda _connection_no: port)
        return planned

    def items(self, *, state: str = "open") -> list[ExceptionItem]:
        """Give the exception items of a state."""
        with self.database.tenant(self.tenant) as session:
            return list_items(session, state=state)

    def codes(self, *, state: str = "open") -> list[str]:
        """Give the codes of the items of a state, sorted."""
        return sorted(item.code for item in self.items(state=state))

    def status(self, entry: str = "t1") -> EntryStatus:
        """Give where an entry stands."""
        with self.database.tenant(self.tenant) as session:
            found = entry_status(session, connection="psa", source_id=entry)
        assert found is not None
        return found

    def state(self, entry: str = "t1") -> str:
        """Give the word for where an entry stands."""
        return self.status(entry).state.value

    def balances(self) -> dict[Role, int]:
        """Give what each role holds in cents, of the one entity; zeros left out."""
        with self.database.tenant(self.tenant) as session:
            found = balances(session)
        return {
            role: amount
            for roles in found.values()
            for role, amount in roles.items()
            if amount
        }

    def billed_lines(self) -> int:
        """Count the invoice and credit lines of entries."""
        with self.database.tenant(self.tenant) as session:
            return session.value(_LIVE_PORTIONS, int) or 0

    def unproven(self) -> list[object]:
        """Give every equation that does not hold and every difference."""
        with self.database.tenant(self.tenant) as session:
            broken: list[Equation] = [
                equation
                for equation in state_books(session).equations
                if not equation.holds
            ]
            return [*broken, *differences(session)]


def approved(**changes: object) -> dict[str, object]:
    """Give an approved hour of ann on P1 in the wire shape; None leaves a field out."""
    record: dict[str, object] = {
        "id": "t1",
        "revision": 1,
        "status": "approved",
        "person": "ann",
        "project": "P1",
        "date": "2025-03-05",
        "seconds": HOUR,
        "approved_at": "2025-03-06T08:00:00Z",
        **changes,
    }
    return {name: value for name, value in record.items() if value is not None}


def found_house(
    database: Database, tenant: int, master: Sequence[MasterChange] = MASTER
) -> House:
    """Set up the connection `psa` and the master data."""
    with database.tenant(tenant) as session:
        psa = set_connection(session, name="psa", connector="sandbox_psa")
    house = House(database, tenant, psa)
    assert not house.change(*master).refusals
    return house


def routed(*documents: str, to: str = "books") -> list[MasterChange]:
    """Give routes of kinds of document to a connection."""
    return [
        MasterChange(
            "target_route",
            f"{document}-{to}",
            fields={"document": document, "connection": to},
        )
        for document in documents
    ]


def chart(*, without: Sequence[str] = ()) -> list[MasterChange]:
    """Give an account of US1 for each role of an hour's way but those left out."""
    return [
        MasterChange(
            "ledger_account",
            f"US1-{role}",
            fields={"entity": "US1", "role": role, "number": number},
        )
        for role, number in _CHART.items()
        if role not in without
    ]


_CHART = {
    "receivable": "1200",
    "wip": "1400",
    "tax_payable": "2200",
    "revenue": "4000",
    "accrued_revenue": "4100",
    "cost": "5000",
    "payroll_allocation": "5900",
    "cash": "1000",
}
