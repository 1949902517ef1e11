"""Hold what a draft leaves uncovered, by the row that holds for it now."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hourline.master.rulebook.columns import UNTIL
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.model import (
    Book,
    Finding,
    Place,
    RuleRow,
    warning,
)
from hourline.master.rulebook.tables import (
    ACCOUNTS,
    COST_RATES,
    CROSS_CHARGES,
    TAX,
    TIME_ROUNDING,
)

# On so many days on which rows end or change, the first ones, coverage is looked at.
DAYS_MAX = 60
_NAMED_MAX = 5
_EFFECTS: Mapping[str, str] = {
    COST_RATES.name: "such work would cost nothing",
    CROSS_CHARGES.name: "nothing would be charged for such work",
    TIME_ROUNDING.name: "such time would not be rounded",
    TAX.name: "no tax would be charged",
    ACCOUNTS.name: "what is booked there would not be sent, as account_not_found",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Hold one case that has a row now and none on a day with the draft.

    `row` is the id of the row that holds now, None where that is not known; `code` the
    exception that such work would be, None where it would be accepted. `instead` is a
    row, in words, that was always there and takes over. `entries` of the history are
    like it.
    """

    table: str
    row: str | None
    subject: str
    code: str | None
    entries: int = 0
    instead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """Hold everything that a row holds for now and nothing does from a day on.

    `subjects` are the cases in words; those with the most entries come first.
    """

    table: str
    row: str | None
    since: date
    code: str | None
    instead: str | None
    subjects: tuple[str, ...]
    entries: int

    @property
    def sentence(self) -> str:
        """Say what is not covered any more, since when, and what comes of it."""
        named = ", ".join(self.subjects[:_NAMED_MAX])
        more = len(self.subjects) - _NAMED_MAX
        others = f" and {more:,} more" if more > 0 else ""
        if self.instead is not None:
            return (
                f"From {self.since} on {self.row} of {self.table} holds no more for"
                f" {named}{others}: {self._effect}."
            )
        once = f" once {self.row} does not" if self.row else ""
        return (
            f"From {self.since} on no row of {self.table} holds for {named}{others}"
            f"{once}: {self._effect}."
        )

    @property
    def _effect(self) -> str:
        effect = _EFFECTS.get(self.table, "such work would be decided without one")
        if self.code is not None:
            effect = f"such work would be refused as {self.code}"
        if self.instead is not None:
            effect = f"{self.instead} takes over"
        if not self.entries:
            return effect
        told = "entries of the history are"
        if self.entries == 1:
            told = "entry of the history is"
        return f"{effect}; {self.entries:,} {told} like it"


LossesOn = Callable[[date], Iterable[Loss]]


def uncovered_on(days: Sequence[date], looking: Sequence[LossesOn]) -> list[Uncovered]:
    """Return what is lost on some days, each case from the first of them on."""
    first: dict[Loss, tuple[date, int]] = {}
    for day in days:
        counted: Counter[Loss] = Counter()
        for loss in (loss for look in looking for loss in look(day)):
            counted[replace(loss, entries=0)] += loss.entries
        for loss, entries in counted.items():
            first.setdefault(loss, (day, entries))
    cases: dict[tuple[Loss, date], dict[str, int]] = {}
    for loss, (day, entries) in first.items():
        of_row = replace(loss, subject="")
        cases.setdefault((of_row, day), {})[loss.subject] = entries
    return [
        Uncovered(
            table=loss.table,
            row=loss.row,
            since=day,
            code=loss.code,
            instead=loss.instead,
            subjects=tuple(sorted(of, key=lambda one: (-of[one], one))),
            entries=sum(of.values()),
        )
        for (loss, day), of in cases.items()
    ]


def days_to_look_at(
    differences: Sequence[RowDifference], *, not_before: date
) -> list[date]:
    """Return the days on which something that holds now may hold no more."""
    days = {
        max(day, not_before)
        for one in differences
        if one.before
        for day in (
            one.since,
            *(row.ends for row in one.after),
            *(row.starts for row in one.before),
        )
        if one.since <= day < date.max
    }
    return sorted(days)[:DAYS_MAX]


def row_ended(
    differences: Sequence[RowDifference],
    table: str,
    day: date,
    matches: Callable[[RuleRow], bool],
) -> str | None:
    """Return the id of a row that holds on a day now, and not with the draft."""
    for one in differences:
        if one.table != table or any(_holds(row, day) for row in one.after):
            continue
        if any(_holds(row, day) and matches(row) for row in one.before):
            return one.id
    return None


def _holds(row: RuleRow, day: date) -> bool:
    return row.starts <= day < row.ends


def as_findings(book: Book, found: Sequence[Uncovered]) -> Iterator[Finding]:
    """Yield a warning for each, at the row that ends or at the file it is gone from."""
    places = {(row.table, row.id): row.place for rows in book.values() for row in rows}
    for one in found:
        rows = book.get(one.table, [])
        file = rows[0].place.file if rows else one.table
        place = places.get((one.table, one.row or ""))
        yield warning(
            one.table,
            place or Place(file),
            one.sentence,
            "Let a row hold for it from then on, if that is not meant.",
            column=UNTIL if place else None,
        )
