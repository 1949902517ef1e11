"""Hold what departments of an entity charge each other, in order of precedence."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hourline.kernel.columns import Ints, ended, ended_ratios
from hourline.master.model import CostCentre, CrossCharge, LegalEntity
from hourline.master.snapshot.ranked_rows import RankedRows, ranked_rows
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# A row that names both departments, then the person's, then the project's, then none.
_DIMENSIONS = ("person_cost_centre", "project_cost_centre")
_PERCENT = 100
_DECIMALS_MAX = 7
# Within these what an entry is charged at stays inside 62 bits, whatever it costs.
_PERCENT_MAX = 1_000
# How many times the cost a charge on top of it can be.
CHARGE_OF_COST_MAX = 1 + _PERCENT_MAX // 100
_VALUES: Mapping[str, tuple[int, int]] = {
    "cost_rate": (0, 0),
    "unit_price": (0, 10**9),
    "cost_plus_percent": (-100, _PERCENT_MAX),
}


@dataclass(frozen=True, slots=True)
class CrossCharges:
    """Find the row that prices work of one department for another.

    By row: what an hour is charged at is a share of its cost and money, in major units
    of the entity's currency, both as numerators and denominators.
    """

    no: Ints
    cost_weight: tuple[Ints, Ints]
    money: tuple[Ints, Ints]
    _rows: RankedRows

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no row at all, so that nobody is charged."""
        return not self._rows.levels

    def at(self, columns: Mapping[str, Ints], days: Ints) -> Ints:
        """Return the matching row per entry, NOTHING where none matches.

        Columns are the dense ids of entity, person_cost_centre, project_cost_centre.
        """
        return self._rows.at(columns, days)


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
    for span in charges.spans:
        _refuse_useless(charges.id_of(span), span.content)
    weights = [_terms(span.content) for span in charges.spans]
    numbers = {
        "entity": entities.dense_of,
        "person_cost_centre": cost_centres.dense_of,
        "project_cost_centre": cost_centres.dense_of,
    }
    return CrossCharges(
        no=ended([charges.nos[span.dense] for span in charges.spans]),
        cost_weight=ended_ratios([cost for cost, _ in weights]),
        money=ended_ratios([money for _, money in weights]),
        _rows=ranked_rows(
            charges,
            numbers,
            always=("entity",),
            optional=_DIMENSIONS,
            same="it is of the same departments and days",
        ),
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
