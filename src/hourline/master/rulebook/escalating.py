"""Read a rate that escalates as its row for each year, and write those as one again.

A table holds the rows by year, as master data does, so whatever compares tables sees
each rate. Each says by how much it escalates, but the last of a chain that is as long
as one may be: that one holds without end at what it says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hourline.kernel.money import currency_of
from hourline.master.rulebook.columns import FROM, NotReadable, text_of
from hourline.master.rulebook.model import RuleRow
from hourline.master.rules.escalation import (
    YEAR,
    NoEscalation,
    escalated,
    goes_on_escalating,
)

PERCENT, EVERY = "escalation_percent", "escalation_every"


def by_year(row: RuleRow) -> list[RuleRow]:
    """Return a row as it is published: one for each year where its rate escalates.

    `escalation_every` may be left empty, since a year is all it can be. Raises
    NotReadable.
    """
    cells = dict(row.cells)
    percent = cells.get(PERCENT, "")
    if not percent:
        if cells.get(EVERY):
            raise NotReadable(
                f"{EVERY} is {cells[EVERY]}, without {PERCENT}",
                f"Write by how much the rate changes into {PERCENT}, or empty both.",
            )
        return [row]
    if row.starts == date.min:
        raise NotReadable(
            "The rate escalates, but does not say since when it holds",
            f"Write its first day into {FROM}; each year from it on is another rate.",
        )
    try:
        return _yearly(row, Decimal(percent))
    except NoEscalation as fault:
        raise NotReadable(str(fault), "Write 3 for 3 % more each year.") from None


def _yearly(row: RuleRow, percent: Decimal) -> list[RuleRow]:
    cells = dict(row.cells)
    rates = escalated(
        Decimal(cells["rate"]),
        percent,
        (row.starts, row.ends),
        currency_of(cells["currency"]),
    )
    return [
        replace(
            row,
            starts=one.starts,
            ends=one.ends,
            cells=_with(
                row,
                rate=text_of(one.rate),
                every=YEAR if goes_on_escalating(year) else "",
            ),
        )
        for year, one in enumerate(rates)
    ]


def _with(row: RuleRow, *, rate: str, every: str) -> tuple[tuple[str, str], ...]:
    said = {"rate": rate, EVERY: every} | ({} if every else {PERCENT: ""})
    return tuple({**dict(row.cells), **said}.items())


def as_agreed(rows: Sequence[RuleRow]) -> list[RuleRow]:
    """Return rows for a file: those that one that escalates stands for as that one.

    Read again they say the same. Of rows of which the first is missing, which would
    not, each says its rate and that it does not escalate.
    """
    by_id: dict[str, list[RuleRow]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    chains = {id_: list(_chains(of_id)) for id_, of_id in by_id.items()}
    # A table may be in an order of its own, so each chain stands where its first row
    # does.
    heads = {
        (chain.id, chain.starts): chain for of_id in chains.values() for chain in of_id
    }
    return [heads[row.id, row.starts] for row in rows if (row.id, row.starts) in heads]


def _chains(rows: Sequence[RuleRow]) -> Iterator[RuleRow]:
    left = sorted(rows, key=lambda row: row.starts)
    while left:
        count = _length(left)
        if count:
            yield replace(left[0], ends=left[count - 1].ends)
        else:
            count = 1
            yield replace(left[0], cells=_plain(left[0]))
        left = left[count:]


def _length(rows: Sequence[RuleRow]) -> int:
    """Return how many rows from the first on are one that escalates; 0 for none."""
    first = rows[0]
    if not dict(first.cells).get(PERCENT):
        return 1
    for count in range(len(rows), 0, -1):
        told = by_year(replace(first, ends=rows[count - 1].ends))
        if _said(told) == _said(rows[:count]):
            return count
    return 0


def _said(rows: Sequence[RuleRow]) -> list[RuleRow]:
    """Return rows with those that meet and say the same as one."""
    said: list[RuleRow] = []
    for row in rows:
        if said and said[-1].ends == row.starts and said[-1].cells == row.cells:
            said[-1] = replace(said[-1], ends=row.ends)
        else:
            said.append(row)
    return said


def _plain(row: RuleRow) -> tuple[tuple[str, str], ...]:
    return tuple({**dict(row.cells), PERCENT: "", EVERY: ""}.items())
