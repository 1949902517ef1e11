"""Correct the cost of a decided revision, of which nothing else is decided anew.

The cost that stands is mirrored at its stored figures, and the corrected one is a line
of its own; what ends the revision later mirrors that like any other line of it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from hourline.decide.mirroring import mirror_lines
from hourline.decide.model import JournalColumns
from hourline.decide.store import QUERIES, store_journal
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, Role
from hourline.kernel.columns import ints
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot

_OF_COST = {"entry_cause": int(Cause.ENTRY), "cost": int(Effect.COST)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedCost:
    """Say what a revision costs, in minor units of who bears it, who says so and why.

    `cost_rate_no` is the cost rate, None where the person has none.
    """

    cost: int
    cost_rate_no: int | None
    actor: str
    reason: str
    proposal_no: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCost:
    """Hold the cost that stands of a revision, and the number of its next correction.

    `booked_on` is the day it stands on.
    """

    entry_no: int
    revision: int
    correction_no: int
    contract_no: int
    entity_no: int
    project_no: int
    person_no: int
    cost: int
    booked_on: date
    work_date: date


def read_standing_cost(session: Session, entry_no: int, revision: int) -> StandingCost:
    """Return the cost that stands of a decided revision of time."""
    return session.one(
        QUERIES["standing_cost"],
        StandingCost,
        entry_no=entry_no,
        revision=revision,
        **_OF_COST,
    )


def correcting_day(snapshot: Snapshot, stands: StandingCost) -> date:
    """Return the day on which a cost is corrected; raise NoOpenPeriod.

    The day on which it stands while its month is open, else the first day of the next
    open one.
    """
    return snapshot.accounting_date(stands.entity_no, stands.booked_on, Subledger.COSTS)


def correct_cost(
    session: Session,
    snapshot: Snapshot,
    stands: StandingCost,
    corrected: CorrectedCost,
    *,
    recorded_at: datetime,
) -> None:
    """Book what a revision costs in place of the cost that stands, and keep why.

    The mirror and the new line are of `correcting_day`. Raises NoOpenPeriod before
    anything is written.
    """
    key = {"entry_no": stands.entry_no, "revision": stands.revision}
    rows = session.tuples(QUERIES["cost_line_to_mirror"], **key, **_OF_COST)
    opened = correcting_day(snapshot, stands)
    mirrored = mirror_lines(rows, snapshot)
    session.run(
        QUERIES["keep_cost_correction"],
        correction_no=stands.correction_no,
        contract_no=stands.contract_no,
        entity_no=stands.entity_no,
        cost_rate_no=corrected.cost_rate_no,
        cost_before=stands.cost,
        cost_after=corrected.cost,
        accounting_date=opened,
        change_no=snapshot.change_no,
        actor=corrected.actor,
        reason=corrected.reason,
        proposal_no=corrected.proposal_no,
        recorded_at=recorded_at,
        **key,
    )
    store_journal(session, mirrored, recorded_at=recorded_at)
    if corrected.cost:
        currency = snapshot.entity(stands.entity_no).currency
        line = _line(replace(stands, cost=corrected.cost), opened, currency)
        store_journal(session, line, recorded_at=recorded_at)


def _line(corrected: StandingCost, opened: date, currency: int) -> JournalColumns:
    return JournalColumns(
        cause=np.array([Cause.ENTRY], dtype=np.int16),
        cause_no=ints([corrected.entry_no]),
        cause_revision=np.array([corrected.revision], dtype=np.int32),
        part=np.array([corrected.correction_no], dtype=np.int32),
        effect=np.array([Effect.COST], dtype=np.int16),
        mirror=np.array([False]),
        entity_no=np.array([corrected.entity_no], dtype=np.int32),
        contract_no=np.array([corrected.contract_no], dtype=np.int32),
        project_no=np.array([corrected.project_no], dtype=np.int32),
        person_no=np.array([corrected.person_no], dtype=np.int32),
        debit=np.array([Role.COST], dtype=np.int16),
        credit=np.array([Role.PAYROLL_ALLOCATION], dtype=np.int16),
        currency=np.array([currency], dtype=np.int16),
        amount=ints([corrected.cost]),
        entity_currency=np.array([currency], dtype=np.int16),
        entity_amount=ints([corrected.cost]),
        accounting_date=np.array([opened], dtype="datetime64[D]"),
        document_date=np.array([corrected.work_date], dtype="datetime64[D]"),
    )
