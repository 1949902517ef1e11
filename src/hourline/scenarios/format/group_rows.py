"""Describe a group of legal entities, and what its balances must be."""

from collections.abc import Mapping
from typing import Literal

from hourline.kernel.codes import Role
from hourline.scenarios.format.figures import Currency, Figure
from hourline.scenarios.format.rows import Row

TRANSLATION_DIFFERENCE = "translation_difference"
ELIMINATION_DIFFERENCE = "elimination_difference"


class GroupRow(Row, frozen=True, kw_only=True):
    """A group of legal entities; each entity names the group it belongs to."""

    id: str
    currency: Currency
    money_rounding: Literal["half_up", "half_even", "half_down"] = "half_up"


class ExpectedGroup(Row, frozen=True, kw_only=True):
    """The named balances of a group through a day, in the group's currency.

    `entities` before elimination and `eliminated` are by entity, `total` is what is
    left of all; each by account role, or by the difference that makes it sum to zero.
    """

    entities: Mapping[str, Mapping[str, Figure]] | None = None
    eliminated: Mapping[str, Mapping[str, Figure]] | None = None
    total: Mapping[str, Figure] | None = None

    def __post_init__(self) -> None:
        for roles in (self.entities or {}).values():
            _refuse_others(roles, {TRANSLATION_DIFFERENCE})
        for roles in (self.eliminated or {}).values():
            _refuse_others(roles, set())
        both = {TRANSLATION_DIFFERENCE, ELIMINATION_DIFFERENCE}
        _refuse_others(self.total or {}, both)


def _refuse_others(roles: Mapping[str, Figure], differences: set[str]) -> None:
    for role in roles:
        if role not in differences and role.upper() not in Role.__members__:
            also = "".join(f" or {name}" for name in sorted(differences))
            raise ValueError(f"expected an account role{also}, found '{role}'")
