"""Hold what departments of an entity charge each other, in order of precedence."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hourline.kernel.columns import NOTHING, Ints, ended, ints
from hourline.kernel.effective import Effective, SpansOverlap, day_number, effective
from hourline.kernel.key_index import KeyIndex, key_index
from hourline.master.model import CostCentre, CrossCharge, LegalEntity
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# A row that names both departments, then the person's, then the project's, then none.
_DIMENSIONS = ("person_cost_centre", "project_cost_centre")
_PERCENT = 100
_DECIMALS_MAX = 7
# Within these what an entry is charged at stays inside 62 bits, whatever it costs.
_VALUES: Mapping[str, tuple[int, int]] = {
    "cost_rate": (0, 0),
    "unit_price": (0, 10**9),
    "cost_plus_percent": (-100, 1_000),
}


@dataclass(frozen=True, slots=True)
class _Level:
    """Hold the rows that name the same of the two departments."""

    dimensions: tuple[str, ...]
    index: KeyIndex
    spans: Effective


@dataclass(frozen=True, slots=True)
class CrossCharges:
    """Find the row that prices work of one department for another.

    By row: what an hour is charged at is a share of its cost and money, in major units
    of the entity's currency, both as numerators and denominators.
    """

    no: Ints
    cost_weight: tuple[Ints, Ints]
    money: tuple[Ints, Ints]
    _levels: tuple[_Level, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no row at all, so that nobody is charged."""
        return not self._levels

    def at(self, columns: Mapping[str, Ints], days: Ints) -> Ints:
        """Return the matching row per entry, NOTHING where none matches.

        Columns are the dense ids of entity, person_cost_centre, project_cost_centre.
        """
        rows = np.full(len(days), NOTHING, dtype=np.int64)
        for level in self._levels:
            left = np.flatnonzero(rows == NOTHING)
            names = ("entity", *level.dimensions)
            keys = level.index.of([columns[name][left] for name in names])
            rows[left] = level.spans.at(keys, days[left])
        return rows


def cross_charges(
    charges: Timeline[CrossCharge],
    *,
    entities: Timeline[LegalEntity],
    cost_centres: Timeline[CostCentre],
) -> CrossCharges:
    """Return the table; raise UnusableRecord for a row nobody can be charged with.

    That is a value out of bounds or too fine, a department that charges itself, and a
    row that another one ties with.
    """
    grouped: dict[tuple[bool, ...], list[int]] = {}
    for row, span in enumerate(charges.spans):
        _refuse_useless(charges.id_of(span), span.content)
        rank = tuple(getattr(span.content, name) is None for name in _DIMENSIONS)
        grouped.setdefault(rank, []).append(row)
    weights = [_terms(span.content) for span in charges.spans]
    numbers = {
        "entity": entities.dense_of,
        "person_cost_centre": cost_centres.dense_of,
        "project_cost_centre": cost_centres.dense_of,
    }
    return CrossCharges(
        no=ended([charges.nos[span.dense] for span in charges.spans]),
        cost_weight=_ratios([cost for cost, _ in weights]),
        money=_ratios([money for _, money in weights]),
        _levels=tuple(
            _level(charges, grouped[rank], rank, numbers) for rank in sorted(grouped)
        ),
    )


def _ratios(exact: list[Fraction]) -> tuple[Ints, Ints]:
    return (
        ended([one.numerator for one in exact], 0),
        ended([one.denominator for one in exact], 1),
    )


def _terms(charge: CrossCharge) -> tuple[Fraction, Fraction]:
    """Return the share of the cost, and money, that an hour is charged at."""
    value = Fraction(charge.value)
    if charge.model == "unit_price":
        return Fraction(0), value
    return 1 + value / _PERCENT, Fraction(0)


def _refuse_useless(id_: str, charge: CrossCharge) -> None:
    least, most = _VALUES[charge.model]
    why = None
    if charge.model == "cost_rate" and charge.value:
        why = f"at the cost rate its value of {charge.value} says nothing"
    elif not least <= charge.value <= most:
        why = f"a value of {charge.value} is not between {least} and {most}"
    elif (Fraction(charge.value) * 10**_DECIMALS_MAX).denominator != 1:
        why = f"a value of {charge.value} has more than {_DECIMALS_MAX} decimals"
    elif None is not charge.person_cost_centre == charge.project_cost_centre:
        why = f"{charge.person_cost_centre} charges itself"
    if why is not None:
        raise UnusableRecord(
            "cross_charge", id_, why=why, remedy="Correct the row of the table."
        )


def _level(
    charges: Timeline[CrossCharge],
    rows: list[int],
    rank: tuple[bool, ...],
    numbers: Mapping[str, Mapping[str, int]],
) -> _Level:
    named = tuple(
        name for name, is_absent in zip(_DIMENSIONS, rank, strict=True) if not is_absent
    )
    names = ("entity", *named)
    keys = {
        row: [
            numbers[name].get(getattr(charges.spans[row].content, name), NOTHING)
            for name in names
        ]
        for row in rows
    }
    # A row for a record that is not known yet cannot match anything.
    known = [row for row in rows if NOTHING not in keys[row]]
    index, positions = key_index(
        [ints([keys[row][part] for row in known]) for part in range(len(names))],
        [len(numbers[name]) for name in names],
    )
    return _Level(named, index, _spans(charges, known, positions, index.count))


def _spans(
    charges: Timeline[CrossCharge], rows: list[int], positions: Ints, key_count: int
) -> Effective:
    spans = [charges.spans[row] for row in rows]
    starts = ints([day_number(span.effective_from) for span in spans])
    ends = ints([day_number(span.effective_until) for span in spans])
    try:
        return effective(positions, (starts, ends), ints(rows), key_count=key_count)
    except SpansOverlap as clash:
        first, second = spans[clash.first], spans[clash.second]
        raise UnusableRecord(
            "cross_charge",
            charges.id_of(second),
            why=f"it is of the same departments and days as {charges.id_of(first)}",
            remedy="End one of them before the other begins, or make one narrower.",
        ) from None
