"""Tell what a rulebook would change of the past."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import click

from hourline.cli.desk import print_json
from hourline.cli.rulebook.reasons import Reasons
from hourline.cli.rulebook.shown import difference_values

if TYPE_CHECKING:
    from rich.table import Table

    from hourline.flow.rulebook.groups import TrialGroup, TrialTotal
    from hourline.flow.rulebook.transfers import TransferMove
    from hourline.flow.rulebook.trial import Trial

# Where the output is no terminal, tables are as wide as a page across.
_COLUMNS = 150
_REASONS_MAX = 20
_FIGURES = (
    "entries",
    "invoiced",
    "hours",
    "before",
    "then",
    "difference",
    "tax difference",
)


def tell_trial(trial: "Trial", *, top: int, as_json: bool) -> None:
    """Say which work would be decided otherwise, the largest differences first."""
    if as_json:
        print_json(_values(trial))
        return
    reasons = Reasons(trial.differences)
    for line in (
        *_counted(trial),
        *_unbilled(trial, reasons),
        *_refused(trial),
        *(one.sentence for one in trial.uncovered),
    ):
        click.echo(line)
    for table in (
        *_totals(trial.totals),
        *_lines(trial.groups, reasons, top),
        *_entries(trial),
    ):
        _show(table)
    for line in (*_followed(trial), *_beside(trial)):
        click.echo(line)


def _values(trial: "Trial") -> dict[str, object]:
    return {
        **{field.name: getattr(trial, field.name) for field in fields(trial)},
        "differences": [difference_values(one) for one in trial.differences],
        "groups": [_with_differences(one) for one in trial.groups],
        "totals": [_with_differences(one) for one in trial.totals],
        "largest": [
            {**asdict(one), "difference": one.difference} for one in trial.largest
        ],
    }


def _with_differences(one: "TrialGroup | TrialTotal") -> dict[str, object]:
    return {
        **asdict(one),
        "difference": one.difference,
        "invoiced_difference": one.invoiced_difference,
    }


def _show(table: "Table") -> None:
    import sys

    from rich.console import Console

    width = None if sys.stdout.isatty() else _COLUMNS
    Console(width=width, highlight=False).print(table)


def _counted(trial: "Trial") -> Iterator[str]:
    still = trial.changed - trial.invoiced
    yield (
        f"{trial.entries:,} entries were decided again; {trial.changed:,} would be"
        f" others: {still:,} open, {trial.invoiced:,} on invoices."
    )
    if still:
        yield (
            "What is open keeps its figures when this is published, until it is priced"
            " anew: hourline bulk preview reprice"
        )
    if trial.invoiced:
        yield (
            "What is on an invoice keeps its figures; only a credit note that a person"
            " proposes, and a new bill, would change it."
        )
    if trial.booked_only:
        yield (
            f"{trial.booked_only:,} of the others keep every amount and are only"
            " booked otherwise in the currency of an entity."
        )
    if trial.drifted:
        yield (
            f"{trial.drifted:,} differ from what was decided also without these"
            " tables, by what was published or settled since; that is no part of the"
            " figures here, which compare these tables with what is in force."
        )


def _unbilled(trial: "Trial", reasons: Reasons) -> Iterator[str]:
    """Say why entries change of which no invoice would be other."""
    counted: Counter[str] = Counter()
    for one in trial.groups:
        if not one.bills_otherwise:
            counted[reasons.of(one)] += one.entries
    if counted:
        yield (
            f"{counted.total():,} of the others leave invoices as they are: only cost,"
            " value that is not billed, or what is charged inside the firm is another."
        )
    for reason, count in counted.most_common(_REASONS_MAX):
        yield f"  {reason}: {count:,} entries"
    if len(counted) > _REASONS_MAX:
        yield f"  and {len(counted) - _REASONS_MAX:,} more reasons; --json tells them"


def _refused(trial: "Trial") -> Iterator[str]:
    for code, count in trial.refused.items():
        yield f"New exceptions {code}: {count:,}; nothing of these would be billed."
    if trial.refused_entries:
        named = ", ".join(trial.refused_entries[:10])
        more = sum(trial.refused.values()) > len(trial.refused_entries[:10])
        yield f"Refused: {named}{' and others' if more else ''}."
    for code, count in trial.refused_anyway.items():
        yield (
            f"{count:,} could not be decided again without these tables ({code}), so"
            " nothing of them is compared."
        )
    if trial.resumed:
        yield f"{trial.resumed:,} entries that wait or are in exception go on."


def _totals(totals: "Sequence[TrialTotal]") -> Iterator["Table"]:
    from hourline.cli.render import table

    if not totals:
        return
    shown = table(
        "What changes, by contract: billable amounts of these entries",
        ["entity", "contract", *_FIGURES, "of it invoiced", "currency"],
        numbers=[*_FIGURES, "of it invoiced"],
    )
    for one in totals:
        whole = one.contract is None
        shown.add_row(
            one.entity,
            "all" if whole else one.contract,
            *_figures(one),
            _signed(one.invoiced_difference, one.currency),
            one.currency,
            style="bold" if whole else None,
            end_section=whole,
        )
    yield shown


def _lines(
    groups: "Sequence[TrialGroup]", reasons: Reasons, top: int
) -> Iterator["Table"]:
    from hourline.cli.render import table

    billed = [one for one in groups if one.bills_otherwise]
    if not billed:
        return
    kept = _top(billed, top)
    left = len(billed) - len(kept)
    title = "By contract line and reason"
    if left:
        title += f"; {left:,} smaller ones are left out, --top shows more"
    shown = table(title, ["line", "why", *_FIGURES, "currency"], numbers=_FIGURES)
    for one in kept:
        shown.add_row(one.contract_line, reasons.of(one), *_figures(one), one.currency)
    yield shown


def _top(groups: "Sequence[TrialGroup]", top: int) -> "list[TrialGroup]":
    kept: list[TrialGroup] = []
    seen: dict[tuple[str, str], int] = {}
    for one in groups:
        place = one.entity, one.currency
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= top:
            kept.append(one)
    return kept


def _figures(one: "TrialGroup | TrialTotal") -> list[str]:
    from hourline.cli.render import hours

    before, after = hours(one.seconds_before), hours(one.seconds_after)
    return [
        f"{one.entries:,}",
        f"{one.invoiced:,}",
        before if before == after else f"{before} -> {after}",
        _amount(one.amount_before, one.currency),
        _amount(one.amount_after, one.currency),
        _signed(one.difference, one.currency),
        _signed(one.tax_after - one.tax_before, one.currency),
    ]


def _entries(trial: "Trial") -> Iterator["Table"]:
    from hourline.cli.render import table
    from hourline.kernel.quantity import spoken_hours

    if not trial.largest:
        return
    numbers = ["billable", "before", "then", "difference"]
    shown = table(
        "The entries that change most; --entries FILE writes all of them",
        ["entry", "day", "person", "line", *numbers, "currency", "now"],
        numbers=numbers,
    )
    for one in trial.largest:
        before, after = (
            spoken_hours(one.seconds_before),
            spoken_hours(one.seconds_after),
        )
        shown.add_row(
            one.entry,
            one.work_date.isoformat(),
            one.person,
            one.contract_line,
            before if before == after else f"{before} -> {after}",
            _amount(one.amount_before, one.currency),
            _amount(one.amount_after, one.currency),
            _signed(one.difference, one.currency),
            one.currency,
            "invoiced" if one.invoiced else "open",
        )
    yield shown


def _followed(trial: "Trial") -> Iterator[str]:
    from hourline.cli.render import words
    from hourline.kernel.quantity import spoken_hours

    for charge in (*trial.transfers, *trial.cross_charges):
        yield _charged(charge)
    if trial.days.days:
        yield (
            f"{trial.days.days:,} days of persons are rounded otherwise:"
            f" {spoken_hours(trial.days.seconds_before)} become"
            f" {spoken_hours(trial.days.seconds_after)}."
        )
    for book in trial.books:
        parts = [
            f"{_signed(amount, book.currency)} {book.currency} {what}"
            for amount, what in (
                (book.open, "of open work"),
                (book.invoiced, "of invoiced work"),
            )
            if amount
        ]
        yield (
            f"Books of {book.entity}, {words(book.role)} at approval:"
            f" {', '.join(parts)}."
        )
    for move in trial.accounts:
        line = f" of service line {move.service_line}" if move.service_line else ""
        yield (
            f"Account of {move.role} in {move.entity}{line}: {move.before or 'none'}"
            f" becomes {move.after or 'none'}; booked on it:"
            f" {_amount(move.amount, move.currency)} {move.currency}."
        )


def _charged(charge: "TransferMove") -> str:
    code = charge.currency
    return (
        f"{charge.lender} charges {charge.borrower} for {charge.entries:,} entries:"
        f" {_amount(charge.amount_before, code)} {code} becomes"
        f" {_amount(charge.amount_after, code)} {code}"
        f" ({_signed(charge.difference, code)} {code})."
    )


def _beside(trial: "Trial") -> Iterator[str]:
    if trial.not_compared:
        yield "Not compared:"
    for sentence in trial.not_compared:
        yield f"  {sentence}"


def _amount(minor: int, code: str) -> str:
    from hourline.kernel.money import currency_of, major_units

    return f"{major_units(minor, currency_of(code)):,f}"


def _signed(minor: int, code: str) -> str:
    text = _amount(minor, code)
    return f"+{text}" if minor > 0 else text
