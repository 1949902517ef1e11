"""Say in few words why entries would be decided otherwise."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hourline.master.rulebook.tables import (
    BILL_RATES,
    CROSS_CHARGES,
    TAX,
    TIME_ROUNDING,
    TRANSFER_PRICES,
)

if TYPE_CHECKING:
    from hourline.flow.rulebook.groups import TrialGroup
    from hourline.master.rulebook.differences import RowDifference
    from hourline.master.rulebook.model import RuleRow

_WORDS = (
    ("rate", BILL_RATES, "bill_rate"),
    ("tax", TAX, "tax_rule"),
    ("time rounding", TIME_ROUNDING, "time_rounding"),
    ("transfer price", TRANSFER_PRICES, "transfer_price"),
    ("cross-charge", CROSS_CHARGES, "cross_charge"),
)
# These say where and when a row holds, and not what it says.
_PLACES = frozenset({"from", "until"})


class Reasons:
    """Put the rows of a group into words, with what a draft changes in them."""

    def __init__(self, differences: "Sequence[RowDifference]") -> None:
        """Take what a draft changes."""
        self._changed = {(one.table, one.id): one for one in differences}

    def of(self, group: "TrialGroup") -> str:
        """Return why a group changes: other rows, or what its rows say then."""
        told = [
            one
            for name, table, field in _WORDS
            for one in self._told(name, table.name, getattr(group, field))
        ]
        return "; ".join(told) or "hour type, exchange or cost"

    def _told(
        self, name: str, table: str, ids: tuple[str | None, str | None]
    ) -> Iterator[str]:
        before, after = ids
        if before != after:
            yield f"{name} {before or 'none'} -> {after or 'none'}"
        elif before is not None and (table, before) in self._changed:
            changes = ", ".join(_changes(self._changed[table, before]))
            yield f"{name} {before}: {changes}" if changes else f"{name} {before}"


def _changes(one: "RowDifference") -> Iterator[str]:
    """Yield what each column says before and after, where one row becomes one."""
    if len(one.before) != 1 or len(one.after) != 1:
        yield f"other rows from {one.since} on"
        return
    (before,), (after,) = one.before, one.after
    for column in one.columns:
        if column not in _PLACES:
            yield f"{column} {_cell(before, column)} -> {_cell(after, column)}"


def _cell(row: "RuleRow", column: str) -> str:
    return row.cell(column) or "none"
