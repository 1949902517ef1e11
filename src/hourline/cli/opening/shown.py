"""Show opening files, proposals, batches and positions to a person or a program."""

from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console

from hourline.billing.store_openings import ListedBatch, ListedPosition
from hourline.cli.approvals import tell_waits
from hourline.cli.desk import print_json
from hourline.cli.render import hours, money, table, words
from hourline.flow.opening_reversals import REVERSE
from hourline.flow.openings import OpeningChecked
from hourline.infra.approvals import Proposal
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.openings import OpeningKind, RowProblem
from hourline.kernel.quantity import spoken_hours

_TOLD_MAX = 100
_NAMED_MAX = 20


def tell_check(name: str, checked: OpeningChecked, *, as_json: bool) -> None:
    """Tell what a file would bring along, or everything that is wrong with it."""
    if as_json:
        print_json(_check_values(name, checked))
        return
    if checked.problems:
        click.echo(f"{name} cannot be taken over; nothing of it goes in.")
        tell_problems(checked.problems, as_json=False)
        return
    if checked.batches:
        click.echo(f"{name} is taken over already, in {_batches(checked)}.")
        return
    _show_totals(f"{name} would bring along, on {checked.rows:,} rows", checked)


def tell_proposed(
    name: str, checked: OpeningChecked, proposal_no: int | None, *, as_json: bool
) -> None:
    """Tell which proposal waits, or that there is nothing to propose."""
    if as_json:
        print_json(_check_values(name, checked) | {"proposal": proposal_no})
    elif proposal_no is None:
        click.echo(
            f"{name} is taken over already, in {_batches(checked)}; nothing changed."
        )
    else:
        _show_totals(f"{name} brings along, on {checked.rows:,} rows", checked)
        tell_waits(proposal_no, group="opening")


def tell_problems(problems: Sequence[RowProblem], *, as_json: bool) -> None:
    """Tell each fault with its row, its column and what to do."""
    if as_json:
        print_json({"problems": problems})
        return
    for one in problems[:_TOLD_MAX]:
        row = "" if one.line is None else f"row {one.line}"
        place = ", ".join(part for part in (row, one.column) if part) or "file"
        click.echo(f"  {place}: {one.problem.sentence} {one.problem.remedy}")
    if len(problems) > _TOLD_MAX:
        click.echo(f"  ... and {len(problems) - _TOLD_MAX:,} more; --json tells all.")


def spoken(proposal: Proposal) -> str:
    """Return a proposal as the second person must see it: all that is bound."""
    content = proposal.content
    if proposal.action == REVERSE:
        what = (
            f"take back {len(content['rows'])} rows of batch {content['batch_no']}:"
            f" {_some(content['references'])}"
        )
    else:
        sums = "; ".join(_spoken_total(total) for total in content["totals"])
        booking = "is to book it" if content["to_book"] else "was opened with it"
        what = (
            f"take over {content['file']} (sha256 {content['sha256']}) of"
            f" {content['source']} as of {content['cut_over']}, {content['rows']} rows:"
            f" {sums}; the ERP {booking}"
        )
    return (
        f"Proposal {proposal.proposal_no}: {what}. {proposal.proposer} says:"
        f" {proposal.reason} (until {proposal.expires_at:%Y-%m-%d %H:%M} UTC)"
    )


def _some(references: Sequence[str]) -> str:
    shown = ", ".join(references[:_NAMED_MAX])
    left = len(references) - _NAMED_MAX
    return f"{shown} and {left:,} more" if left > 0 else shown


def proposal_values(proposal: Proposal) -> dict[str, object]:
    """Return a proposal as values for JSON."""
    return {
        "proposal": proposal.proposal_no,
        "action": proposal.action,
        "content": proposal.content,
        "reason": proposal.reason,
        "proposer": proposal.proposer,
        "expires_at": proposal.expires_at,
    }


def show_batches(found: Sequence[ListedBatch]) -> None:
    """Print the batches in a table."""
    columns = ["batch", "source", "cut-over", "file", "positions", "reversed"]
    numbers = ["batch", "positions", "reversed"]
    shown = table("Taken over", [*columns, "proposed", "approved"], numbers=numbers)
    for one in found:
        shown.add_row(
            str(one.batch_no),
            f"{one.source} ({one.connection})",
            f"{one.cut_over}",
            f"{one.file} {one.sha256[:12]}",
            f"{one.positions:,}",
            f"{one.reversed:,}",
            one.proposer,
            one.approver,
        )
    Console().print(shown)


def show_positions(batch: int, found: Sequence[ListedPosition]) -> None:
    """Print the positions of a batch in a table."""
    numbers = ["row", "hours", "amount", "billed"]
    columns = ["row", "kind", "reference", "contract", "hours", "amount", "billed"]
    shown = table(f"Batch {batch}", [*columns, "state"], numbers=numbers)
    for one in found:
        shown.add_row(
            str(one.row_no),
            words(OpeningKind(one.kind).name),
            one.reference,
            one.contract_line or one.contract,
            hours(one.seconds) if one.seconds else "",
            money(one.amount, one.currency),
            _billed(one),
            "reversed" if one.reversed else "",
        )
    Console().print(shown)


def position_values(one: ListedPosition) -> dict[str, object]:
    """Return a position as values for JSON, amounts in major units."""
    currency = currency_numbered(one.currency)
    return {
        "row": one.row_no,
        "kind": OpeningKind(one.kind).name.lower(),
        "reference": one.reference,
        "contract": one.contract,
        "contract_line": one.contract_line,
        "date": one.dated,
        "currency": currency.code,
        "seconds": one.seconds,
        "seconds_billed": one.seconds_billed,
        "amount": major_units(one.amount, currency),
        "amount_billed": major_units(one.amount_billed, currency),
        "contract_asset": major_units(one.contract_asset, currency),
        "contract_liability": major_units(one.contract_liability, currency),
        "milestone": one.milestone,
        "reversed": one.reversed,
        "description": one.description,
    }


def _billed(one: ListedPosition) -> str:
    if one.kind == OpeningKind.OPEN_WORK:
        return spoken_hours(one.seconds_billed)
    if one.kind == OpeningKind.OPEN_AMOUNT:
        return money(one.amount_billed, one.currency)
    return ""


def _batches(checked: OpeningChecked) -> str:
    return "batch " + ", ".join(str(number) for number in checked.batches)


def _check_values(name: str, checked: OpeningChecked) -> dict[str, Any]:
    return {
        "file": name,
        "rows": checked.rows,
        "totals": [
            {
                "kind": one.kind,
                "currency": currency_numbered(one.currency).code,
                "rows": one.rows,
                "seconds": one.seconds,
                "amount": major_units(one.amount, currency_numbered(one.currency)),
            }
            for one in checked.totals
        ],
        "problems": checked.problems,
        "batches": checked.batches,
    }


def _show_totals(title: str, checked: OpeningChecked) -> None:
    numbers = ["rows", "hours", "amount"]
    shown = table(title, ["kind", *numbers], numbers=numbers)
    for one in checked.totals:
        shown.add_row(
            words(one.kind),
            f"{one.rows:,}",
            hours(one.seconds) if one.seconds else "",
            money(one.amount, one.currency),
        )
    Console().print(shown)


def _spoken_total(total: dict[str, Any]) -> str:
    time = f", {spoken_hours(total['seconds'])}" if total["seconds"] else ""
    amount = money(total["amount"], total["currency"])
    return f"{words(total['kind'])} {amount}{time} on {total['rows']} rows"
