"""Measure what deciding costs, as ratios of one run on one machine."""

import gc
import os
import platform
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np
import psycopg
from psycopg import sql

from hourline.cli.bench.figure import Measured
from hourline.cli.bench.recorder import CONNECTION
from hourline.cli.bench.workload import WireEntry, Workload
from hourline.decide.encode import encode
from hourline.decide.kernel import decide
from hourline.decide.model import Decided
from hourline.kernel.entries import NOT_STATED, EntryColumns
from hourline.master.snapshot import Snapshot

T = TypeVar("T")
_COMMITS = 300


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
    records = work.records()
    decoding, _ = _best(work.records, repeats=repeats)
    deciding, decided = _best(
        lambda: decide(encode(entry_columns(records), snapshot), snapshot),
        repeats=repeats,
    )
    measured = Measured(
        "decide",
        f"columns, encode and decide of {len(work.lines):,} entries against their JSON",
        deciding,
        decoding,
        target_percent=300,
    )
    return measured, decided


def one_entry_against_a_commit(
    work: Workload, snapshot: Snapshot, *, database_url: str
) -> Measured:
    """Compare encode and decide of one entry with a bare one-row commit; median."""
    record = work.records()[1:2]
    deciding = _median(
        lambda: decide(encode(entry_columns(record), snapshot), snapshot)
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        table = sql.Identifier(f"hourline_bench_{os.getpid()}")
        connection.execute(sql.SQL("CREATE TABLE {} (value bigint)").format(table))
        insert = sql.SQL("INSERT INTO {} VALUES (1)").format(table).as_string()
        try:
            committing = _median(lambda: connection.execute(insert.encode()))
        finally:
            connection.execute(sql.SQL("DROP TABLE {}").format(table))
    return Measured(
        "single",
        "columns, encode and decide of 1 entry against a one-row commit",
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
        price=np.full(count, NOT_STATED, dtype=np.int64),
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
