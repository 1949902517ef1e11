"""The kernel and the scalar oracle agree on every figure, however entries arrive."""

from collections.abc import Sequence
from dataclasses import fields
from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hourline.decide.kernel import decide_columns
from hourline.decide.model import (
    Decided,
    DecisionColumns,
    ExpenseWorths,
    JournalColumns,
    PortionColumns,
    TransferColumns,
)
from hourline.decide.model_charges import CrossChargeColumns
from hourline.master.snapshot import Snapshot
from tests.builders import Firm
from tests.entries import Entry, entry_columns
from tests.oracle.booked import Row
from tests.oracle.firms import some_firm
from tests.oracle.known import Known
from tests.oracle.scalar import answer
from tests.oracle.some_entries import some_entries

_SEEDS = st.integers(0, 2**32)
_TABLES = (
    DecisionColumns
    | PortionColumns
    | ExpenseWorths
    | TransferColumns
    | CrossChargeColumns
    | JournalColumns
)
_UNCHECKED = {"approved_at"}
_RATIOS = {
    "price": ("rate_amount", "rate_seconds"),
    "worth": ("worth_numerator", "worth_denominator"),
}


def _rows(table: _TABLES) -> list[Row]:
    names = [field.name for field in fields(table) if field.name not in _UNCHECKED]
    columns = [_values(getattr(table, name)) for name in names]
    return [
        _canonical(dict(zip(names, row, strict=True)))
        for row in zip(*columns, strict=True)
    ]


def _values(column: NDArray[np.generic] | list[object]) -> list[object]:
    found: list[object] = column if isinstance(column, list) else column.tolist()
    return found


def _canonical(row: Row) -> Row:
    for name, sides in _RATIOS.items():
        if sides[0] in row:
            above, below = (row.pop(side) for side in sides)
            assert isinstance(above, int)
            assert isinstance(below, int)
            return {**row, name: Fraction(above, below)}
    return row


def _sorted(rows: Sequence[Row]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _everything(decided: Decided, entries: Sequence[Entry]) -> list[list[str]]:
    refusals: list[Row] = [
        {
            "entry_no": entries[refusal.index].entry_no,
            "state": refusal.state,
            "problems": [str(problem.code) for problem in refusal.problems],
        }
        for refusal in decided.refusals
    ]
    tables = (
        decided.decisions,
        decided.portions,
        decided.expenses,
        decided.transfers,
        decided.cross_charges,
        decided.journal,
    )
    return [*(_sorted(_rows(table)) for table in tables), _sorted(refusals)]


def _kernel(entries: Sequence[Entry], snapshot: Snapshot) -> list[list[str]]:
    return _everything(decide_columns(entry_columns(entries), snapshot), entries)


def _oracle(entries: Sequence[Entry], firm: Firm) -> list[list[str]]:
    known = Known(firm.versions, firm.references, change_no=len(firm.versions))
    answers = [(entry, answer(known, entry)) for entry in entries]
    refused: list[Row] = [
        {
            "entry_no": entry.entry_no,
            "state": found.state,
            "problems": [str(code) for code in found.problems],
        }
        for entry, found in answers
        if found.problems
    ]
    return [
        _sorted([found.decision for _, found in answers if found.decision]),
        _sorted([row for _, found in answers for row in found.portions]),
        _sorted([found.expense for _, found in answers if found.expense]),
        _sorted([found.transfer for _, found in answers if found.transfer]),
        _sorted([found.cross_charge for _, found in answers if found.cross_charge]),
        _sorted([row for _, found in answers for row in found.journal]),
        _sorted(refused),
    ]


@given(_SEEDS)
@example(441_611)
@example(176)
@settings(max_examples=60, deadline=None)
def test_the_kernel_gives_what_the_oracle_gives(seed: int) -> None:
    firm, entries = some_firm(seed), some_entries(seed, count=60)

    assert _kernel(entries, firm.snapshot()) == _oracle(entries, firm)


@given(_SEEDS, st.integers(1, 39))
@settings(max_examples=20, deadline=None)
def test_two_slices_give_what_one_batch_gives(seed: int, cut: int) -> None:
    snapshot, entries = some_firm(seed).snapshot(), some_entries(seed, count=40)

    parts = [_kernel(entries[:cut], snapshot), _kernel(entries[cut:], snapshot)]

    assert _merged(parts) == _kernel(entries, snapshot)


@given(_SEEDS)
@settings(max_examples=20, deadline=None)
def test_entries_one_by_one_give_what_one_batch_gives(seed: int) -> None:
    snapshot, entries = some_firm(seed).snapshot(), some_entries(seed, count=30)

    parts = [_kernel([entry], snapshot) for entry in entries]

    assert _merged(parts) == _kernel(entries, snapshot)


@given(_SEEDS)
@settings(max_examples=20, deadline=None)
def test_partitions_by_contract_give_what_one_batch_gives(seed: int) -> None:
    snapshot, entries = some_firm(seed).snapshot(), some_entries(seed, count=60)
    decided = decide_columns(entry_columns(entries), snapshot).decisions
    of_contract = dict(
        zip(decided.entry_no.tolist(), decided.contract_no.tolist(), strict=True)
    )
    partitions: dict[int, list[Entry]] = {}
    for entry in entries:
        contract = of_contract.get(entry.entry_no, 0)
        partitions.setdefault(contract % 3, []).append(entry)

    parts = [_kernel(part, snapshot) for part in partitions.values()]

    assert _merged(parts) == _kernel(entries, snapshot)


@given(_SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_entries_changes_nothing(seed: int, shuffling: Random) -> None:
    snapshot, entries = some_firm(seed).snapshot(), some_entries(seed, count=40)
    shuffled = list(entries)
    shuffling.shuffle(shuffled)

    assert _kernel(shuffled, snapshot) == _kernel(entries, snapshot)


@given(_SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_recording_is_kept_whatever_the_order_of_loading(
    seed: int, shuffling: Random
) -> None:
    firm, entries = some_firm(seed), some_entries(seed, count=40)
    expected = _kernel(entries, firm.snapshot())
    change_no = len(firm.versions)
    shuffling.shuffle(firm.versions)

    assert len(firm.versions) == change_no
    assert _kernel(entries, firm.snapshot()) == expected


def test_the_generated_firms_accept_and_refuse_with_every_code() -> None:
    codes: set[str] = set()
    accepted = expenses = transfers = crossed = rounded = warned = 0
    for seed in range(80):
        entries = some_entries(seed, count=60)
        decided = decide_columns(entry_columns(entries), some_firm(seed).snapshot())
        accepted += len(decided.decisions.entry_no)
        expenses += len(decided.expenses.entry_no)
        transfers += len(decided.transfers.entry_no)
        crossed += int((decided.cross_charges.amount > 0).sum())
        rounded += int((decided.decisions.time_rounding_no >= 0).sum())
        warned += len(decided.warnings)
        codes |= {
            str(problem.code)
            for refusal in decided.refusals
            for problem in refusal.problems
        }

    assert accepted > 1_000
    assert expenses > 100
    assert transfers > 100
    assert crossed > 50
    assert rounded > 50
    assert warned > 20
    assert len(codes) == 14


def _merged(parts: Sequence[list[list[str]]]) -> list[list[str]]:
    return [sorted(row for part in parts for row in part[table]) for table in range(7)]
