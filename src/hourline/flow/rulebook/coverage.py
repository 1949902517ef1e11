"""Find what a draft leaves uncovered: cases that rows hold for now, and none then.

Each case of the history, and what could come on open projects, is decided on the days
on which rows of the draft end or change, with what is in force and with the draft.
What is accepted now and refused then, or then without a row, is not covered any more.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from hourline.decide.again_by_case import Cases, cases_of_history, cases_to_come
from hourline.flow.rulebook.case_losses import CaseLosses, tables_decided_by
from hourline.flow.rulebook.covered_accounts import accounts_lost
from hourline.flow.rulebook.covered_taxes import Lent, taxes_lost
from hourline.flow.rulebook.losses import (
    LossesOn,
    Uncovered,
    days_to_look_at,
    uncovered_on,
)
from hourline.infra.database import Session
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.tables import ACCOUNTS, TAX
from hourline.master.snapshot import Snapshot


def uncovered(
    session: Session,
    differences: Sequence[RowDifference],
    snapshots: tuple[Snapshot, Snapshot],
    *,
    effective_on: date,
) -> list[Uncovered]:
    """Return what has a row now and none with a draft, since when, and how much of it.

    Days before the history begins are not looked at. `snapshots` are the master data of
    now and with the draft.
    """
    narrowed = [one for one in differences if one.before]
    if not narrowed:
        return []
    tables = {one.table for one in narrowed}
    history = cases_of_history(session)
    first = (history and history.since) or effective_on
    looking: list[LossesOn] = []
    if tables & tables_decided_by():
        looking += _of_cases(history, differences, snapshots)
    if ACCOUNTS.name in tables:
        looking.append(accounts_lost(session, narrowed, snapshots))
    days = days_to_look_at(narrowed, not_before=min(first, effective_on))
    return uncovered_on(days, looking)


def _of_cases(
    history: Cases | None,
    differences: Sequence[RowDifference],
    snapshots: tuple[Snapshot, Snapshot],
) -> Iterator[LossesOn]:
    lent: set[Lent] = set()
    for cases in (history, cases_to_come(snapshots[0], history)):
        if cases is not None:
            yield CaseLosses(cases, differences, snapshots, lent).on
    taxes = {one.id for one in differences if one.table == TAX.name}
    if taxes:
        yield lambda day: taxes_lost(day, lent, snapshots, taxes)
