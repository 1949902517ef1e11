"""Tell what a rulebook would change of the past."""

from typing import TYPE_CHECKING

import click

from hourline.cli.desk import print_json

if TYPE_CHECKING:
    from hourline.flow.rulebook.trial import Trial, TrialGroup


def tell_trial(trial: "Trial", *, top: int, as_json: bool) -> None:
    """Say which work would be decided otherwise, the largest differences first."""
    if as_json:
        print_json(trial)
        return
    click.echo(
        f"{trial.entries:,} entries were decided again: {trial.changed:,} would be"
        f" others, {trial.invoiced:,} of them are invoiced."
    )
    if trial.invoiced:
        click.echo("What is invoiced changes only by a credit note and a new bill.")
    if trial.drifted:
        click.echo(
            f"{trial.drifted:,} differ from what was decided also without these"
            " tables, by rules published since."
        )
    for group in trial.groups[:top]:
        click.echo(_told(group))
    if len(trial.groups) > top:
        click.echo(
            f"... and {len(trial.groups) - top:,} more groups; --top shows them."
        )
    for total in trial.totals:
        before = _money(total.amount_decided, total.currency)
        after = _money(total.amount_after, total.currency)
        click.echo(f"Contract {total.contract}: {before} becomes {after}.")
    for move in trial.accounts:
        line = f" of service line {move.service_line}" if move.service_line else ""
        click.echo(
            f"Account of {move.role} in {move.entity}{line}: {move.before or 'none'}"
            f" becomes {move.after or 'none'}; {_money(move.amount, move.currency)}."
        )
    for code, count in trial.refused.items():
        click.echo(f"New exceptions {code}: {count:,}.")
    if trial.resumed:
        click.echo(f"{trial.resumed:,} entries that wait or are in exception go on.")


def _told(group: "TrialGroup") -> str:
    from hourline.kernel.quantity import spoken_hours

    rules = [
        f"{name} {before or 'none'} -> {after or 'none'}"
        for name, (before, after) in (
            ("rate", group.bill_rate),
            ("tax", group.tax_rule),
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
