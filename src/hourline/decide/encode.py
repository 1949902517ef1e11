"""Encode entries: the ids a source wrote become dense numbers of a snapshot."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import TypeVar

import numpy as np

from hourline.decide.model import Batch
from hourline.kernel.columns import NOTHING, Ints
from hourline.kernel.entries import EntryColumns
from hourline.kernel.quantity import ENTRY_SECONDS_MAX
from hourline.master.snapshot import Snapshot

# Known without a record: the hour type of firms that have only one, with factor 1.
REGULAR = "regular"
_UNKNOWN = NOTHING - 1
R = TypeVar("R", bound=str | None)


class DurationOutOfRange(ValueError):
    """Say that an entry has more seconds than a decision can price exactly."""


def encode(entries: EntryColumns, snapshot: Snapshot) -> Batch:
    """Return entries in the snapshot's numbers; ids that are not known stay NOTHING.

    Raises DurationOutOfRange for seconds below zero or above 31 days, which intake
    refuses before.
    """
    worked, stated = entries.worked_seconds, entries.billable_seconds
    if len(entries) and (
        min(int(worked.min()), int(stated.min()) + 1) < 0
        or max(int(worked.max()), int(stated.max())) > ENTRY_SECONDS_MAX
    ):
        msg = (
            f"an entry has seconds outside 0..{ENTRY_SECONDS_MAX}; refuse it at intake"
        )
        raise DurationOutOfRange(msg)
    day = entries.work_date.astype("datetime64[D]").astype(np.int64)
    return Batch(
        entries=entries,
        person=_ids(entries, snapshot, "person", refs=entries.person_ref),
        project=_ids(entries, snapshot, "project", refs=entries.project_ref),
        activity=_numbered(entries.activity_ref, snapshot.activities, _UNKNOWN),
        role=_numbered(entries.role_ref, snapshot.roles, _UNKNOWN),
        hour_type=_hour_types(entries, snapshot),
        day=day,
        worked=worked,
        stated=stated,
    )


def _numbered(refs: Sequence[R], numbers: Mapping[R, int], missing: int) -> Ints:
    # Most sources state neither role nor hour type: then there is nothing to look up.
    if refs and refs[0] is None and refs.count(refs[0]) == len(refs):
        return np.full(len(refs), numbers.get(refs[0], missing), dtype=np.int64)
    return np.fromiter(
        map(numbers.get, refs, repeat(missing)), dtype=np.int64, count=len(refs)
    )


def _ids(
    entries: EntryColumns, snapshot: Snapshot, kind: str, *, refs: Sequence[str]
) -> Ints:
    connections = np.unique(entries.connection_no).tolist()
    found = np.full(len(refs), NOTHING, dtype=np.int64)
    for connection in connections:
        numbers = snapshot.sources.get((connection, kind), {})
        own = _numbered(refs, numbers, NOTHING)
        if len(connections) == 1:
            return own
        found = np.where(entries.connection_no == connection, own, found)
    return found


def _hour_types(entries: EntryColumns, snapshot: Snapshot) -> Ints:
    found = np.full(len(entries), _UNKNOWN, dtype=np.int64)
    connections = np.unique(entries.connection_no).tolist()
    canonical = snapshot.catalogue.hour_types.dense_of
    regular = canonical.get(REGULAR, NOTHING)
    for connection in connections:
        numbers = snapshot.sources.get((connection, "hour_type"), {})
        # A kind of hour that no system names, as a rulebook brings it, is its id.
        known: dict[str | None, int] = {None: regular}
        known.update(canonical.items())
        known[REGULAR] = regular
        known.update(numbers.items())
        own = _numbered(entries.hour_type_ref, known, _UNKNOWN)
        if len(connections) == 1:
            return own
        found = np.where(entries.connection_no == connection, own, found)
    return found
