"""Explain what the cost of an entry was corrected to while the rest of it stayed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hourline.decide.again_costs import costs_again
from hourline.decide.rules.accounting_period import as_booked, as_recosted
from hourline.flow.explain.model import Check, RulesAt, Step, money
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.columns import NOTHING, ints
from hourline.kernel.effective import day_number
from hourline.kernel.entries import EntryColumns
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class CostOfTerms:
    """Hold a correction of a cost, in minor units of who bears it.

    The days count from 1970-01-01: the contracting entity's, and a lender's.
    """

    correction_no: int
    entity_no: int
    cost_rate: str | None
    cost_before: int
    cost_after: int
    accounting_date: date
    change_no: int
    actor: str
    reason: str
    proposal_no: int | None
    own_day: int
    lending_day: int | None


def cost_correction_steps(
    session: Session, rules: RulesAt, entries: EntryColumns
) -> Iterator[Step]:
    """Yield every correction of a revision's cost, worked out anew by its own terms."""
    found = session.all(
        QUERIES["cost_corrections"],
        CostOfTerms,
        entry_no=int(entries.entry_no[0]),
        revision=int(entries.revision[0]),
    )
    for one in found:
        yield _step(one, entries, rules.at(one.change_no))


def _step(one: CostOfTerms, entries: EntryColumns, snapshot: Snapshot) -> Step:
    lending = NOTHING if one.lending_day is None else one.lending_day
    decided_on = as_booked(ints([one.own_day]), ints([lending]))
    booked = as_recosted(decided_on, ints([day_number(one.accounting_date)]))
    costs = costs_again(entries, snapshot, booked=booked)
    books = snapshot.entity(one.entity_no).currency
    by = f"cost rate {one.cost_rate}" if one.cost_rate else "no cost rate"
    return Step(
        about="cost correction",
        sentences=[
            (
                f"It was not decided anew, but by {by} it costs"
                f" {money(one.cost_after, books)} instead of"
                f" {money(one.cost_before, books)}, booked on {one.accounting_date}"
                f" for {one.actor}: {one.reason}"
            )
        ],
        figures={
            "row": one.cost_rate,
            "before": one.cost_before,
            "after": one.cost_after,
            "accounting_date": one.accounting_date,
            "proposal": one.proposal_no,
        },
        checks=[
            Check(
                figure=f"cost of correction {one.correction_no}",
                recomputed=money(int(costs.cost[0]), books),
                stored=money(one.cost_after, books),
            )
        ],
    )
