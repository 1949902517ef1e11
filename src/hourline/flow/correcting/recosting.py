"""Price an entry anew, or where it cannot be decided anew correct its cost alone.

What stands on an invoice keeps its portions, price, accrual and what entities charge
each other for it, until somebody credits it. What it costs is no concern of who pays
the invoice: that follows the terms in force at once.
"""

from dataclasses import dataclass
from datetime import date

from hourline.billing import service as billing
from hourline.decide.again import Standing, Work
from hourline.decide.again_costs import CostsAgain, costs_again
from hourline.decide.correcting_cost import (
    CorrectedCost,
    correct_cost,
    correcting_day,
    read_standing_cost,
)
from hourline.decide.rules.accounting_period import as_recosted
from hourline.flow.allotting import working_snapshot
from hourline.flow.correcting.otherwise import (
    Otherwise,
    booked_otherwise,
    costs_otherwise,
)
from hourline.flow.correcting.redeciding import (
    Anew,
    Redecided,
    Refused,
    no_open_period,
    redecide,
    standing_of,
    undecided,
)
from hourline.flow.transactions import now
from hourline.flow.vendor_bills import match_in
from hourline.infra.database import Session
from hourline.intake.redeciding import StandingVersion
from hourline.kernel.columns import NOTHING, ints
from hourline.kernel.effective import day_number
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger.vendor_bills import end_matches
from hourline.master.snapshot import NoOpenPeriod, Snapshot


@dataclass(frozen=True, slots=True)
class _Kept:
    """Hold an entry that cannot be decided anew, and why; no reason if given up."""

    version: StandingVersion
    otherwise: Otherwise
    reason: Problem | None


def reprice(session: Session, entry_no: int, anew: Anew) -> Redecided | Problem:
    """Bring an entry to the terms in force; with a problem, nothing was changed.

    What is invoiced, given up or left out by an invoice keeps all but its cost.
    """
    snapshot = working_snapshot(session)
    try:
        with session.savepoint():
            kept = _kept(session, snapshot, entry_no)
            if kept is not None:
                changed = _recosted(session, snapshot, kept, anew)
                return Redecided(entry_no, changed=changed)
    except Refused as refusal:
        return refusal.problem
    return redecide(session, entry_no, anew)


def _kept(session: Session, snapshot: Snapshot, entry_no: int) -> _Kept | None:
    """Return what cannot be decided anew, locked; None where it can."""
    version = standing_of(session, entry_no)
    key = (entry_no, version.revision)
    billing.lock_contracts(session, billing.read_contracts_of(session, [key]))
    settled = billing.read_settled(session, *key)
    reason = billing.why_not_replaced(version.source_id, settled)
    if reason is None and not billing.is_given_up(session, entry_no, settled):
        return None
    of, ever = Work(entry_nos=(entry_no,)), (date.min, date.max)
    found = next(booked_otherwise(session, snapshot, of, ever), None)
    if found is None or found.standing.entries.revision[0] != version.revision:
        raise Refused(undecided(version))
    return _Kept(version, found, reason)


def _recosted(session: Session, snapshot: Snapshot, kept: _Kept, anew: Anew) -> bool:
    """Correct the cost if it differs, and match anew what a vendor billed for it."""
    _, differs = costs_otherwise(kept.otherwise.standing, snapshot)
    if not differs[0]:
        if kept.reason is not None and kept.otherwise.apart_from_cost[0]:
            raise Refused(kept.reason)
        return False
    version = kept.version
    stands = read_standing_cost(session, version.entry_no, version.revision)
    try:
        opened = correcting_day(snapshot, stands)
        costs = _costs_on(kept.otherwise.standing, snapshot, opened)
        if not costs.known[0]:
            raise Refused(_not_translated(version, opened))
        if costs.cost[0] == stands.cost:
            return False
        end_matches(session, snapshot, [version.entry_no])
        corrected = _corrected(costs, anew)
        correct_cost(session, snapshot, stands, corrected, recorded_at=now())
    except NoOpenPeriod as error:
        raise Refused(no_open_period(version, error)) from None
    match_in(session, snapshot, [version.entry_no])
    return True


def _costs_on(standing: Standing, snapshot: Snapshot, day: date) -> CostsAgain:
    """Return what an entry costs where that is booked on a day."""
    booked = as_recosted(standing.booked, ints([day_number(day)]))
    return costs_again(standing.entries, snapshot, booked=booked)


def _corrected(costs: CostsAgain, anew: Anew) -> CorrectedCost:
    rate = int(costs.rate[0])
    return CorrectedCost(
        cost=int(costs.cost[0]),
        cost_rate_no=None if rate == NOTHING else rate,
        actor=anew.because.actor,
        reason=anew.because.reason,
        proposal_no=anew.proposal_no,
    )


def _not_translated(version: StandingVersion, day: date) -> Problem:
    return Problem(
        ProblemCode.FX_RATE_NOT_FOUND,
        f"What time entry {version.source_id} costs cannot be translated: there is no"
        f" rate of exchange on {day}.",
        "Add the rate of exchange, and ask for it again.",
        {"source_id": version.source_id},
    )
