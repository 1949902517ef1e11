"""Decide open work of an acquired unit: at the price it brings, its cost booked before.

Nothing is priced, taxed or costed anew: the old books said what it is worth and bore
its cost. What follows of it is one billable portion per entry, which bills, credits
and stops counting like any other.
"""

from collections.abc import Sequence
from datetime import date, datetime

from hourline.infra.database import Session
from hourline.kernel.codes import Fate
from hourline.kernel.entries import EntryColumns
from hourline.kernel.openings import OpeningPosition


def store_opening_work(
    session: Session,
    entries: EntryColumns,
    positions: Sequence[OpeningPosition],
    *,
    cut_over: date,
    change_no: int,
    recorded_at: datetime,
) -> None:
    """Append the decision and the portion of every entry, at no cost."""
    count = len(positions)
    keys = {
        "entry_no": entries.entry_no.tolist(),
        "revision": entries.revision.tolist(),
        "contract_no": [one.contract_no for one in positions],
        "contract_line_no": [one.contract_line_no for one in positions],
        "currency": [one.row.currency for one in positions],
    }
    session.load(
        "decision",
        {
            **keys,
            "project_no": [one.project_no for one in positions],
            "person_no": [one.person_no for one in positions],
            "entity_no": [one.entity_no for one in positions],
            "employing_entity_no": [one.employing_entity_no for one in positions],
            "resourcing_entity_no": [one.resourcing_entity_no for one in positions],
            "work_date": [one.dated for one in positions],
            "accounting_date": [cut_over] * count,
            "late": [False] * count,
            "worked_seconds": [one.row.seconds for one in positions],
            "uplift_seconds": [0] * count,
            "cost_amount": [0] * count,
            "tax_rule_no": [one.tax_rule_no for one in positions],
            "change_no": [change_no] * count,
            "approved_at": entries.approved_at,
            "recorded_at": [recorded_at] * count,
        },
    )
    session.load(
        "portion",
        {
            **keys,
            "part": [0] * count,
            "fate": [int(Fate.BILLABLE)] * count,
            "seconds": [one.row.seconds for one in positions],
            "rate_amount": [one.rate_amount for one in positions],
            "rate_seconds": [one.rate_seconds for one in positions],
            "amount": [one.amount for one in positions],
            "accrued_amount": [one.accrued for one in positions],
        },
    )
