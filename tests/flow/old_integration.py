"""Be the integration a firm has so far: it books in the ERP beside Hourline."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hourline.connectors.sandbox.admin import VendorPlace, read_books
from hourline.connectors.sdk.patience import Patience
from hourline.connectors.sdk.ports import CLIENT_SECRET
from hourline.flow.connections import Connections
from hourline.flow.shadow import shadow_reports
from hourline.infra.secrets import set_secret
from hourline.master.store import set_connection
from hourline.proof.model import Asked, ShadowReport
from tests.connectors.sandbox.running import caller
from tests.flow.house import House
from tests.flow.test_workers import KEYRING

AT = datetime(2025, 4, 1, 8, tzinfo=UTC)
ONCE = Patience(tries_max=1, pause_seconds_max=1)
Line = tuple[str, str, str]
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class OldIntegration:
    """Book documents in Atlas, each under a name no other test uses."""

    atlas: VendorPlace
    booked: dict[str, str] = field(default_factory=dict)

    def book(
        self,
        name: str,
        *lines: Line,
        kind: str = "invoice",
        date: str = "2025-03-31",
        **changed: Any,  # noqa: ANN401 - the wire shape of the sandbox
    ) -> None:
        """Book a document and remember its number there under a name."""
        content = {
            "external_id": f"OLD-{next(_NUMBERS)}",
            "kind": kind,
            "entity": "US1",
            "currency": "USD",
            "date": date,
            "lines": [
                {"account": account, "debit": debit, "credit": credit}
                for account, debit, credit in lines
            ],
            **changed,
        }
        status, told = caller(self.atlas).reply("POST", "/api/documents", content)
        assert status == 201, told
        self.booked[name] = told["id"]

    def sale(self, name: str, amount: str, **changed: str) -> None:
        """Book an invoice of an amount."""
        self.book(name, ("1200", amount, "0"), ("4000", "0", amount), **changed)

    def count(self) -> int:
        """Count everything in the ERP's books."""
        return len(read_books(self.atlas))


def connect_books(house: House, address: str, client: tuple[str, str]) -> None:
    """Set up the connection `books` to an ERP on this machine."""
    client_id, secret = client
    with house.database.tenant(house.tenant) as session:
        number = set_connection(
            session,
            name="books",
            connector="sandbox_atlas",
            settings={
                "address": address,
                "client_id": client_id,
                "networks": ["127.0.0.0/8"],
                "plain_http": True,
            },
        )
        set_secret(
            session,
            KEYRING,
            connection_no=number,
            field=CLIENT_SECRET,
            value=secret,
            actor="tester",
        )


def shadowed(house: House, **asked: Any) -> ShadowReport:  # noqa: ANN401 - as Asked
    """Read the books of the one compared system and compare."""
    (report,) = shadow_reports(
        house.database,
        house.tenant,
        Connections(house.database, KEYRING),
        Asked(**({"at": AT} | asked)),
        patience=ONCE,
    )
    return report
