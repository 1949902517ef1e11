"""Find, show, ask and reject what waits for a second person, of every kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hourline.cli.desk import CannotOpen, Desk, desk_options, open_desk, print_json
from hourline.cli.kinds import refusing

if TYPE_CHECKING:
    from hourline.infra.approvals import Proposal

F = TypeVar("F", bound=Callable[..., Any])


def approval_options(command: F) -> F:
    """Give a command the argument PROPOSAL and the options --approver and --yes."""
    decorators = (
        click.option(
            "--yes", is_flag=True, help="Do not ask whether what is shown is right."
        ),
        click.option(
            "--approver", required=True, help="Who approves it; not its proposer."
        ),
        click.argument("proposal", type=int),
    )
    for decorator in decorators:
        command = decorator(command)
    return command


def ask_approval(shown: str, *, yes: bool, as_json: bool) -> None:
    """Show a proposal and ask for it, apart from JSON; raise click.Abort at a no."""
    click.echo(shown, err=as_json)
    if not yes:
        click.confirm("Approve this?", abort=True, err=as_json)


def tell_waits(proposal: int, *, group: str) -> None:
    """Say how a second person approves a proposal of a group of commands."""
    click.echo(
        f"Proposal {proposal} waits 72 hours for a second person:"
        f" hourline {group} approve {proposal} --approver NAME"
    )


@dataclass(frozen=True, slots=True)
class ProposalKind:
    """Hold which actions are of a kind, and how such a proposal is told."""

    actions: tuple[str, ...]
    spoken: "Callable[[Proposal], str]"
    values: "Callable[[Proposal], dict[str, object]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Say what of a group of commands waits for a second person.

    `kind` is asked when a command runs, so that no other command loads what it needs.
    """

    group: str
    about: str
    kind: Callable[[], ProposalKind]

    def waiting(self, desk: Desk) -> "list[Proposal]":
        """Return what a second person can still decide."""
        from hourline.flow.proposals import proposals_about

        return proposals_about(desk.database, desk.tenant, self.kind().actions)

    def find(self, desk: Desk, proposal: int) -> "Proposal":
        """Return one of those that wait; raise CannotOpen."""
        for one in self.waiting(desk):
            if one.proposal_no == proposal:
                return one
        raise CannotOpen(
            f"No proposal {proposal} about {self.about} waits;"
            f" see: hourline {self.group} proposals"
        )


def add_listing(
    group: click.Group, waits: Proposals, *, about: str, where_none: str
) -> None:
    """Give a group the command `proposals`."""

    @group.command(help=about)
    @desk_options
    def proposals(*, demo: bool, slug: str | None, as_json: bool) -> None:
        with open_desk(demo=demo, slug=slug) as desk:
            found = waits.waiting(desk)
        told = waits.kind()
        if as_json:
            print_json([told.values(one) for one in found])
            return
        for one in found:
            click.echo(told.spoken(one))
        if not found:
            click.echo(where_none)


def add_rejecting(group: click.Group, waits: Proposals, *, about: str) -> None:
    """Give a group the command `reject`."""

    @group.command(help=about)
    @click.argument("proposal", type=int)
    @click.option("--approver", required=True, help="Who rejects it; not its proposer.")
    @desk_options
    def reject(
        *, proposal: int, approver: str, demo: bool, slug: str | None, as_json: bool
    ) -> None:
        from hourline.infra.approvals import reject_change

        with open_desk(demo=demo, slug=slug) as desk, refusing():
            waits.find(desk, proposal)
            with desk.database.tenant(desk.tenant) as session:
                reject_change(session, proposal, approver=approver)
        tell_rejected(proposal, as_json=as_json)


def tell_rejected(proposal: int, *, as_json: bool) -> None:
    """Say that a proposal is rejected."""
    if as_json:
        print_json({"proposal": proposal, "approved": False})
    else:
        click.echo(f"Proposal {proposal} is rejected.")
