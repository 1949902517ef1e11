"""Measure what deciding costs, as ratios of one run on one machine."""

import gc
import os
import platform
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter, process_time

import numpy as np
import psycopg
from psycopg import sql

from hourline.cli.bench.allotting import allot_all, works_to_allot
from hourline.cli.bench.figure import Measured
from hourline.cli.bench.recorder import CONNECTION
from hourline.cli.bench.workload import WireEntry, Workload, decoded
from hourline.decide.encode import encode
from hourline.decide.kernel import decide
from hourline.decide.model import Decided
from hourline.kernel.entries import NOT_STATED, EntryColumns
from hourline.master.snapshot import Snapshot

_COMMITS = 300
# So many entries are decided first, so that nothing is done for the first time.
_WARM = 20


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
) -> tuple[list[Measured], Decided]:
    """Compare deciding and allotting with decoding the same bytes, by CPU; best counts.

    Allotting is of the work of contracts that have a limit or prepaid hours.
    """
    records = work.records()

    def deciding() -> Decided:
        return decide(encode(entry_columns(records), snapshot), snapshot)

    decided = deciding()
    works = works_to_allot(decided, records, snapshot)
    limited = [work.lines[one.entry_no - 1] for own in works.values() for one in own]
    decode, decide_all, decode_limited, allot = _best(
        [
            work.records,
            deciding,
            lambda: decoded(limited),
            lambda: allot_all(works, snapshot),
        ],
        repeats=repeats,
    )
    count = len(work.lines)
    figures = [
        Measured(
            "decide",
            f"columns, encode and decide of {count:,} entries against their JSON",
            decide_all,
            decode,
            target_percent=400,
        ),
        Measured(
            "allot",
            f"limits and prepaid hours of {len(works)} contracts for {len(limited):,}"
            " entries against their JSON",
            allot,
            decode_limited,
            target_percent=800,
        ),
        Measured(
            "together",
            f"decide and allot of {count:,} entries against their JSON",
            decide_all + allot,
            decode,
            target_percent=400,
        ),
    ]
    return figures, decided


def one_entry_against_a_commit(
    work: Workload, snapshot: Snapshot, *, database_url: str
) -> Measured:
    """Compare encode and decide of one entry with a bare one-row commit; medians.

    The entries are the first of the workload; each is decided once, before a commit.
    """
    records = iter(decoded(work.lines[: _WARM + _COMMITS]))

    def deciding() -> Decided:
        return decide(encode(entry_columns([next(records)]), snapshot), snapshot)

    for _ in range(_WARM):
        deciding()
    with psycopg.connect(database_url, autocommit=True) as connection:
        table = sql.Identifier(f"hourline_bench_{os.getpid()}")
        connection.execute(sql.SQL("CREATE TABLE {} (value bigint)").format(table))
        insert = sql.SQL("INSERT INTO {} VALUES (1)").format(table).as_string()
        try:
            decided, committed = _medians(
                deciding, lambda: connection.execute(insert.encode())
            )
        finally:
            connection.execute(sql.SQL("DROP TABLE {}").format(table))
    return Measured(
        "single",
        "columns, encode and decide of 1 entry against a one-row commit",
        decided,
        committed,
        target_percent=250,
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


def _best(actions: Sequence[Callable[[], object]], *, repeats: int) -> list[int]:
    """Return the least microseconds of CPU of each; they take turns, for fairness."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(repeats):
        for action, own in zip(actions, times, strict=True):
            gc.collect()
            started = process_time()
            result = action()
            own.append(process_time() - started)
            # Taking the result apart is not what is measured.
            del result
    return [round(min(own) * 1_000_000) for own in times]


def _medians(*actions: Callable[[], object]) -> list[int]:
    """Return the median microseconds of each; they take turns, for fairness."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(_COMMITS):
        for action, own in zip(actions, times, strict=True):
            started = perf_counter()
            action()
            own.append(perf_counter() - started)
    return [round(median(own) * 1_000_000) for own in times]
