"""The command `opening`: take over what an acquired unit brings along."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

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
from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json
from hourline.cli.kinds import refusing
from hourline.cli.opening.files import file_options, opening_file

if TYPE_CHECKING:
    from hourline.cli.desk import Desk
    from hourline.infra.approvals import Proposal


_EXIT_NOT_THERE = 2


def _kind() -> ProposalKind:
    from hourline.cli.opening.shown import proposal_values, spoken
    from hourline.flow.opening_reversals import REVERSE
    from hourline.flow.openings import TAKE_OVER

    return ProposalKind((TAKE_OVER, REVERSE), spoken, proposal_values)


_PROPOSALS = Proposals(group="opening", about="opening positions", kind=_kind)


@click.group()
def opening() -> None:
    """Take over open work and balances of an acquired unit, and take them back."""


@opening.command()
@file_options
@desk_options
def check(
    *,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **given: Path | str | date | bool | None,
) -> None:
    """Say what FILE (.csv or .xlsx) would bring along, and change nothing.

    Exit status 2 says that something is wrong with it: every fault with its row, its
    column and what to do.
    """
    from hourline.cli.opening.shown import tell_check
    from hourline.flow.openings import check_opening

    with open_desk(demo=demo, slug=slug) as desk:
        file = opening_file(desk, given)
        checked = check_opening(desk.database, desk.tenant, file)
    tell_check(file.name, checked, as_json=as_json)
    if checked.problems:
        sys.exit(_EXIT_NOT_THERE)


@opening.command()
@file_options
@click.option("--source", required=True, help="The old system the file comes from.")
@click.option(
    "--to-book",
    is_flag=True,
    help="Let the ERP book the balances; else it was opened with them.",
)
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@desk_options
def propose(
    *,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **given: Path | str | date | bool | None,
) -> None:
    """Propose to take FILE over; it holds when a second person approves it.

    A file that is taken over already, or proposed in the same way, changes nothing.
    Exit status 2 says that something is wrong with it; then nothing is proposed.
    """
    from hourline.cli.opening.shown import tell_check, tell_proposed
    from hourline.flow.openings import propose_opening

    with open_desk(demo=demo, slug=slug) as desk:
        file = opening_file(desk, given)
        checked, proposal_no = propose_opening(
            desk.database, desk.tenant, file, actor=actor, reason=reason
        )
    if checked.problems:
        tell_check(file.name, checked, as_json=as_json)
        sys.exit(_EXIT_NOT_THERE)
    tell_proposed(file.name, checked, proposal_no, as_json=as_json)


add_listing(
    opening,
    _PROPOSALS,
    about="List what waits for a second person.",
    where_none="No opening position waits for a second person.",
)
add_rejecting(
    opening, _PROPOSALS, about="Reject PROPOSAL; nothing is taken over or back."
)


@opening.command()
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
    """Approve PROPOSAL as it is shown, and take over or back at once.

    Exit status 2 says that it does not fit any more; then nothing is decided.
    """
    from hourline.cli.opening.shown import spoken, tell_problems
    from hourline.flow.openings import CannotTakeOver

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        ask_approval(spoken(shown), yes=yes, as_json=as_json)
        try:
            told = _approved(desk, shown, approver)
        except CannotTakeOver as refusal:
            tell_problems(refusal.problems, as_json=as_json)
            sys.exit(_EXIT_NOT_THERE)
    if as_json:
        print_json({"proposal": proposal, "approved": True, **told})
    else:
        click.echo(
            f"Approved: batch {told['batch']}, {told['positions']:,} positions"
            f" {told['what']}."
        )


@opening.command()
@click.argument("batch", type=int)
@click.option("--row", "rows", type=int, multiple=True, help="Only this row; repeat.")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@desk_options
def reverse(
    *,
    batch: int,
    rows: tuple[int, ...],
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Propose to take BATCH back, or rows of it, as an exact mirror.

    What stands on an invoice is credited there first; exit status 2 says so.
    """
    from hourline.cli.opening.shown import tell_problems
    from hourline.flow.opening_reversals import propose_opening_reversal
    from hourline.flow.openings import CannotTakeOver

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        try:
            proposal_no = propose_opening_reversal(
                desk.database,
                desk.tenant,
                batch,
                rows=rows or None,
                actor=actor,
                reason=reason,
            )
        except CannotTakeOver as refusal:
            tell_problems(refusal.problems, as_json=as_json)
            sys.exit(_EXIT_NOT_THERE)
    if as_json:
        print_json({"proposal": proposal_no, "batch": batch})
    else:
        tell_waits(proposal_no, group="opening")


@opening.command(name="list")
@desk_options
def list_command(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List the files that were taken over, with their provenance."""
    from hourline.billing.store_openings import read_batches
    from hourline.cli.opening.shown import show_batches

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = read_batches(session)
    if as_json:
        print_json(found)
    elif not found:
        click.echo("Nothing was taken over yet.")
    else:
        show_batches(found)


@opening.command()
@click.argument("batch", type=int)
@desk_options
def show(*, batch: int, demo: bool, slug: str | None, as_json: bool) -> None:
    """Show the positions of BATCH and what is billed of each."""
    from hourline.billing.store_openings import read_positions
    from hourline.cli.opening.shown import position_values, show_positions

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = read_positions(session, batch)
    if not found:
        raise CannotOpen(f"There is no batch {batch}; see: hourline opening list")
    if as_json:
        print_json([position_values(one) for one in found])
    else:
        show_positions(batch, found)


def _approved(desk: "Desk", shown: "Proposal", approver: str) -> dict[str, object]:
    from hourline.flow.opening_reversals import REVERSE, approve_opening_reversal
    from hourline.flow.openings import approve_opening

    if shown.action == REVERSE:
        back = approve_opening_reversal(
            desk.database,
            desk.tenant,
            shown.proposal_no,
            approver=approver,
            shown_hash=shown.content_hash,
        )
        return {
            "batch": back.batch_no,
            "positions": len(back.rows),
            "what": "taken back",
        }
    taken = approve_opening(
        desk.database,
        desk.tenant,
        shown.proposal_no,
        approver=approver,
        shown_hash=shown.content_hash,
    )
    return {
        "batch": taken.batch_no,
        "positions": taken.positions,
        "what": "taken over",
    }
