"""Measure what deciding costs, as ratios of one run on one machine."""

import gc
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import msgspec
import numpy as np
import psycopg

from hourline.cli.bench.workload import CONNECTION, WireEntry, Workload
from hourline.decide.encode import encode
from hourline.decide.kernel import decide
from hourline.decide.model import Decided
from hourline.kernel.entries import NOT_STATED, EntryColumns
from hourline.master.snapshot import Snapshot

T = TypeVar("T")
_DECODER = msgspec.json.Decoder(WireEntry)
_COMMITS = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold one ratio with the two figures it comes from, in microseconds."""

    name: str
    what: str
    ours_microseconds: int
    theirs_microseconds: int
    target_percent: int

    @property
    def percent(self) -> int:
        """Give ours in percent of theirs, rounded up."""
        return -(-self.ours_microseconds * 100 // max(1, self.theirs_microseconds))

    @property
    def holds(self) -> bool:
        """Tell whether the target is met."""
        return self.percent <= self.target_percent


def machine() -> dict[str, str | int]:
    """Say where the figures come from."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cores": os.cpu_count() or 1,
    }


def deciding_against_decoding(
    work: Workload, snapshot: Snapshot, *, repeats: int
) -> tuple[Measured, Decided]:
    """Compare encode and decide with decoding the same bytes; CPU, best of several."""
    records = [_DECODER.decode(line) for line in work.lines]
    columns = entry_columns(records)
    decoding, _ = _best(
        lambda: [_DECODER.decode(line) for line in work.lines], repeats=repeats
    )
    deciding, decided = _best(
        lambda: decide(encode(columns, snapshot), snapshot), repeats=repeats
    )
    measured = Measured(
        "decide",
        f"encode + decide of {len(work.lines):,} entries against decoding their JSON",
        deciding,
        decoding,
        target_percent=300,
    )
    return measured, decided


def one_entry_against_a_commit(
    work: Workload, snapshot: Snapshot, *, database_url: str
) -> Measured:
    """Compare encode and decide of one entry with a bare one-row commit; median."""
    columns = entry_columns([_DECODER.decode(work.lines[1])])
    deciding = _median(lambda: decide(encode(columns, snapshot), snapshot))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS bench")
        connection.execute("CREATE TABLE IF NOT EXISTS bench.one_row (value bigint)")
        try:
            committing = _median(
                lambda: connection.execute("INSERT INTO bench.one_row VALUES (1)")
            )
        finally:
            connection.execute("DROP SCHEMA bench CASCADE")
    return Measured(
        "single",
        "encode + decide of 1 entry against a one-row commit",
        deciding,
        committing,
        target_percent=200,
    )


def entry_columns(records: Sequence[WireEntry]) -> EntryColumns:
    """Return wire records as columns, numbered in their order."""
    count = len(records)
    stated = [record.billable_seconds for record in records]
    return EntryColumns(
        entry_no=np.arange(1, count + 1, dtype=np.int64),
        revision=np.array([record.revision for record in records], dtype=np.int32),
        connection_no=np.full(count, CONNECTION, dtype=np.int32),
        source_id=[record.id for record in records],
        person_ref=[record.person for record in records],
        project_ref=[record.project for record in records],
        activity_ref=[record.activity for record in records],
        hour_type_ref=[record.hour_type for record in records],
        role_ref=[None] * count,
        work_date=np.array([record.date for record in records], dtype="datetime64[D]"),
        worked_seconds=np.array([record.seconds for record in records], dtype=np.int64),
        billable_seconds=np.array(
            [NOT_STATED if item is None else item for item in stated], dtype=np.int64
        ),
        approved_at=np.array(
            [record.approved_at.removesuffix("Z") for record in records],
            dtype="datetime64[us]",
        ),
    )


def _best(action: Callable[[], T], *, repeats: int) -> tuple[int, T]:
    result = action()
    times = []
    for _ in range(repeats):
        gc.collect()
        started = process_time()
        result = action()
        times.append(process_time() - started)
    return round(min(times) * 1_000_000), result


def _median(action: Callable[[], object]) -> int:
    times = []
    for _ in range(_COMMITS):
        started = perf_counter()
        action()
        times.append(perf_counter() - started)
    return round(median(times) * 1_000_000)
