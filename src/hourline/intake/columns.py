"""Lay out the approved records of a delivery as columns of entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from hourline.intake.expenses import expense_columns
from hourline.intake.model import Delivery, Statement, TimeRecord
from hourline.intake.rules.changes import Changes
from hourline.kernel.entries import NOT_STATED, EntryColumns

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = 719_163


@dataclass(frozen=True, slots=True)
class ReadDelivery:
    """Hold a delivery with what its records say and the hash of each."""

    delivery: Delivery
    statements: Sequence[Statement]
    hashes: Sequence[bytes]


def entry_columns(
    read: ReadDelivery, changes: Changes, positions: Sequence[int]
) -> EntryColumns:
    """Return the approved records at these positions as columns."""
    records = approved_records(read.statements, positions)
    count = len(records)
    days = [record.date.toordinal() - _EPOCH_ORDINAL for record in records]
    received_at = read.delivery.received_at
    instants = [
        microseconds_of(record.approved_at or record.updated_at or received_at)
        for record in records
    ]
    return EntryColumns(
        entry_no=np.array([changes.entry_nos[at] for at in positions], np.int64),
        revision=_kept_revisions(changes, positions),
        connection_no=np.full(count, read.delivery.connection_no, np.int32),
        source_id=[record.id for record in records],
        person_ref=[record.person for record in records],
        project_ref=_projects(records, changes, positions),
        activity_ref=[record.activity for record in records],
        hour_type_ref=[record.hour_type for record in records],
        role_ref=[record.role for record in records],
        work_date=np.array(days, np.int64).astype("datetime64[D]"),
        worked_seconds=np.array([record.seconds for record in records], np.int64),
        billable_seconds=np.array(
            [
                NOT_STATED if stated is None else stated
                for stated in [record.billable_seconds for record in records]
            ],
            np.int64,
        ),
        approved_at=np.array(instants, np.int64).astype("datetime64[us]"),
        expenses=expense_columns(records),
        price=np.array(
            [
                NOT_STATED if stated is None else stated
                for stated in [record.price_scaled for record in records]
            ],
            np.int64,
        ),
    )


def _kept_revisions(changes: Changes, positions: Sequence[int]) -> NDArray[np.int32]:
    kept = changes.kept_revision if changes.redecided else changes.revisions.__getitem__
    return np.array([kept(at) for at in positions], np.int32)


def _projects(
    records: Sequence[TimeRecord], changes: Changes, positions: Sequence[int]
) -> list[str]:
    if not changes.projects:
        return [record.project for record in records]
    return [
        changes.projects.get(at, record.project)
        for at, record in zip(positions, records, strict=True)
    ]


def approved_records(
    statements: Sequence[Statement], positions: Sequence[int]
) -> list[TimeRecord]:
    """Return the approved records at these positions."""
    chosen = [statements[position] for position in positions]
    return [one for one in chosen if isinstance(one, TimeRecord)]


def microseconds_of(instant: datetime) -> int:
    """Return the microseconds from the beginning of 1970 in UTC to an instant."""
    passed = instant - _EPOCH
    seconds = passed.days * 86_400 + passed.seconds
    return seconds * 1_000_000 + passed.microseconds
