"""Hand expenses on as columns, and write what only they have."""

from collections.abc import Sequence

import numpy as np

from hourline.infra.database import Session
from hourline.intake.model import ExpenseRecord, TimeRecord
from hourline.kernel.columns import ints
from hourline.kernel.entries import NO_EXPENSES, EntryColumns, ExpenseColumns


def expense_columns(records: Sequence[TimeRecord]) -> ExpenseColumns:
    """Return the expenses among records as columns."""
    found = [
        (
            row,
            record.cost,
            record.currency,
            record.markup_ppm,
            record.recoverable_tax,
            int(record.receipt is not None),
            int(not record.recovery_stated),
        )
        for row, record in enumerate(records)
        if isinstance(record, ExpenseRecord)
    ]
    if not found:
        return NO_EXPENSES
    return ExpenseColumns(*(ints(list(column)) for column in zip(*found, strict=True)))


def write_expenses(
    session: Session, entries: EntryColumns, records: Sequence[TimeRecord]
) -> None:
    """Write the expenses among records, of which `entries` are the columns."""
    expenses = entries.expenses
    stated = [one for one in records if isinstance(one, ExpenseRecord)]
    session.load(
        "expense_version",
        {
            "entry_no": entries.entry_no[expenses.row],
            "revision": entries.revision[expenses.row],
            "cost": expenses.cost,
            "currency": expenses.currency.astype(np.int16),
            "markup_ppm": expenses.markup_ppm.astype(np.int32),
            "tax": [one.tax for one in stated],
            "recoverable": [one.recoverable for one in stated],
            "recoverable_ppm": ints([one.recoverable_ppm for one in stated]).astype(
                np.int32
            ),
            "receipt": [one.receipt for one in stated],
            "recovery_stated": [one.recovery_stated for one in stated],
        },
    )
