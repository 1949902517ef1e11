"""Change master data, queue what is refused, and let waiting entries go on."""

from collections.abc import Iterable, Sequence

from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.entries import resume_pending
from hourline.flow.transactions import in_one_transaction, now, snapshot_of
from hourline.infra.database import Database, Session
from hourline.master import service as master
from hourline.master.service import Applied


def change_master(
    database: Database,
    tenant: int,
    changes: Sequence[MasterChange],
    *,
    connection_no: int | None = None,
) -> Applied:
    """Apply changes of master data; then what waited for them goes on by itself.

    Changes that contradict each other (two rates that match equally, a rate that could
    overflow) raise what `build_snapshot` raises, and none of them is applied.
    """

    def apply(session: Session) -> Applied:
        applied = master.apply_changes(session, connection_no, changes)
        snapshot_of(session)
        _queue(session, connection_no, changes, applied)
        return applied

    applied = in_one_transaction(database, tenant, apply)
    if applied.changed:
        resume_pending(database, tenant)
    return applied


def _queue(
    session: Session,
    connection_no: int | None,
    changes: Iterable[MasterChange],
    applied: Applied,
) -> None:
    at = now()
    refused = {id(refusal.change) for refusal in applied.refusals}
    accepted = [change for change in changes if id(change) not in refused]
    exceptions.resolve_subjects(
        session,
        [_subject(connection_no, change) for change in accepted],
        resolution="accepted later",
        at=at,
    )
    exceptions.open_items(
        session,
        [
            (_subject(connection_no, refusal.change), refusal.problem)
            for refusal in applied.refusals
        ],
        at=at,
    )


def _subject(connection_no: int | None, change: MasterChange) -> Subject:
    key = f"{connection_no or 0}/{change.kind}/{change.source_id}"
    return Subject("master_record", key)
