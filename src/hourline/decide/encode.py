"""Encode entries: the ids a source wrote become dense numbers of a snapshot."""

from collections.abc import Callable, Mapping, Sequence
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
    by_source = _BySource(entries, snapshot)
    return Batch(
        entries=entries,
        person=by_source.ids("person", entries.person_ref),
        project=by_source.ids("project", entries.project_ref),
        activity=_numbered(entries.activity_ref, snapshot.activities, _UNKNOWN),
        role=_numbered(entries.role_ref, snapshot.roles, _UNKNOWN),
        hour_type=by_source.hour_types(),
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


class _BySource:
    """Look ids up in what each of the systems that sent the entries calls them."""

    def __init__(self, entries: EntryColumns, snapshot: Snapshot) -> None:
        self._entries = entries
        self._snapshot = snapshot
        self._connections: list[int] = np.unique(entries.connection_no).tolist()

    def ids(self, kind: str, refs: Sequence[str]) -> Ints:
        """Return the dense ids of a kind of record, NOTHING where unknown."""
        sources = self._snapshot.sources
        return self._each(
            lambda connection: _numbered(
                refs, sources.get((connection, kind), {}), NOTHING
            ),
            missing=NOTHING,
        )

    def hour_types(self) -> Ints:
        """Return the dense ids of hour types, one that is not stated the regular."""
        sources, refs = self._snapshot.sources, self._entries.hour_type_ref
        canonical = self._snapshot.catalogue.hour_types.dense_of
        regular = canonical.get(REGULAR, NOTHING)

        def found(connection: int) -> Ints:
            # A kind of hour that no system names, as a rulebook brings it, is its id.
            known: dict[str | None, int] = {None: regular}
            known.update(canonical.items())
            known[REGULAR] = regular
            known.update(sources.get((connection, "hour_type"), {}).items())
            return _numbered(refs, known, _UNKNOWN)

        return self._each(found, missing=_UNKNOWN)

    def _each(self, found: Callable[[int], Ints], *, missing: int) -> Ints:
        if len(self._connections) == 1:
            return found(self._connections[0])
        whole = np.full(len(self._entries), missing, dtype=np.int64)
        for connection in self._connections:
            of_it = self._entries.connection_no == connection
            whole = np.where(of_it, found(connection), whole)
        return whole
