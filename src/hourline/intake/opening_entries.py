"""Give open work of an acquired unit its identity: that of the entry at its source."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from hourline.infra.database import Session
from hourline.intake import store
from hourline.intake.columns import ReadDelivery, entry_columns
from hourline.intake.model import Delivery, TimeRecord
from hourline.intake.reading import QUERIES
from hourline.intake.rules.changes import Changes
from hourline.intake.rules.content import content_hash
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.entries import EntryColumns
from hourline.kernel.openings import OpeningRow


@dataclass(frozen=True, slots=True)
class OpeningDelivery:
    """Hold the open work of a file: its rows, and the record each came as."""

    connection_no: int
    name: str
    cut_over: date
    rows: Sequence[OpeningRow]
    records: Sequence[bytes]


def ids_in_force(
    session: Session, connection_no: int, references: Sequence[str]
) -> set[str]:
    """Return which ids already are entries in force of a connection."""
    known = store.known_entries(session, connection_no, references)
    return {id_ for id_, state in known.items() if state.in_force is not None}


def write_opening_entries(
    session: Session, opening: OpeningDelivery, *, recorded_at: datetime
) -> EntryColumns:
    """Record open work as entries of its connection; return them, row by row.

    The caller has made sure that none of them is in force.
    """
    delivery = _delivery(opening, recorded_at)
    opened = store.open_delivery(
        session, delivery, hashlib.sha256(delivery.whole).digest()
    )
    records = [_record(row, opening.cut_over) for row in opening.rows]
    changes = _changes(session, opening.connection_no, records)
    read = ReadDelivery(delivery, records, [content_hash(one) for one in records])
    store.write_records(session, opened.delivery_no, read, changes=changes, problems=())
    entries = entry_columns(read, changes, changes.accepted)
    store.write_versions(
        session,
        opened.delivery_no,
        read,
        changes=changes,
        entries=entries,
        recorded_at=recorded_at,
    )
    return entries


def recall_opening_entries(
    session: Session, revisions: Sequence[tuple[int, int]], *, recorded_at: datetime
) -> None:
    """Withdraw the approval of (entry, revision) pairs that were taken over."""
    session.run(
        QUERIES["recall_openings"],
        entry_nos=[entry_no for entry_no, _ in revisions],
        revisions=[revision for _, revision in revisions],
        recorded_at=recorded_at,
    )


def _delivery(opening: OpeningDelivery, recorded_at: datetime) -> Delivery:
    return Delivery(
        connection_no=opening.connection_no,
        method=Method.FILE,
        delivery_id=opening.name,
        received_at=recorded_at,
        records=opening.records,
        whole=opening.name.encode(),
        cells=True,
        lines=[row.line for row in opening.rows],
    )


def _record(row: OpeningRow, cut_over: date) -> TimeRecord:
    return TimeRecord(
        id=row.reference,
        status="approved",
        person=row.person or "",
        project=row.project or "",
        date=row.dated or cut_over,
        seconds=row.seconds,
        note=row.description or None,
        approved_at=datetime.combine(cut_over, time(), UTC),
    )


def _changes(
    session: Session, connection_no: int, records: Sequence[TimeRecord]
) -> Changes:
    ids = [record.id for record in records]
    known = store.known_entries(session, connection_no, ids)
    store.lock_entries(session, [state.entry_no for state in known.values()])
    numbers = store.new_numbers(session, [one for one in ids if one not in known])
    store.write_entries(session, connection_no, numbers)
    earlier = {
        id_: (state.entry_no, max(state.revision, state.recalled_to, 0))
        for id_, state in known.items()
    }
    placed = [earlier.get(id_) or (numbers[id_], 0) for id_ in ids]
    count = len(ids)
    return Changes(
        outcomes=[Outcome.ACCEPTED] * count,
        entry_nos=[entry_no for entry_no, _ in placed],
        revisions=[revision + 1 for _, revision in placed],
        accepted=list(range(count)),
        redecided={one.entry_no: one.redecided for one in known.values()},
    )
