"""Write the entries that a rulebook would change to a CSV file, one row each."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from hourline.cli.desk import CannotOpen

if TYPE_CHECKING:
    from hourline.flow.rulebook.changes import Taking, TrialEntry

_RULES = ("bill_rate", "tax_rule", "time_rounding", "transfer_price", "cross_charge")
COLUMNS = (
    "entry",
    "work_date",
    "person",
    "project",
    "entity",
    "contract",
    "contract_line",
    "currency",
    "state",
    "seconds_before",
    "seconds_after",
    "amount_before",
    "amount_after",
    "difference",
    *(f"{rule}_{side}" for rule in _RULES for side in ("before", "after")),
)
# A spreadsheet would compute what begins so.
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def entry_file(path: Path | None) -> Iterator["Taking | None"]:
    """Give what writes an entry as a row; nothing where no file is wanted.

    Amounts are in major units, seconds are billable. Raises CannotOpen.
    """
    if path is None:
        yield None
        return
    with _opened(path) as opened:
        rows = csv.writer(opened, lineterminator="\n")
        rows.writerow(COLUMNS)

        def take(entry: "TrialEntry") -> None:
            rows.writerow(_row(entry))

        yield take


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}."
        raise CannotOpen(msg) from error


def _row(entry: "TrialEntry") -> list[str]:
    from hourline.kernel.money import currency_of, major_units

    currency = currency_of(entry.currency)
    amounts = (entry.amount_before, entry.amount_after, entry.difference)
    named = (
        entry.entry,
        entry.work_date.isoformat(),
        entry.person,
        entry.project,
        entry.entity,
        entry.contract,
        entry.contract_line,
        entry.currency,
    )
    rules = [one for rule in _RULES for one in getattr(entry, rule)]
    return [
        *map(_safe, named),
        _state(entry),
        str(entry.seconds_before),
        str(entry.seconds_after),
        *(f"{major_units(amount, currency):f}" for amount in amounts),
        *(_safe(one or "") for one in rules),
    ]


def _state(entry: "TrialEntry") -> str:
    state = "invoiced" if entry.invoiced else "open"
    return f"{state}, refused then" if entry.refused else state


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text
