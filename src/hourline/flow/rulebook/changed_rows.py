"""Know the rows that a draft changes, by the numbers that decisions name them by."""

from collections.abc import Sequence

import numpy as np

from hourline.decide.again import Outcome
from hourline.kernel.columns import Flags, Ints, ints
from hourline.kernel.effective import day_number
from hourline.kernel.entries import EntryColumns
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.tables import TABLE_BY_NAME, TAX
from hourline.master.snapshot import RecordNotKnown, Snapshot


class ChangedRows:
    """Hold the rows a draft changes; those of the same id before and after count."""

    def __init__(
        self, differences: Sequence[RowDifference], now: Snapshot, after: Snapshot
    ) -> None:
        """Take what a draft changes."""
        self._numbers: dict[str, list[int]] = {}
        self._taxes: list[tuple[int, int]] = []
        for one in differences:
            kind = TABLE_BY_NAME[one.table].kind.kind
            number = now.number(kind, one.id)
            if number is None:
                continue
            self._numbers.setdefault(kind, []).append(number)
            if one.table == TAX.name and _charges_otherwise(number, now, after):
                self._taxes.append((number, day_number(one.since)))

    def relevant(self, kind: str, before: Ints, after: Ints) -> Flags:
        """Say where a rule is another, or says something else than before."""
        own: Flags = np.isin(after, ints(self._numbers.get(kind, [])))
        flags: Flags = (before != after) | own
        return flags

    def taxed_otherwise(self, entries: EntryColumns, outcome: Outcome) -> Flags:
        """Say whose tax row stays the same and charges otherwise on the work date."""
        found = np.zeros(len(entries.entry_no), dtype=np.bool_)
        days = entries.work_date.astype("datetime64[D]").astype(np.int64)
        for number, since in self._taxes:
            found |= (outcome.tax_rule == number) & (days >= since)
        flags: Flags = found & outcome.accepted
        return flags


def _charges_otherwise(number: int, now: Snapshot, after: Snapshot) -> bool:
    try:
        before, becomes = (one.tax_rule(number).content for one in (now, after))
    except RecordNotKnown:
        return False
    return (before.rate, before.code) != (becomes.rate, becomes.code)
