"""Read what is known of entries and write what a delivery changed, in bulk."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import numpy as np

from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.intake.columns import ReadDelivery, approved_records, microseconds_of
from hourline.intake.expenses import write_expenses
from hourline.intake.model import (
    Delivery,
    RecordProblem,
    SourceReading,
    TimeRecord,
)
from hourline.intake.reading import QUERIES, changed_at_of
from hourline.intake.rules.changes import Changes
from hourline.intake.rules.versions import NEVER, EntryState, learned
from hourline.kernel.codes import Outcome
from hourline.kernel.entries import (
    NOT_STATED,
    EntryColumns,
)
from hourline.kernel.problems import Problem

_HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class OpenedDelivery:
    """Hold the number of a delivery and whether it came before."""

    delivery_no: int
    known_before: bool
    refusal: list[Problem]


@dataclass(frozen=True, slots=True)
class EarlierOutcome:
    """Hold what became of a record when its delivery came first."""

    position: int
    outcome: int
    source_id: str | None
    problems: object


@dataclass(frozen=True, slots=True)
class _KnownDelivery:
    delivery_no: int
    content_hash: bytes
    refusal: object


def open_delivery(
    session: Session,
    delivery: Delivery,
    content_hash: bytes,
    *,
    refusal: Sequence[Problem] = (),
) -> OpenedDelivery:
    """Record an arrival, or find the one with this id and content.

    The id of one that came with other content is completed by the content's hash.
    """
    suffix = f"#{content_hash.hex()[:_HASH_SHOWN]}"
    for delivery_id in (delivery.delivery_id, delivery.delivery_id + suffix):
        key = {
            "connection_no": delivery.connection_no,
            "method": int(delivery.method),
            "delivery_id": delivery_id,
        }
        delivery_no = session.value(
            QUERIES["open_delivery"],
            int,
            **key,
            content_hash=content_hash,
            received_at=delivery.received_at,
            records=len(delivery.records),
            refusal=encode_json(list(refusal)).decode() if refusal else None,
        )
        if delivery_no is not None:
            return OpenedDelivery(delivery_no, known_before=False, refusal=[])
        known = session.one(QUERIES["known_delivery"], _KnownDelivery, **key)
        if known.content_hash == content_hash:
            earlier = problems_of(known.refusal)
            return OpenedDelivery(known.delivery_no, known_before=True, refusal=earlier)
    msg = f"two contents of delivery {delivery.delivery_id} share a hash prefix"
    raise ValueError(msg)


def problems_of(stored: object) -> list[Problem]:
    """Return the problems a jsonb column holds."""
    return msgspec.convert(stored or [], list[Problem])


def earlier_outcomes(session: Session, delivery_no: int) -> list[EarlierOutcome]:
    """Return what became of each record of a delivery."""
    return session.all(
        QUERIES["earlier_outcomes"], EarlierOutcome, delivery_no=delivery_no
    )


def known_entries(
    session: Session, connection_no: int, source_ids: Sequence[str]
) -> dict[str, EntryState]:
    """Return the state of those of the ids that are known, without change times."""
    rows = session.tuples(
        QUERIES["known_entries"],
        connection_no=connection_no,
        source_ids=list(source_ids),
    )
    return {
        source_id: EntryState(
            entry_no,
            revision or 0,
            content_hash or b"",
            NEVER if recalled_to is None else recalled_to,
            is_opening=is_opening,
            is_part=is_part,
            redecided=redecided,
            transfer=None if named is None else (named, project),
        )
        for (
            source_id,
            entry_no,
            revision,
            content_hash,
            recalled_to,
            is_opening,
            is_part,
            redecided,
            named,
            project,
        ) in rows
    }


def lock_entries(session: Session, entry_nos: Sequence[int]) -> None:
    """Wait until no other transaction changes these entries; hold to the end."""
    session.run(
        QUERIES["lock_entries"], tenant=session.tenant, entry_nos=list(entry_nos)
    )


def with_history(
    session: Session,
    states: Mapping[str, EntryState],
    entry_nos: Sequence[int],
    reading: SourceReading,
) -> dict[str, EntryState]:
    """Return the states with the change times that earlier records stated."""
    rows = session.tuples(
        QUERIES["entry_history"],
        entry_nos=list(entry_nos),
        conflict=int(Outcome.CONFLICT),
        kept=int(Outcome.KEPT),
    )
    by_entry: dict[int, list[tuple[int, str]]] = {}
    for entry_no, revision, body in rows:
        key = (revision or 1) if reading.states_revisions else 0
        by_entry.setdefault(entry_no, []).append((key, body))
    complete = dict(states)
    for source_id, known in states.items():
        state = known
        for key, body in by_entry.get(known.entry_no, ()):
            state = learned(state, key, changed_at_of(body, reading))
        complete[source_id] = state
    return complete


def new_numbers(session: Session, source_ids: Sequence[str]) -> dict[str, int]:
    """Draw an entry number for each id."""
    if not source_ids:
        return {}
    drawn = session.value(QUERIES["new_entry_numbers"], list, count=len(source_ids))
    return dict(zip(source_ids, drawn or [], strict=True))


def write_entries(
    session: Session, connection_no: int, numbers: Mapping[str, int]
) -> None:
    """Write the identities that are new."""
    session.load(
        "time_entry",
        {
            "entry_no": np.fromiter(numbers.values(), np.int64, len(numbers)),
            "connection_no": np.full(len(numbers), connection_no, np.int32),
            "source_id": list(numbers),
        },
    )


def write_records(
    session: Session,
    delivery_no: int,
    read: ReadDelivery,
    *,
    changes: Changes,
    problems: Sequence[RecordProblem],
) -> None:
    """Write every record exactly as it came, with its one outcome."""
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.position is not None:
            found.setdefault(problem.position, []).append(problem.problem)
    records = read.delivery.records
    stored: list[str | None] = [None] * len(records)
    for position, of_record in found.items():
        stored[position] = encode_json(of_record).decode()
    session.load(
        "source_record",
        {
            "delivery_no": np.full(len(records), delivery_no, np.int64),
            "position": np.arange(len(records), dtype=np.int32),
            "outcome": np.array(changes.outcomes, np.int16),
            "entry_no": changes.entry_nos,
            "revision": changes.revisions,
            "content_hash": read.hashes,
            "body": [body_text(record) for record in records],
            "problems": stored,
        },
    )


def body_text(record: bytes) -> str:
    """Return a record as text that a database can hold: what is no text, as base64."""
    try:
        text = record.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(record).decode()
    return text if "\x00" not in text else "base64:" + base64.b64encode(record).decode()


def write_versions(
    session: Session,
    delivery_no: int,
    read: ReadDelivery,
    *,
    changes: Changes,
    entries: EntryColumns,
    recorded_at: datetime,
    places: Sequence[int] | None = None,
) -> None:
    """Write the approved contents that are new: `entries` are the accepted ones.

    `places` are the positions in the delivery, where only some records are read again.
    """
    count, positions = len(entries), changes.accepted
    records = approved_records(read.statements, positions)
    stated = entries.billable_seconds.tolist()
    session.load(
        "time_entry_version",
        {
            "entry_no": entries.entry_no,
            "revision": entries.revision,
            "content_hash": [read.hashes[position] for position in positions],
            "delivery_no": np.full(count, delivery_no, np.int64),
            "position": np.array(_placed(positions, places), np.int32),
            "person_ref": entries.person_ref,
            "project_ref": entries.project_ref,
            "activity_ref": entries.activity_ref,
            "hour_type_ref": entries.hour_type_ref,
            "work_date": entries.work_date,
            "worked_seconds": entries.worked_seconds,
            "billable_seconds": [None if n == NOT_STATED else n for n in stated],
            "role_ref": entries.role_ref,
            "note": [record.note for record in records],
            "price": [None if n == NOT_STATED else n for n in entries.price.tolist()],
            "approved_at": entries.approved_at,
            "recorded_at": np.full(
                count, microseconds_of(recorded_at), np.int64
            ).astype("datetime64[us]"),
            **_source_projects(records, changes),
        },
    )
    write_expenses(session, entries, records)


def _source_projects(
    records: Sequence[TimeRecord], changes: Changes
) -> dict[str, list[str | None]]:
    """Return what the sources of transferred entries name; no column without any."""
    if not changes.projects:
        return {}
    named = [
        record.project if position in changes.projects else None
        for position, record in zip(changes.accepted, records, strict=True)
    ]
    return {"source_project_ref": named}


def write_recalls(
    session: Session,
    delivery_no: int,
    changes: Changes,
    *,
    recorded_at: datetime,
    places: Sequence[int] | None = None,
) -> None:
    """Write the recalls that are new; `places` as in `write_versions`."""
    positions = changes.recalls
    session.load(
        "time_entry_recall",
        {
            "entry_no": [changes.entry_nos[position] for position in positions],
            "revision": [changes.kept_revision(position) for position in positions],
            "delivery_no": [delivery_no] * len(positions),
            "position": _placed(positions, places),
            "recorded_at": [recorded_at] * len(positions),
        },
    )


def _placed(positions: Sequence[int], places: Sequence[int] | None) -> list[int]:
    return list(positions) if places is None else [places[one] for one in positions]


def record_hash(record: bytes) -> bytes:
    """Return the hash of a record that has no content of ours."""
    return hashlib.sha256(record).digest()
