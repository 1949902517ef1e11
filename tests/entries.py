"""Build entries and expenses for tests, as a source wrote them, and their columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np

from hourline.kernel.columns import ints
from hourline.kernel.entries import NOT_STATED, EntryColumns, ExpenseColumns
from hourline.kernel.money import currency_of
from tests.builders import CONNECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one approved entry as its source wrote it; an hour of ann on P1.

    It is an expense where it has a cost, in minor units; then it has no seconds.
    """

    entry_no: int = 1
    revision: int = 1
    connection_no: int = CONNECTION
    source_id: str = "t1"
    person: str = "ann"
    project: str = "P1"
    activity: str | None = None
    hour_type: str | None = None
    role: str | None = None
    work_date: date = date(2025, 3, 5)
    seconds: int = 3_600
    billable_seconds: int | None = None
    approved_at: datetime | None = None
    price: Decimal | None = None
    cost: int | None = None
    cost_currency: str = "USD"
    markup_ppm: int = 0
    tax: int = 0
    recoverable: bool = True
    receipt: str | None = None
    recovery_stated: bool = False

    @property
    def recoverable_tax(self) -> int:
        """Give the input tax that comes back, as far as the source says."""
        return self.tax if self.recoverable else 0

    @property
    def by_rule(self) -> bool:
        """Say whether a row of the tax table may say how much of it comes back."""
        return self.recoverable and not self.recovery_stated


def expense(
    cost: int = 10_000,
    currency: str = "USD",
    *,
    markup_ppm: int = 0,
    tax: int = 0,
    recoverable: bool = True,
    receipt: str | None = None,
    project: str = "P1",
    person: str = "ann",
    activity: str | None = None,
    work_date: date = date(2025, 3, 5),
    entry_no: int = 1,
    revision: int = 1,
) -> Entry:
    """Return an approved expense of ann on P1: 100 USD at cost."""
    return Entry(
        cost=cost,
        cost_currency=currency,
        markup_ppm=markup_ppm,
        tax=tax,
        recoverable=recoverable,
        receipt=receipt,
        project=project,
        person=person,
        activity=activity,
        work_date=work_date,
        entry_no=entry_no,
        revision=revision,
        seconds=0,
    )


def _expense_columns(entries: Sequence[Entry]) -> ExpenseColumns:
    found = [(row, one) for row, one in enumerate(entries) if one.cost is not None]
    return ExpenseColumns(
        row=ints([row for row, _ in found]),
        cost=ints([one.cost or 0 for _, one in found]),
        currency=ints([currency_of(one.cost_currency).number for _, one in found]),
        markup_ppm=ints([one.markup_ppm for _, one in found]),
        tax=ints([one.recoverable_tax for _, one in found]),
        receipted=ints([one.receipt is not None for _, one in found]),
        by_rule=ints([one.by_rule for _, one in found]),
    )


def entry_columns(entries: Sequence[Entry]) -> EntryColumns:
    """Return entries as columns."""
    approved = [
        entry.approved_at or datetime(*entry.work_date.timetuple()[:3], tzinfo=UTC)
        for entry in entries
    ]
    return EntryColumns(
        entry_no=ints([entry.entry_no for entry in entries]),
        revision=np.array([entry.revision for entry in entries], dtype=np.int32),
        connection_no=np.array(
            [entry.connection_no for entry in entries], dtype=np.int32
        ),
        source_id=[entry.source_id for entry in entries],
        person_ref=[entry.person for entry in entries],
        project_ref=[entry.project for entry in entries],
        activity_ref=[entry.activity for entry in entries],
        hour_type_ref=[entry.hour_type for entry in entries],
        role_ref=[entry.role for entry in entries],
        work_date=np.array(
            [entry.work_date for entry in entries], dtype="datetime64[D]"
        ),
        worked_seconds=ints([entry.seconds for entry in entries]),
        billable_seconds=ints(
            [
                NOT_STATED if entry.billable_seconds is None else entry.billable_seconds
                for entry in entries
            ]
        ),
        approved_at=np.array(
            [moment.replace(tzinfo=None) for moment in approved],
            dtype="datetime64[us]",
        ),
        expenses=_expense_columns(entries),
        price=ints(
            [
                NOT_STATED if entry.price is None else int(entry.price * 10_000)
                for entry in entries
            ]
        ),
    )
