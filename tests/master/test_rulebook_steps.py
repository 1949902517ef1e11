"""What a publication records makes master data say exactly what the tables say."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hourline.master.model import HourType, MasterVersion
from hourline.master.rulebook.columns import as_record, columns_of, text_of
from hourline.master.rulebook.differences import compare, current_rows, steps_of
from hourline.master.rulebook.drafting import draft_snapshot
from hourline.master.rulebook.model import RuleRow
from hourline.master.rulebook.reading import joined
from hourline.master.rulebook.tables import HOUR_TYPES
from hourline.master.snapshot import build_snapshot
from hourline.master.store import MasterState

DAYS = [date.min, *(date(2025, 1, 1) + timedelta(days=n) for n in range(9)), date.max]


def row(factor: str, starts: date = date.min, ends: date = date.max) -> RuleRow:
    cells = {
        name: text_of(column.default) for name, column in columns_of(HOUR_TYPES).items()
    } | {"bill_factor": factor}
    return RuleRow("hour_types", "x", starts, ends, tuple(cells.items()))


def state_of(rows: list[RuleRow]) -> MasterState:
    versions = [
        MasterVersion(
            master_no=1,
            change_no=number,
            id="x",
            effective_from=one.starts,
            effective_until=one.ends,
            content=as_record(HOUR_TYPES, dict(one.cells)),
        )
        for number, one in enumerate(rows, start=1)
    ]
    return MasterState(len(rows), versions, [])


def chance_rows(chance: random.Random) -> list[RuleRow]:
    rows: list[RuleRow] = []
    while not rows:
        days = sorted(chance.sample(DAYS, chance.randrange(2, 7)))
        rows = [
            row(chance.choice(["1", "1.5", "2"]), starts, ends)
            for starts, ends in pairwise(days)
            if chance.random() < 0.7
        ]
    return joined(rows)


def test_any_rows_become_any_others_by_new_versions_alone() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        before, after = chance_rows(chance), chance_rows(chance)

        differences = compare(
            {"hour_types": before}, {"hour_types": after}, effective_on=date(2025, 1, 5)
        )
        snapshot = draft_snapshot(state_of(before), differences)

        assert current_rows(snapshot, HOUR_TYPES) == after, f"seed {seed}"
        assert (differences == []) == (before == after), f"seed {seed}"


def test_a_changed_end_is_recorded_from_the_day_it_differs() -> None:
    (one,) = compare(
        {"hour_types": [row("1", ends=date(2025, 7, 1))]},
        {"hour_types": [row("1", ends=date(2025, 5, 1))]},
        effective_on=date(2025, 1, 1),
    )

    steps = steps_of(one)

    assert (one.word, one.columns, one.since) == (
        "changed",
        ("until",),
        date(2025, 5, 1),
    )
    assert (steps.withdrawn_from, steps.rows) == (date(2025, 5, 1), ())


def test_a_record_withdrawn_whole_still_tells_what_it_said() -> None:
    first = HourType(bill_factor=Decimal(2))
    versions = [
        MasterVersion(
            master_no=1,
            change_no=number,
            id="x",
            effective_from=date(2025, 1, 1),
            effective_until=date.max,
            content=first,
            withdrawn=number == 2,
        )
        for number in (1, 2)
    ]

    snapshot = build_snapshot(versions, [], change_no=2)

    assert snapshot.catalogue.hour_types.spans == ()
    assert snapshot.record("hour_type", 1).content == first
    assert snapshot.number("hour_type", "x") == 1
