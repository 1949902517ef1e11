"""Name the figures of a group's balances as scenarios name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hourline.kernel.codes import Role
from hourline.kernel.money import major_units
from hourline.proof.group_balances import GroupReport
from hourline.scenarios.format.group_rows import (
    ELIMINATION_DIFFERENCE,
    TRANSLATION_DIFFERENCE,
)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Hold balances by entity and role, eliminations likewise, and what is left.

    In major units of the group's currency.
    """

    entities: Mapping[str, Mapping[str, Decimal]]
    eliminated: Mapping[str, Mapping[str, Decimal]]
    total: Mapping[str, Decimal]


def group_figures(report: GroupReport) -> GroupFigures:
    """Return the figures of a report by the names of roles and differences."""
    found = report.balances
    minor: dict[str, dict[str, int]] = {
        entity: _named(roles) for entity, roles in found.balances().items()
    }
    for entity, difference in found.translation_differences.items():
        minor.setdefault(entity, {})[TRANSLATION_DIFFERENCE] = difference
    taken_out: dict[str, dict[str, int]] = {}
    for one in found.eliminations:
        roles = taken_out.setdefault(one.entity, {})
        name = one.role.name.lower()
        roles[name] = roles.get(name, 0) + one.group_amount
    total = {
        **_named(found.totals()),
        TRANSLATION_DIFFERENCE: found.translation_difference,
        ELIMINATION_DIFFERENCE: found.elimination_difference,
    }
    currency = report.group.currency

    def major(roles: Mapping[str, int]) -> dict[str, Decimal]:
        return {name: major_units(amount, currency) for name, amount in roles.items()}

    return GroupFigures(
        {entity: major(roles) for entity, roles in minor.items()},
        {entity: major(roles) for entity, roles in taken_out.items()},
        major(total),
    )


def _named(roles: Mapping[Role, int]) -> dict[str, int]:
    return {role.name.lower(): amount for role, amount in roles.items()}
