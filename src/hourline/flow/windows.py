"""Say when a target may be sent documents, and let what waits follow the change."""

from collections.abc import Sequence
from datetime import date

from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.infra.jobs import enqueue
from hourline.master import store as master
from hourline.posting.store import wake
from hourline.posting.windows import SETTING, parse_window


def set_posting_window(
    database: Database,
    tenant: int,
    connection: str,
    when: str | None,
    *,
    closed: Sequence[date] = (),
    actor: str,
) -> None:
    """Set the posting window of a connection, or let it be open always with None.

    What waits there is looked at again at once, and the change is in the audit chain.
    Raises LookupError for a connection there is not, ValueError for words that are no
    window.
    """
    with database.tenant(tenant) as session:
        found = _connection(session, connection)
        settings = {
            name: value for name, value in found.settings.items() if name != SETTING
        }
        if when is not None:
            parse_window(when, closed)
            days = [day.isoformat() for day in sorted(set(closed))]
            settings[SETTING] = {"when": when.strip(), "closed": days}
        master.set_connection(
            session,
            name=found.name,
            connector=found.connector,
            states_revisions=found.states_revisions,
            settings=settings,
        )
        wake(session, found.connection_no)
        change = ManualChange(
            actor=actor,
            action="connection.window_set",
            subject=f"connection {found.connection_no}",
            reason="set on the command line",
            before=found.settings,
            after=settings,
        )
        record_change(session, change)
        enqueue(session, "posting", tenant)


def _connection(session: Session, name: str) -> master.Connection:
    for found in master.connections(session):
        if found.name == name:
            return found
    raise LookupError(f"There is no connection {name}.")
