"""Explain what the person's department charges the project's within one entity."""

from collections.abc import Iterator
from fractions import Fraction

from hourline.decide.model import Case
from hourline.decide.rules.cost import second_costs
from hourline.flow.explain.model import Check, Step, exactly, money
from hourline.kernel.columns import ints
from hourline.kernel.money import Rounding, currency_numbered, round_fraction
from hourline.kernel.quantity import HOUR_SECONDS, spoken_hours
from hourline.master.model import CrossCharge
from hourline.master.snapshot import Snapshot


def cross_charge_steps(case: Case, snapshot: Snapshot) -> Iterator[Step]:
    """Yield the row, the price of an hour and the amount; nothing without a charge."""
    found = case.found.cross_charges
    if not len(found.row):
        return
    row, kept = int(found.terms[0]), snapshot.catalogue.cross_charges
    books = int(snapshot.columns.entities.currency[case.masters.entity_row[0]])
    departments = snapshot.catalogue.cost_centres.ids
    own = departments[int(found.person_cost_centre[0])]
    theirs = departments[int(found.project_cost_centre[0])]
    per_hour, told = _per_hour(case, snapshot, kept.spans[row].content, books)
    exact = per_hour * int(case.batch.worked[0]) / HOUR_SECONDS
    rounding = Rounding(
        int(snapshot.columns.entities.rounding[case.masters.entity_row[0]])
    )
    amount, id_ = int(found.amount[0]), kept.id_of(kept.spans[row])
    yield Step(
        about="cross-charge",
        sentences=[
            (
                f"{own}, the person's department, charges {theirs}, the project's:"
                f" {id_} is the most specific row that matches."
            ),
            told,
            (
                f"{spoken_hours(int(case.batch.worked[0]))} worked at"
                f" {exactly(per_hour, books)} an hour are exactly"
                f" {exactly(exact, books)}; rounded once they are"
                f" {money(amount, books)}."
            ),
        ],
        figures={
            "row": id_,
            "person_department": own,
            "project_department": theirs,
            "exact_minor_units": str(exact),
            "amount": amount,
            "currency": currency_numbered(books).code,
        },
        checks=[
            Check(
                figure="cross-charge",
                recomputed=money(round_fraction(exact, rounding), books),
                stored=money(amount, books),
            )
        ],
    )


def _per_hour(
    case: Case, snapshot: Snapshot, charge: CrossCharge, books: int
) -> tuple[Fraction, str]:
    """Return what an hour is charged at, in exact minor units, and why."""
    if charge.model == "unit_price":
        price = Fraction(charge.value) * 10 ** currency_numbered(books).decimals
        return price, f"An hour is charged at {exactly(price, books)}."
    second = second_costs(case, ints([0]), snapshot, bounded=False)
    cost = Fraction(int(second.numerator[0]), int(second.denominator[0])) * HOUR_SECONDS
    if charge.model == "cost_rate":
        return cost, f"An hour is charged at what it costs, {exactly(cost, books)}."
    return cost * (1 + Fraction(charge.value) / 100), (
        f"An hour is charged at what it costs, {exactly(cost, books)}, and"
        f" {charge.value.normalize():f} % of it."
    )
