"""Tell what a rulebook would change of the past."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hourline.cli.desk import print_json

if TYPE_CHECKING:
    from hourline.flow.rulebook.trial import Trial, TrialGroup


def tell_trial(trial: "Trial", *, top: int, as_json: bool) -> None:
    """Say which work would be decided otherwise, the largest differences first."""
    if as_json:
        groups = [
            {**asdict(group), "difference": group.difference} for group in trial.groups
        ]
        print_json({**asdict(trial), "groups": groups})
        return
    for line in (*_counted(trial), *_grouped(trial, top), *_followed(trial)):
        click.echo(line)


def _counted(trial: "Trial") -> Iterator[str]:
    yield (
        f"{trial.entries:,} entries were decided again: {trial.changed:,} would be"
        f" others, {trial.invoiced:,} of them are invoiced."
    )
    if trial.invoiced:
        yield (
            "What is invoiced changes only by a proposed credit note and a new bill;"
            " publishing changes none of it."
        )
    if trial.drifted:
        yield (
            f"{trial.drifted:,} differ from what was decided also without these"
            " tables, by rules published since."
        )


def _grouped(trial: "Trial", top: int) -> Iterator[str]:
    yield from map(_told, trial.groups[:top])
    if len(trial.groups) > top:
        yield f"... and {len(trial.groups) - top:,} more groups; --top shows them."
    for total in trial.totals:
        before = _money(total.amount_decided, total.currency)
        after = _money(total.amount_after, total.currency)
        yield f"Contract {total.contract}: {before} becomes {after}."


def _followed(trial: "Trial") -> Iterator[str]:
    from hourline.kernel.quantity import spoken_hours

    for charge in (*trial.transfers, *trial.cross_charges):
        yield (
            f"{charge.lender} charges {charge.borrower} for {charge.entries:,} entries:"
            f" {_money(charge.amount_decided, charge.currency)} becomes"
            f" {_money(charge.amount_after, charge.currency)}"
            f" ({_money(charge.difference, charge.currency)})."
        )
    if trial.days.days:
        yield (
            f"{trial.days.days:,} days of persons are rounded otherwise:"
            f" {spoken_hours(trial.days.seconds_before)} become"
            f" {spoken_hours(trial.days.seconds_after)}."
        )
    for move in trial.accounts:
        line = f" of service line {move.service_line}" if move.service_line else ""
        yield (
            f"Account of {move.role} in {move.entity}{line}: {move.before or 'none'}"
            f" becomes {move.after or 'none'}; {_money(move.amount, move.currency)}."
        )
    for code, count in trial.refused.items():
        yield f"New exceptions {code}: {count:,}."
    if trial.resumed:
        yield f"{trial.resumed:,} entries that wait or are in exception go on."


def _told(group: "TrialGroup") -> str:
    from hourline.kernel.quantity import spoken_hours

    rules = [
        f"{name} {before or 'none'} -> {after or 'none'}"
        for name, (before, after) in (
            ("rate", group.bill_rate),
            ("tax", group.tax_rule),
            ("time rounding", group.time_rounding),
            ("transfer price", group.transfer_price),
            ("cross-charge", group.cross_charge),
        )
        if before != after
    ]
    told = "; ".join(rules) or "the same rows say otherwise"
    invoiced = f", {group.invoiced:,} invoiced" if group.invoiced else ""
    cost = ""
    if group.cost_decided != group.cost_after:
        cost = f" Cost {group.cost_decided:,} -> {group.cost_after:,} minor units."
    return (
        f"{group.contract_line}: {group.entries:,} entries{invoiced},"
        f" {spoken_hours(group.seconds)}; {told}:"
        f" {_money(group.amount_decided, group.currency)} becomes"
        f" {_money(group.amount_after, group.currency)}"
        f" ({_money(group.difference, group.currency)}).{cost}"
    )


def _money(minor: int, code: str) -> str:
    from hourline.kernel.money import currency_of, major_units

    return f"{major_units(minor, currency_of(code)):,f} {code}"
