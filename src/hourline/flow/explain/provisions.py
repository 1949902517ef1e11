"""Explain what the contract of an entry is provided for because it will lose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.flow.explain.model import Check, Step, money
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.money import Rounding, round_fraction

QUERIES = load_queries(__package__)
_RUNS_MAX = 12


@dataclass(frozen=True, slots=True)
class ProvisionOfContract:
    """Hold what a run provided for a contract, in minor units of its entity's books."""

    contract: str
    through: date
    cost_left: Decimal
    revenue_left: int
    realised: int
    provision: int
    used: int
    amount: int
    entity_currency: int


def provision_steps(
    session: Session, key: tuple[int, int], rounding: Rounding
) -> Iterator[Step]:
    """Yield what runs provided for the loss of an entry's contract since its work."""
    asked = {"entry_no": key[0], "revision": key[1], "limit": _RUNS_MAX}
    found = session.all(QUERIES["provisions_of_contract"], ProvisionOfContract, **asked)
    for one in reversed(found):
        yield _provided(one, rounding)


def _provided(one: ProvisionOfContract, rounding: Rounding) -> Step:
    books = one.entity_currency
    to_come = Fraction(one.cost_left) - one.revenue_left
    is_onerous = one.realised + to_come > 0
    due = round_fraction(max(to_come, Fraction(0)), rounding) if is_onerous else 0
    return Step(
        about="provision",
        sentences=[
            (
                f"Through {one.through}, contract {one.contract} had still to cost"
                f" {money(round_fraction(Fraction(one.cost_left), rounding), books)}"
                f" for revenue of {money(one.revenue_left, books)}; cost less revenue"
                f" to date was {money(one.realised, books)}."
                f" {money(one.provision, books)} are provided for,"
                f" {money(one.amount, books)} of it new."
            )
        ],
        figures={
            "through": one.through,
            "cost_left": one.cost_left,
            "revenue_left": one.revenue_left,
            "realised": one.realised,
            "provision": one.provision,
            "used": one.used,
            "new": one.amount,
        },
        checks=[
            Check(
                figure=f"provision for {one.contract} through {one.through}",
                recomputed=money(due, books),
                stored=money(one.provision, books),
            )
        ],
    )
