"""Carry approved entries between stages as columns, one row per revision."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hourline.kernel.columns import Ints, ints

NOT_STATED = -1


@dataclass(frozen=True, slots=True)
class ExpenseColumns:
    """Hold what only expenses have; they are few, so `row` says where each stands.

    The cost is in minor units of a currency by its ISO number, the markup in millionths
    of the cost.
    """

    row: Ints
    cost: Ints
    currency: Ints
    markup_ppm: Ints

    def __len__(self) -> int:
        """Return how many expenses there are."""
        return len(self.row)


NO_EXPENSES = ExpenseColumns(ints([]), ints([]), ints([]), ints([]))


@dataclass(frozen=True, slots=True)
class EntryColumns:
    """Hold revisions to decide: ids and codes as the source wrote them, exact seconds.

    All columns have the same length. `billable_seconds` is NOT_STATED where the
    approver said nothing. `work_date` is a day, `approved_at` an instant in UTC. An
    expense is an entry of no seconds that `expenses` has a row for.
    """

    entry_no: NDArray[np.int64]
    revision: NDArray[np.int32]
    connection_no: NDArray[np.int32]
    source_id: list[str]
    person_ref: list[str]
    project_ref: list[str]
    activity_ref: list[str | None]
    hour_type_ref: list[str | None]
    role_ref: list[str | None]
    work_date: NDArray[np.datetime64]
    worked_seconds: NDArray[np.int64]
    billable_seconds: NDArray[np.int64]
    approved_at: NDArray[np.datetime64]
    expenses: ExpenseColumns = NO_EXPENSES

    def __len__(self) -> int:
        """Return how many revisions there are."""
        return len(self.entry_no)
