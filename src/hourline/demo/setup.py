"""Set up the simulated firm in Hourline: connections, secrets, routes, prices."""

from collections.abc import Mapping

from hourline.connectors.sandbox.admin import VendorPlace
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.ports import CLIENT_SECRET
from hourline.connectors.sdk.registry import connector
from hourline.infra.api_keys import Scope, create_key
from hourline.infra.database import Database, Session
from hourline.infra.secrets import Keyring, set_secret
from hourline.master.store import set_connection

# Connection names, and the connector that speaks each system's language.
SYSTEMS = {
    "crm": "sandbox_crm",
    "hcm": "sandbox_hcm",
    "psa": "sandbox_psa",
    "expenses": "sandbox_expenses",
    "billing": "sandbox_billing",
    "atlas": "sandbox_atlas",
    "borealis": "sandbox_borealis",
}
_ACTOR = "demo"


def connect_systems(
    database: Database,
    tenant: int,
    *,
    places: Mapping[str, VendorPlace],
    keyring: Keyring,
    webhook_secret: str,
    erps: Mapping[str, str],
) -> dict[str, int]:
    """Configure a connection per system with its secrets; return their numbers.

    `erps` names the system that keeps the books of each legal entity.
    """
    with database.tenant(tenant) as session:
        numbers = {}
        for name, connector_name in SYSTEMS.items():
            place = places[name]
            numbers[name] = set_connection(
                session,
                name=name,
                connector=connector_name,
                settings={
                    "address": place.url,
                    "client_id": place.credentials.client_id,
                    "networks": ["127.0.0.0/8"],
                    "plain_http": True,
                    "entities": [one for one, erp in erps.items() if erp == name],
                    "reading": connector(connector_name).reading,
                },
            )
            _seal(
                session,
                keyring,
                numbers[name],
                (CLIENT_SECRET, place.credentials.client_secret),
            )
        _seal(session, keyring, numbers["psa"], ("webhook_secret", webhook_secret))
    return numbers


def _seal(
    session: Session, keyring: Keyring, connection_no: int, named: tuple[str, str]
) -> None:
    field, value = named
    set_secret(
        session,
        keyring,
        connection_no=connection_no,
        field=field,
        value=value,
        actor=_ACTOR,
    )


def make_key(database: Database, tenant: int) -> str:
    """Return an API key for the firm's own systems: it may only send time."""
    with database.tenant(tenant) as session:
        return create_key(
            session,
            client="demo",
            scopes=[Scope.TIME_INGEST],
            expires_at=None,
            actor=_ACTOR,
        )


def routes(entities: Mapping[str, str]) -> list[MasterChange]:
    """Return which system gets which documents; `entities` names each one's ERP."""
    found = [
        _route("invoice", "billing"),
        _route("credit_note", "billing"),
        _route("write_back", "psa"),
        _route("write_back", "expenses"),
    ]
    for entity, erp in entities.items():
        found += [
            _route(document, erp, entity)
            for document in ("invoice", "credit_note", "journal")
        ]
    # Departments settle once a month.
    found.append(
        _route("journal", entities["US1"], "US1", type_="cross_charge", every="month")
    )
    return found


def _route(
    document: str,
    connection: str,
    entity: str | None = None,
    *,
    type_: str | None = None,
    every: str | None = None,
) -> MasterChange:
    said = {"entity": entity, "journal_type": type_, "every": every}
    fields: dict[str, object] = {
        "document": document,
        "connection": connection,
        **{name: value for name, value in said.items() if value is not None},
    }
    name = "-".join((type_ or document, connection, entity or "all"))
    return MasterChange("target_route", name, fields=fields)
