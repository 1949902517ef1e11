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


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedCost:
    """Say what a revision costs, in minor units of who bears it, who says so and why.

    `cost_rate_no` is the cost rate, None where the person has none.
    """

    entry_no: int
    revision: int
    cost: int
    cost_rate_no: int | None
    actor: str
    reason: str
    proposal_no: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corrected:
    """Hold a revision with the cost that stands; `booked_on` is where it is booked."""

    correction_no: int
    contract_no: int
    entity_no: int
    project_no: int
    person_no: int
    cost: int
    booked_on: date
    work_date: date


def correct_cost(
    session: Session,
    snapshot: Snapshot,
    corrected: CorrectedCost,
    *,
    recorded_at: datetime,
) -> None:
    """Book what a revision costs in place of the cost that stands, and keep why.

    Both lines are in the month of the cost that stands, if it is open, else on the
    first day of the next open one. Raises NoOpenPeriod before anything is written.
    """
    key = {"entry_no": corrected.entry_no, "revision": corrected.revision}
    of_cost = {"entry_cause": int(Cause.ENTRY), "cost": int(Effect.COST)}
    stands = session.one(QUERIES["cost_to_correct"], _Corrected, **key, **of_cost)
    rows = session.tuples(QUERIES["cost_line_to_mirror"], **key, **of_cost)
    opened = snapshot.accounting_date(
        stands.entity_no, stands.booked_on, Subledger.COSTS
    )
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
        line = _line(corrected, replace(stands, booked_on=opened), currency)
        store_journal(session, line, recorded_at=recorded_at)


def _line(
    corrected: CorrectedCost, stands: _Corrected, currency: int
) -> JournalColumns:
    return JournalColumns(
        cause=np.array([Cause.ENTRY], dtype=np.int16),
        cause_no=ints([corrected.entry_no]),
        cause_revision=np.array([corrected.revision], dtype=np.int32),
        part=np.array([stands.correction_no], dtype=np.int32),
        effect=np.array([Effect.COST], dtype=np.int16),
        mirror=np.array([False]),
        entity_no=np.array([stands.entity_no], dtype=np.int32),
        contract_no=np.array([stands.contract_no], dtype=np.int32),
        project_no=np.array([stands.project_no], dtype=np.int32),
        person_no=np.array([stands.person_no], dtype=np.int32),
        debit=np.array([Role.COST], dtype=np.int16),
        credit=np.array([Role.PAYROLL_ALLOCATION], dtype=np.int16),
        currency=np.array([currency], dtype=np.int16),
        amount=ints([corrected.cost]),
        entity_currency=np.array([currency], dtype=np.int16),
        entity_amount=ints([corrected.cost]),
        accounting_date=np.array([stands.booked_on], dtype="datetime64[D]"),
        document_date=np.array([stands.work_date], dtype="datetime64[D]"),
    )
