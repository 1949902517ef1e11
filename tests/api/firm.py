"""Found a small firm in a tenant and call its API as one of its programs."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from httpx import Response
from litestar.testing import TestClient
from standardwebhooks import Webhook

from hourline.api.app import HourlineApi
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow import change_master
from hourline.infra.api_keys import Scope, create_key
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.infra.secrets import Keyring, set_secret
from hourline.master.store import set_connection

WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"s" * 24).decode()
BATCH = "/v1/time-entries/batch"
_KEYS = count(1)
_SLUG = Query(
    "slug",
    "The tenant's short name.",
    "SELECT slug FROM control.tenant WHERE tenant = %(tenant)s",
)


@dataclass
class ApiFirm:
    """Hold a firm whose PSA is the connection `psa`."""

    database: Database
    tenant: int
    slug: str
    connection_no: int
    client: TestClient[HourlineApi]
    keys: dict[tuple[Scope, ...], str] = field(default_factory=dict)

    def key(self, *scopes: Scope) -> str:
        """Give a key with these scopes, made once."""
        if scopes not in self.keys:
            with self.database.tenant(self.tenant) as session:
                self.keys[scopes] = create_key(
                    session,
                    client="test",
                    scopes=scopes,
                    expires_at=None,
                    actor="tester",
                )
        return self.keys[scopes]

    def call(
        self,
        method: str,
        path: str,
        *scopes: Scope,
        content: bytes | str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Call an operation with a key of these scopes; without any, with no key."""
        sent = dict(headers or {})
        if scopes:
            sent["Authorization"] = f"Bearer {self.key(*scopes)}"
        return self.client.request(method, path, content=content, headers=sent)

    def send_entries(
        self, *entries: dict[str, object], key: str | None = None
    ) -> Response:
        """Send a batch to the connection psa."""
        return self.call(
            "POST",
            f"{BATCH}?connection=psa",
            Scope.TIME_INGEST,
            content=json.dumps(entries),
            headers={
                "Idempotency-Key": key or new_key(),
                "Content-Type": "application/json",
            },
        )

    def send_webhook(
        self,
        body: bytes,
        *,
        webhook_id: str = "wh-1",
        secret: str = WEBHOOK_SECRET,
        path: str | None = None,
    ) -> Response:
        """Send a webhook signed with a secret, by default the firm's."""
        at = datetime.now(UTC)
        signature = Webhook(secret).sign(webhook_id, at, body.decode())
        return self.client.post(
            path or f"/v1/webhooks/{self.slug}/psa",
            content=body,
            headers={
                "webhook-id": webhook_id,
                "webhook-timestamp": str(int(at.timestamp())),
                "webhook-signature": signature,
            },
        )


def new_key() -> str:
    """Give an Idempotency-Key that was never used."""
    return f"key-{next(_KEYS)}"


def time_entry(**changes: object) -> dict[str, object]:
    """Give an approved entry of one hour in the wire shape."""
    entry: dict[str, object] = {
        "id": "te-1",
        "revision": 1,
        "status": "approved",
        "person": "ann",
        "project": "P1",
        "date": "2026-10-05",
        "seconds": 3600,
        "approved_at": "2026-10-06T08:00:00Z",
    }
    return {**entry, **changes}


def codes(response: Response) -> list[str]:
    """Give the codes of all findings of a refusal."""
    return [finding["code"] for finding in response.json()["findings"]]


MASTER = (
    MasterChange("legal_entity", "US1", fields={"country": "US", "currency": "USD"}),
    MasterChange("customer", "ADATUM", fields={"country": "US"}),
    MasterChange("contract", "C1", fields={"customer": "ADATUM", "entity": "US1"}),
    MasterChange(
        "contract_line",
        "C1.1",
        fields={"contract": "C1", "method": "time_and_materials"},
    ),
    MasterChange("person", "ann", fields={"entity": "US1", "role": "consultant"}),
    MasterChange(
        "cost_rate", "ann-cost", fields={"person": "ann", "rate": Decimal(77)}
    ),
    MasterChange(
        "bill_rate",
        "card",
        fields={"currency": "USD", "rate": Decimal("123.45"), "role": "consultant"},
    ),
    MasterChange(
        "project",
        "P1",
        fields={
            "contract_line": "C1.1",
            "budget_seconds": 36_000,
            "budget_amount": Decimal(1_000),
        },
    ),
)


def found_firm(
    database: Database,
    tenant: int,
    client: TestClient[HourlineApi],
    keyring: Keyring,
    *,
    master: Sequence[MasterChange] = MASTER,
) -> ApiFirm:
    """Set up the connection psa with its webhook secret, and the master data."""
    with database.tenant(tenant) as session:
        connection_no = set_connection(session, name="psa", connector="sandbox_psa")
        set_secret(
            session,
            keyring,
            connection_no=connection_no,
            field="webhook_secret",
            value=WEBHOOK_SECRET,
            actor="tester",
        )
        slug = session.value(_SLUG, str, tenant=tenant)
    change_master(database, tenant, master, connection_no=connection_no)
    assert slug is not None
    return ApiFirm(database, tenant, slug, connection_no, client)


def outcomes(response: Response) -> list[Any]:
    """Give id and outcome of each record of an acknowledged delivery."""
    return [[one["id"], one["outcome"]] for one in response.json()["outcomes"]]
