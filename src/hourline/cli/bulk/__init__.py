"""The command `bulk`: correct many entries at once, previewed and approved by two."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import click

from hourline.cli.approvals import (
    ProposalKind,
    Proposals,
    add_listing,
    add_rejecting,
    approval_options,
    ask_approval,
    tell_waits,
)
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing

if TYPE_CHECKING:
    from hourline.flow.correcting.acts import Wish
    from hourline.flow.correcting.bulk import Applied
    from hourline.flow.correcting.previews import Preview
    from hourline.flow.correcting.selecting import Selection

F = TypeVar("F", bound=Callable[..., Any])
_EXIT_REFUSED = 1
_ACTS = ["reprice", "transfer", "write-off", "hold", "postpone", "release"]


class Asked(TypedDict):
    """Hold what is to be done, and to which entries."""

    act: str
    to_project: str | None
    contract: str | None
    project: str | None
    person: str | None
    since: date | None
    until: date | None
    file: Path | None


def _kind() -> ProposalKind:
    from hourline.cli.bulk.shown import proposal_values, spoken
    from hourline.flow.correcting.bulk import CORRECT

    return ProposalKind((CORRECT,), spoken, proposal_values)


_PROPOSALS = Proposals(group="bulk", about="a bulk correction", kind=_kind)


def _asking(command: F) -> F:
    decorators = (
        click.argument("act", type=click.Choice(_ACTS)),
        click.option("--to", "to_project", help="The project of a transfer, by id."),
        click.option("--contract", help="Only work of this contract."),
        click.option("--project", help="Only work on this project."),
        click.option("--person", help="Only work of this person."),
        click.option("--since", type=DAY, help="Only work from this day on."),
        click.option("--until", type=DAY, help="Only work before this day."),
        click.option(
            "--file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The entries of a CSV file: columns entry and, optional, source.",
        ),
        click.option(
            "--top", type=int, default=50, show_default=True, help="Entries shown."
        ),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@click.group()
def bulk() -> None:
    """Correct many entries at once: look first, and let a second person agree."""


@bulk.command()
@_asking
@desk_options
def preview(
    *, top: int, demo: bool, slug: str | None, as_json: bool, **asked: Unpack[Asked]
) -> None:
    """Show what ACT would change of each entry and in the books; change nothing.

    `reprice` decides open work anew under the terms now in force, and corrects what
    invoiced work costs. Many entries are shown in the parts in which they would be
    proposed.
    """
    from hourline.flow.correcting.previews import parts_to_approve, preview_bulk

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        place, wish = (desk.database, desk.tenant), _wish(asked)
        found = [
            (preview_bulk(*place, wish, part), None)
            for part in parts_to_approve(*place, wish, _selection(asked))
        ]
    _show(found, top=top, as_json=as_json, proposed=False)


@bulk.command()
@_asking
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@desk_options
def propose(
    *,
    reason: str,
    actor: str,
    top: int,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **asked: Unpack[Asked],
) -> None:
    """Propose to do ACT to each entry, as it is previewed; a second person approves.

    Of many entries there is a proposal for every 2,000.
    """
    from hourline.billing.model import Because
    from hourline.flow.correcting.bulk import propose_bulk
    from hourline.flow.correcting.previews import parts_to_approve

    because = Because(actor=actor, reason=reason)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        place, wish = (desk.database, desk.tenant), _wish(asked)
        found = [
            propose_bulk(*place, wish, part, because=because)
            for part in parts_to_approve(*place, wish, _selection(asked))
        ]
    _show(found, top=top, as_json=as_json, proposed=True)


def _show(
    found: "Sequence[tuple[Preview, int | None]]",
    *,
    top: int,
    as_json: bool,
    proposed: bool,
) -> None:
    """Print previews, or proposals with them; of one part as of a whole."""
    from hourline.cli.bulk.shown import preview_values, show_preview

    if as_json:
        values = [
            {**preview_values(one), **({"proposal": number} if proposed else {})}
            for one, number in found
        ]
        print_json(values[0] if len(values) == 1 else {"parts": values})
        return
    for place, (one, number) in enumerate(found, start=1):
        if len(found) > 1:
            click.echo(f"Part {place} of {len(found)}")
        show_preview(one, top=top)
        if number is not None:
            tell_waits(number, group="bulk")


add_listing(
    bulk,
    _PROPOSALS,
    about="List the bulk corrections that wait for a second person.",
    where_none="No bulk correction waits for a second person.",
)
add_rejecting(bulk, _PROPOSALS, about="Reject PROPOSAL; every entry stays as it is.")


@bulk.command()
@click.argument("proposal", type=int)
@desk_options
def show(*, proposal: int, demo: bool, slug: str | None, as_json: bool) -> None:
    """Show the entries of PROPOSAL, and what became of each."""
    from hourline.cli.bulk.shown import item_values, show_items
    from hourline.flow.correcting.bulk import read_items

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        items = read_items(session, proposal)
    if as_json:
        print_json([item_values(one) for one in items])
    elif items:
        show_items(f"Bulk correction {proposal}", items)
    else:
        click.echo(f"There is no bulk correction {proposal}.")


@bulk.command()
@approval_options
@desk_options
def approve(
    *,
    proposal: int,
    approver: str,
    yes: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Approve PROPOSAL as it is shown, and do it entry by entry.

    Exit status 1 says that entries were left as they are; they wait in their queues.
    """
    from hourline.cli.bulk.shown import spoken
    from hourline.flow.correcting.bulk import approve_bulk

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        ask_approval(spoken(shown), yes=yes, as_json=as_json)
        applied = approve_bulk(
            desk.database,
            desk.tenant,
            proposal,
            approver=approver,
            shown_hash=shown.content_hash,
        )
    _tell(proposal, applied, as_json=as_json)


@bulk.command("continue")
@click.argument("proposal", type=int)
@desk_options
def continue_command(
    *, proposal: int, demo: bool, slug: str | None, as_json: bool
) -> None:
    """Do what is left of the approved PROPOSAL, after it was interrupted."""
    from hourline.flow.correcting.bulk import continue_bulk

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        applied = continue_bulk(desk.database, desk.tenant, proposal)
    _tell(proposal, applied, as_json=as_json)


def _wish(asked: Asked) -> "Wish":
    from hourline.flow.correcting.acts import Act, Wish

    return Wish(act=Act(asked["act"].replace("-", "_")), project=asked["to_project"])


def _selection(asked: Asked) -> "Selection":
    from hourline.flow.correcting.selecting import Selection, read_names

    file = asked["file"]
    return Selection(
        contract=asked["contract"],
        project=asked["project"],
        person=asked["person"],
        since=asked["since"],
        until=asked["until"],
        entries=None if file is None else read_names(file.read_bytes()),
    )


def _tell(proposal: int, applied: "Applied", *, as_json: bool) -> None:
    if as_json:
        print_json({"proposal": proposal, "approved": True, "entries": applied})
    else:
        click.echo(
            f"Done to {applied.applied:,} entries; {applied.unchanged:,} were so"
            f" already, {applied.refused:,} were left as they are."
        )
        if applied.refused:
            click.echo(f"See: hourline bulk show {proposal}")
    if applied.refused:
        sys.exit(_EXIT_REFUSED)
