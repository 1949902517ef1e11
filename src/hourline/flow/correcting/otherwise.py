"""Find the entries in force that would be booked otherwise by the terms of now.

An entry can change by the day of its person alone: a row of time rounding gathers the
day, and its last open entry carries the difference. So days are rounded again whole,
as a dry run of a rulebook rounds them.
"""

from collections.abc import Iterator
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
from hourline.decide.model import Decided
from hourline.flow.rulebook.days import Days
from hourline.infra.database import Session
from hourline.kernel.columns import Flags
from hourline.master.snapshot import Snapshot


def booked_otherwise(
    session: Session, snapshot: Snapshot, of: Work, dates: tuple[date, date]
) -> Iterator[tuple[Standing, Flags]]:
    """Yield the work in force of dates, with what of it would be booked otherwise.

    From inclusive, until exclusive. What is invoiced keeps its time.
    """
    days = Days(snapshot, snapshot)
    by_day = days.gathered or days_were_rounded(session)
    for standing in standing_entries(session, dates, of=of):
        if by_day:
            yield standing, _of_days(session, snapshot, standing, days)
        else:
            becomes, _ = _again(standing, snapshot)
            yield standing, standing.outcome.books_otherwise(becomes)


def _again(standing: Standing, snapshot: Snapshot) -> tuple[Outcome, Decided]:
    return decide_again(standing.entries, snapshot, booked=standing.booked)


def _of_days(
    session: Session, snapshot: Snapshot, standing: Standing, days: Days
) -> Flags:
    whole = with_their_days(session, standing)
    stands, becomes = days.anew(session, whole, _again(whole, snapshot))
    otherwise = stands.books_otherwise(becomes)
    otherwise |= _gathered_by_another(snapshot, stands, becomes)
    found: Flags = otherwise[np.isin(whole.entries.entry_no, standing.entries.entry_no)]
    return found


def _gathered_by_another(
    snapshot: Snapshot, stands: Outcome, becomes: Outcome
) -> Flags:
    """Say which entries another row gathers: all of a day must be of one row."""
    rows = sorted(snapshot.columns.time_roundings.by_day)
    is_gathered = np.isin(becomes.time_rounding, rows)
    another: Flags = is_gathered & (becomes.time_rounding != stands.time_rounding)
    return another
