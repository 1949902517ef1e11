"""Report what a group stands at in its own currency, as its entities' books are."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Role
from hourline.kernel.money import currency_numbered
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import (
    FxRateMissing,
    GroupInForce,
    Snapshot,
    group_in_force,
)
from hourline.proof.rules.translate_group import (
    ELIMINATED,
    BookedSum,
    GroupBalances,
    rates_needed,
    translate_group,
)

QUERIES = load_queries(__package__)
_NAMED_MAX = 5


@dataclass(frozen=True, slots=True)
class GroupReport:
    """Hold the balances of a group through a day, and the group as it is on it."""

    group: GroupInForce
    through: date
    balances: GroupBalances


def report_group(
    session: Session, snapshot: Snapshot, name: str | None, *, through: date
) -> GroupReport | Problem:
    """Return the balances of a group through a day; without a name of the only one.

    Nothing is booked. Returns the problem `fx_rate_not_found`, naming currencies and
    days, where a rate is missing. Raises GroupNotKnown.
    """
    group = group_in_force(snapshot, name, through)
    sums = session.all(
        QUERIES["group_sums"],
        BookedSum,
        entity_nos=list(group.entity_nos),
        through=through,
        roles_eliminated=[int(role) for role in ELIMINATED],
        ic_cost=int(Role.IC_COST),
        cause_intercompany=int(Cause.INTERCOMPANY_INVOICE),
    )
    rates: dict[tuple[int, date], Fraction] = {}
    missing: list[tuple[int, date]] = []
    for currency, day in sorted(rates_needed(sums, through)):
        try:
            rates[currency, day] = snapshot.minor_fx(
                currency, group.currency.number, day
            )
        except FxRateMissing:
            missing.append((currency, day))
    if missing:
        return _refused(group, missing)
    balances = translate_group(sums, rates, through=through, rounding=group.rounding)
    return GroupReport(group, through, balances)


def _refused(group: GroupInForce, missing: list[tuple[int, date]]) -> Problem:
    code = group.currency.code
    named = [
        f"{currency_numbered(currency).code} to {code} on {day}"
        for currency, day in missing
    ]
    more = len(named) - _NAMED_MAX
    said = ", ".join(named[:_NAMED_MAX]) + (f" and {more} more" if more > 0 else "")
    return Problem(
        ProblemCode.FX_RATE_NOT_FOUND,
        f"The balances of group {group.id} need rates that there are not: {said}.",
        "Add the rates, or their opposites, and ask again.",
        {"group": group.id, "missing": "; ".join(named)},
    )
