"""Find the entries in force that would be booked otherwise by the terms of now.

An entry can change by the day of its person alone: a row of time rounding gathers the
day, and its last open entry carries the difference. So days are rounded again whole,
as a dry run of a rulebook rounds them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hourline.decide.again import (
    Outcome,
    Standing,
    Work,
    decide_again,
    standing_entries,
)
from hourline.decide.again_by_day import days_were_rounded, with_their_days
from hourline.decide.again_costs import CostsAgain, costs_again
from hourline.decide.model import Decided
from hourline.flow.rulebook.days import Days
from hourline.infra.database import Session
from hourline.kernel.columns import NOTHING, Flags
from hourline.master.snapshot import RecordNotKnown, Snapshot


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Say of work in force what would be booked otherwise, by its position.

    `apart_from_cost` is where something differs that is not what the time costs.
    """

    standing: Standing
    whole: Flags
    apart_from_cost: Flags


def booked_otherwise(
    session: Session, snapshot: Snapshot, of: Work, dates: tuple[date, date]
) -> Iterator[Otherwise]:
    """Yield the work in force of dates, with what of it would be booked otherwise.

    From inclusive, until exclusive. What is invoiced keeps its time.
    """
    days = Days(snapshot, snapshot)
    by_day = days.gathered or days_were_rounded(session)
    for standing in standing_entries(session, dates, of=of):
        if by_day:
            yield _of_days(session, snapshot, standing, days)
            continue
        becomes, _ = _again(standing, snapshot)
        becomes = _taxed_alike(standing, becomes, snapshot)
        apart = standing.outcome.differs_but_in_cost(becomes)
        yield Otherwise(standing, apart | _costs(standing, becomes, snapshot), apart)


def costs_otherwise(standing: Standing, snapshot: Snapshot) -> tuple[CostsAgain, Flags]:
    """Return what work in force costs by the terms of now, and where that differs.

    Whatever else the terms of now say of it, in the books that bear its cost.
    """
    costs = costs_again(standing.entries, snapshot, booked=standing.costs_booked)
    return costs, costs.differ(standing)


def _costs(standing: Standing, becomes: Outcome, snapshot: Snapshot) -> Flags:
    """Say which costs differ: each at the rate of exchange of the day it stands on."""
    differs = standing.outcome.costs_otherwise(becomes)
    if standing.costs_booked is standing.booked:
        return differs
    moved = standing.costs_booked.resourcing_day != standing.booked.resourcing_day
    _, of_day = costs_otherwise(standing, snapshot)
    found: Flags = np.where(moved, of_day, differs)
    return found


def _taxed_alike(standing: Standing, becomes: Outcome, snapshot: Snapshot) -> Outcome:
    """Return what is decided anew, by the tax row that stands where both say alike."""
    stood, rules = standing.outcome.tax_rule, becomes.tax_rule.copy()
    others = (stood != rules) & (stood != NOTHING) & (rules != NOTHING)
    for place in np.flatnonzero(others).tolist():
        day: date = standing.entries.work_date[place].item()
        before, then = (
            _tax_said(snapshot, int(column[place]), day) for column in (stood, rules)
        )
        if before is not None and before == then:
            rules[place] = stood[place]
    return replace(becomes, tax_rule=rules)


def _tax_said(snapshot: Snapshot, rule_no: int, day: date) -> tuple[object, ...] | None:
    """Return what a row charges and says on a day, None where it says nothing then."""
    try:
        rule = snapshot.tax_rule(rule_no, on=day).content
    except RecordNotKnown:
        return None
    return rule.rate, rule.code, rule.reason


def _again(standing: Standing, snapshot: Snapshot) -> tuple[Outcome, Decided]:
    return decide_again(standing.entries, snapshot, booked=standing.booked)


def _of_days(
    session: Session, snapshot: Snapshot, standing: Standing, days: Days
) -> Otherwise:
    whole = with_their_days(session, standing)
    stands, becomes = days.anew(session, whole, _again(whole, snapshot))
    becomes = _taxed_alike(whole, becomes, snapshot)
    apart = stands.differs_but_in_cost(becomes)
    apart |= _gathered_by_another(snapshot, stands, becomes)
    asked = np.isin(whole.entries.entry_no, standing.entries.entry_no)
    every = apart | _costs(whole, becomes, snapshot)
    return Otherwise(standing, every[asked], apart[asked])


def _gathered_by_another(
    snapshot: Snapshot, stands: Outcome, becomes: Outcome
) -> Flags:
    """Say which entries another row gathers: all of a day must be of one row."""
    rows = sorted(snapshot.columns.time_roundings.by_day)
    is_gathered = np.isin(becomes.time_rounding, rows)
    another: Flags = is_gathered & (becomes.time_rounding != stands.time_rounding)
    return another
