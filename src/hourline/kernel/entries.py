"""Carry approved entries between stages as columns, one row per revision."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hourline.kernel.columns import Ints, ints

NOT_STATED = -1
# A price set by hand is kept in 1/10000 of the contract's currency, for an hour.
HAND_PRICE_SCALE = 10_000


@dataclass(frozen=True, slots=True)
class ExpenseColumns:
    """Hold what only expenses have; they are few, so `row` says where each stands.

    The cost is what was paid, in minor units of a currency by its ISO number; `tax` the
    part of it that is input tax to be recovered. The markup is in millionths of the
    rest. `receipted` is 1 where there is a receipt, `by_rule` where the source does not
    say how much of the tax is recovered: `tax` is then all of it.
    """

    row: Ints
    cost: Ints
    currency: Ints
    markup_ppm: Ints
    tax: Ints
    receipted: Ints
    by_rule: Ints

    def __len__(self) -> int:
        """Return how many expenses there are."""
        return len(self.row)

    @property
    def net(self) -> Ints:
        """Return the cost without the tax that is recovered."""
        return self.cost - self.tax


NO_EXPENSES = ExpenseColumns(*(ints([]) for _ in range(7)))


@dataclass(frozen=True, slots=True)
class EntryColumns:
    """Hold revisions to decide: ids and codes as the source wrote them, exact seconds.

    All columns have the same length. `billable_seconds` is NOT_STATED where the
    approver said nothing. `work_date` is a day, `approved_at` an instant in UTC.
    `price` is that of an hour, set by hand, in 1/10000 of the contract's currency;
    NOT_STATED where none was. An expense is an entry of no seconds that `expenses` has
    a row for.
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
    price: NDArray[np.int64]
    expenses: ExpenseColumns = NO_EXPENSES

    def __len__(self) -> int:
        """Return how many revisions there are."""
        return len(self.entry_no)
