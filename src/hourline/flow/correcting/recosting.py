"""Price an entry anew, or where it cannot be decided anew correct its cost alone.

What stands on an invoice keeps its portions, price, accrual and what entities charge
each other for it, until somebody credits it. What it costs is no concern of who pays
the invoice: that follows the terms in force at once.
"""

from datetime import date

from hourline.billing import service as billing
from hourline.decide.again import Work
from hourline.decide.again_costs import CostsAgain
from hourline.decide.correcting_cost import CorrectedCost, correct_cost
from hourline.flow.allotting import working_snapshot
from hourline.flow.correcting.otherwise import booked_otherwise, costs_otherwise
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
from hourline.kernel.columns import NOTHING
from hourline.kernel.problems import Problem
from hourline.ledger.vendor_bills import end_matches
from hourline.master.snapshot import NoOpenPeriod, Snapshot


def reprice(session: Session, entry_no: int, anew: Anew) -> Redecided | Problem:
    """Bring an entry to the terms in force; with a problem, nothing was changed.

    What is invoiced, given up or left out by an invoice keeps all but its cost.
    """
    try:
        with session.savepoint():
            recosted = _recosted(session, entry_no, anew)
    except Refused as refusal:
        return refusal.problem
    return redecide(session, entry_no, anew) if recosted is None else recosted


def _recosted(session: Session, entry_no: int, anew: Anew) -> Redecided | None:
    """Correct the cost of what cannot be decided anew; None where it can."""
    standing = standing_of(session, entry_no)
    key = (entry_no, standing.revision)
    billing.lock_contracts(session, billing.read_contracts_of(session, [key]))
    settled = billing.read_settled(session, *key)
    refusal = billing.why_not_replaced(standing.source_id, settled)
    if refusal is None and not billing.is_given_up(session, entry_no, settled):
        return None
    snapshot = working_snapshot(session)
    of, ever = Work(entry_nos=(entry_no,)), (date.min, date.max)
    found = next(booked_otherwise(session, snapshot, of, ever), None)
    if found is None or found.standing.entries.revision[0] != standing.revision:
        raise Refused(undecided(standing))
    costs, differs = costs_otherwise(found.standing, snapshot)
    if not differs[0]:
        if refusal is not None and found.apart_from_cost[0]:
            raise Refused(refusal)
        return Redecided(entry_no, changed=False)
    _correct(session, snapshot, standing, _corrected(standing, costs, anew))
    return Redecided(entry_no, changed=True)


def _corrected(
    standing: StandingVersion, costs: CostsAgain, anew: Anew
) -> CorrectedCost:
    rate = int(costs.rate[0])
    return CorrectedCost(
        entry_no=standing.entry_no,
        revision=standing.revision,
        cost=int(costs.cost[0]),
        cost_rate_no=None if rate == NOTHING else rate,
        actor=anew.because.actor,
        reason=anew.because.reason,
        proposal_no=anew.proposal_no,
    )


def _correct(
    session: Session,
    snapshot: Snapshot,
    standing: StandingVersion,
    corrected: CorrectedCost,
) -> None:
    """Book the cost, and match anew what a vendor billed for the time."""
    try:
        end_matches(session, snapshot, [standing.entry_no])
        correct_cost(session, snapshot, corrected, recorded_at=now())
    except NoOpenPeriod as error:
        raise Refused(no_open_period(standing, error)) from None
    match_in(session, snapshot, [standing.entry_no])
