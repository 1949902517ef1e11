"""Reach the tenants' connections: settings and sealed secrets become live ports."""

import threading

from hourline.connectors.sdk.ports import CLIENT_SECRET, Reached, reach
from hourline.infra.database import Database
from hourline.infra.secrets import Keyring, read_secrets
from hourline.master import store as master


class Connections:
    """Keep one reached connection per configured one, so that its token is shared.

    Settings and secrets are read once; a program that should see changed ones is
    started again. Safe to share between threads.
    """

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring
        self._reached: dict[tuple[int, int], Reached] = {}
        self._lock = threading.Lock()

    def reach(self, tenant: int, connection_no: int) -> Reached:
        """Return a connection that can be called.

        Raises LookupError where it does not exist or has no client secret, and
        msgspec.ValidationError for settings that do not say where its system is.
        """
        with self._lock:
            key = (tenant, connection_no)
            if key not in self._reached:
                self._reached[key] = self._open(tenant, connection_no)
            return self._reached[key]

    def _open(self, tenant: int, connection_no: int) -> Reached:
        with self._database.tenant(tenant) as session:
            configured = {
                item.connection_no: item for item in master.connections(session)
            }
            secrets = read_secrets(session, self._keyring, connection_no)
        if connection_no not in configured:
            raise LookupError(f"There is no connection {connection_no}.")
        found = configured[connection_no]
        if CLIENT_SECRET not in secrets:
            raise LookupError(
                f"Connection {found.name} has no client secret; set it with:"
                f" hourline secret set {found.name} {CLIENT_SECRET}"
            )
        return reach(found.connector, found.settings, secrets[CLIENT_SECRET])
