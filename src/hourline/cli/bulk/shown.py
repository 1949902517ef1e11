"""Put bulk corrections into words, tables and JSON: previews, proposals, entries."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from hourline.cli.billing.transfers import figure_values
from hourline.cli.render import money, table, words
from hourline.flow.correcting.bulk import BulkItem
from hourline.flow.correcting.previews import Preview
from hourline.flow.correcting.telling import moved_values, totals_of
from hourline.kernel.codes import Role
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.quantity import PRICE_SCALE, spoken_hours

if TYPE_CHECKING:
    from hourline.flow.correcting.figures import Figures
    from hourline.infra.approvals import Proposal

_COLUMNS = ["entry", "source", "before", "after"]
_SECONDS_PER_HOUR = 3_600
_RATE_DECIMALS = Decimal("0.0001")


def spoken(proposal: "Proposal") -> str:
    """Return what is proposed, and who proposed it when and why."""
    content: dict[str, Any] = proposal.content
    to = f" to {content['to_project']}" if content["to_project"] else ""
    totals = ", ".join(
        f"{one['contract']} {one['before']} -> {one['after']} {one['currency']}"
        for one in content["totals"]
    )
    moved = ", ".join(
        f"{one['entity']} {words(one['role'])} {one['account'] or '-'}"
        f" {one['amount']} {one['currency']}"
        for one in content["moved"]
    )
    return (
        f"Proposal {proposal.proposal_no} by {proposal.proposer} on"
        f" {proposal.proposed_at:%Y-%m-%d %H:%M} UTC, until"
        f" {proposal.expires_at:%Y-%m-%d %H:%M} UTC: {words(content['act'])}{to},"
        f" {content['entries']:,} entries: {totals or 'nothing decided'}; the books"
        f" move by {moved or 'nothing'}; {len(content['refused']):,} refused,"
        f" {content['invoiced']:,} on invoices left; because: {proposal.reason}"
    )


def proposal_values(proposal: "Proposal") -> dict[str, object]:
    """Return a proposal as JSON has it."""
    return {
        "proposal": proposal.proposal_no,
        "proposer": proposal.proposer,
        "proposed_at": proposal.proposed_at,
        "expires_at": proposal.expires_at,
        "reason": proposal.reason,
        "content": proposal.content,
    }


def preview_values(preview: Preview) -> dict[str, object]:
    """Return a preview as JSON has it, amounts in major units."""
    return {
        "act": preview.wish.act,
        "to_project": preview.wish.project,
        "entries": [
            {
                "entry": one.named.entry,
                "source": one.named.source,
                "before": _values(one.before),
                "after": _values(one.after),
            }
            for one in preview.changed
        ],
        "refused": [
            {"entry": named.entry, "source": named.source, "problem": problem}
            for named, problem in preview.refused
        ],
        "unchanged": preview.unchanged,
        "invoiced": preview.invoiced,
        "totals": totals_of(preview.changed),
        "moved": [moved_values(one) for one in preview.moved],
    }


def show_preview(preview: Preview, *, top: int) -> None:
    """Print what would change, by entry and in all, and what would not."""
    console = Console()
    count = len(preview.changed)
    if count:
        title = f"{words(preview.wish.act)} of {count:,} entries"
        shown = table(title, _COLUMNS)
        for one in preview.changed[:top]:
            named = one.named
            shown.add_row(
                named.entry, named.source, _spoken(one.before), _spoken(one.after)
            )
        console.print(shown)
        if count > top:
            click.echo(f"... and {count - top:,} more; --top shows them.")
    else:
        click.echo("Nothing would change.")
    for total in totals_of(preview.changed):
        click.echo(
            f"Contract {total['contract']}: worth {total['before']} before,"
            f" {total['after']} {total['currency']} after."
        )
    for moved in preview.moved:
        click.echo(
            f"{moved.entity} {words(Role(moved.role).name)}"
            f" {moved.account or 'without an account'} moves by"
            f" {money(moved.amount, moved.currency)}."
        )
    for named, problem in preview.refused:
        click.echo(f"Refused: {named.entry}. {problem.sentence} {problem.remedy}")
    if preview.invoiced:
        click.echo(
            f"{preview.invoiced:,} entries stand on invoices and keep what is invoiced;"
            " what is credited can be corrected."
        )


def item_values(item: BulkItem) -> dict[str, object]:
    """Return an entry of a bulk correction as JSON has it."""
    return {
        "entry": item.entry,
        "source": item.source,
        "before": _values(item.shown.before),
        "after": _values(item.shown.after),
        "state": item.state,
        "problem": item.problem,
        "settled_at": item.settled_at,
    }


def show_items(title: str, items: Sequence[BulkItem]) -> None:
    """Print the entries of a bulk correction, and what became of each."""
    shown = table(title, [*_COLUMNS, "state"])
    for item in items:
        figures = item.shown
        shown.add_row(
            item.entry,
            item.source,
            _spoken(figures.before),
            _spoken(figures.after),
            _state(item),
        )
    Console().print(shown)


def _state(item: BulkItem) -> str:
    if not isinstance(item.problem, dict):
        return item.state
    return f"{item.state}: {item.problem['code']}"


def _values(figures: "Figures | None") -> dict[str, object] | None:
    if figures is None:
        return None
    told = figure_values(figures)
    return {**told, "rate": _rate(figures), **_cost(figures)}


def _cost(figures: "Figures") -> dict[str, object]:
    """Return what the work costs in the books that bear it; nothing has no currency."""
    if figures.cost_currency is None:
        return {"cost": "0", "cost_currency": None}
    currency = currency_numbered(figures.cost_currency)
    return {
        "cost": major_units(figures.cost, currency),
        "cost_currency": currency.code,
    }


def _spoken(figures: "Figures | None") -> str:
    if figures is None:
        return "nothing decided"
    worth = money(figures.worth, figures.currency)
    rate = _rate(figures)
    at = "" if rate is None else f" at {rate}"
    hours = spoken_hours(sum(figures.seconds))
    cost = ""
    if figures.cost_currency is not None:
        cost = f", costs {money(figures.cost, figures.cost_currency)}"
    return f"{hours}{at}, {worth} on {figures.contract_line}{cost}"


def _rate(figures: "Figures") -> str | None:
    """Return the price of an hour in major units; None where there is none."""
    if not figures.rate_amount:
        return None
    hour = Fraction(figures.rate_amount * _SECONDS_PER_HOUR, figures.rate_seconds)
    currency = currency_numbered(figures.currency)
    finest = Decimal(hour.numerator) / Decimal(hour.denominator) / PRICE_SCALE
    major = finest.scaleb(-currency.decimals)
    least = Decimal(1).scaleb(-currency.decimals)
    shown = major.quantize(min(_RATE_DECIMALS, least)).normalize()
    exponent = shown.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -currency.decimals:
        shown = shown.quantize(least)
    return f"{shown:f}"
