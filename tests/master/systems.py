"""Connect a tenant to the running systems of the simulated firm."""

from dataclasses import dataclass, field
from pathlib import Path

from hourline import flow
from hourline.connectors.sandbox.admin import Sandbox
from hourline.connectors.sandbox.organisation import ENTITIES
from hourline.connectors.sdk.patience import Patience
from hourline.demo.setup import connect_systems
from hourline.flow.connections import Connections
from hourline.infra.database import Database
from hourline.infra.secrets import Keyring
from hourline.master.model import Record
from hourline.master.store import load_state
from hourline.master.sync import Synced

KEYRING = Keyring(bytes(range(32)), path=Path("test.key"))
HASTY = Patience(tries_max=3, pause_seconds_max=1)


@dataclass
class Firm:
    """Hold a tenant whose connections lead to a sandbox."""

    database: Database
    tenant: int
    sandbox: Sandbox
    numbers: dict[str, int] = field(default_factory=dict)

    def connect(self) -> "Firm":
        """Configure every system and who owns what."""
        self.numbers = connect_systems(
            self.database,
            self.tenant,
            places=self.sandbox.servers,
            keyring=KEYRING,
            webhook_secret="whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC0xMjM0",
            erps={entity.entity: entity.erp for entity in ENTITIES},
        )
        flow.own_kinds(self.database, self.tenant)
        return self

    def connections(self) -> Connections:
        """Return the live connections, with new tokens."""
        return Connections(self.database, KEYRING)

    def sync(self, patience: Patience = HASTY) -> Synced:
        """Read the master data of every system."""
        return flow.sync_master(
            self.database, self.tenant, self.connections(), patience=patience
        )

    def records(self, kind: str) -> dict[str, Record]:
        """Return what is known of the records of a kind, by their canonical ids."""
        with self.database.tenant(self.tenant) as session:
            versions = load_state(session).versions
        return {one.id: one.content for one in versions if one.content.kind == kind}
