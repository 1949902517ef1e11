"""Say what entities, or departments of one, would charge each other otherwise."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from hourline.decide.again import TransferOutcome
from hourline.kernel.columns import NOTHING, Flags, Ints
from hourline.kernel.money import currency_numbered
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferMove:
    """Hold what a lender charges a borrower in a currency, before and after.

    Both are entities, or the departments of person and project within one. Amounts are
    in minor units; `entries` are those whose charge changes. A price that goes over to
    another currency is a move of each.
    """

    lender: str
    borrower: str
    currency: str
    entries: int
    amount_before: int
    amount_after: int

    @property
    def difference(self) -> int:
        """Give what is charged more, in minor units; less is negative."""
        return self.amount_after - self.amount_before


class TransferSums:
    """Add up, batch by batch, what is charged for the entries that change."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._sums: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0] * 3)

    def add(
        self, before: TransferOutcome, after: TransferOutcome, changed: Flags
    ) -> None:
        """Add the entries of a batch that are `changed` and charged otherwise."""
        rows = np.flatnonzero(changed & before.differs(after))
        same = before.currency[rows] == after.currency[rows]
        for outcome, column, counted in (
            (before, 1, np.ones_like(rows)),
            (after, 2, (~same).astype(np.int64)),
        ):
            self._add(outcome, rows, column, counted)

    def _add(
        self, outcome: TransferOutcome, rows: Ints, column: int, counted: Ints
    ) -> None:
        for lender, borrower, currency, amount, count in zip(
            outcome.lender[rows].tolist(),
            outcome.borrower[rows].tolist(),
            outcome.currency[rows].tolist(),
            outcome.amount[rows].tolist(),
            counted.tolist(),
            strict=True,
        ):
            if lender != NOTHING:
                sums = self._sums[lender, borrower, currency]
                sums[0] += count
                sums[column] += amount

    def moves(self, snapshot: Snapshot, kind: str) -> list[TransferMove]:
        """Return the sums by pair of a kind and currency, largest difference first."""
        found = [
            TransferMove(
                lender=snapshot.record(kind, lender).id,
                borrower=snapshot.record(kind, borrower).id,
                currency=currency_numbered(currency).code,
                entries=entries,
                amount_before=before,
                amount_after=after,
            )
            for (lender, borrower, currency), (entries, before, after) in (
                self._sums.items()
            )
        ]
        return sorted(
            found,
            key=lambda one: (
                -abs(one.difference),
                one.lender,
                one.borrower,
                one.currency,
            ),
        )
