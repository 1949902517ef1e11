"""The command `closing`: close and reopen months, lock days, and let go past both.

What makes months or days more open, and a right, waits for a second person.
"""

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from hourline.cli.approvals import (
    ProposalKind,
    Proposals,
    add_listing,
    add_rejecting,
    approval_options,
    ask_approval,
)
from hourline.cli.closing.changing import change, said_options, spoken_change
from hourline.cli.closing.locks import accept, grant, lock, locked, override, withdraw
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import refusing
from hourline.kernel.subledgers import Subledger

if TYPE_CHECKING:
    from hourline.infra.approvals import Proposal


class Asked(TypedDict):
    """Hold what closing and reopening a month have in common."""

    entity: str
    period: str
    soft: bool
    ledger: str | None
    reason: str
    actor: str
    demo: bool
    slug: str | None
    as_json: bool


def _kind() -> ProposalKind:
    from hourline.flow.closing import ACTION

    return ProposalKind((ACTION,), _spoken, _values)


_ledger_option = click.option(
    "--ledger",
    type=click.Choice([ledger.value for ledger in Subledger]),
    help="Only this subledger.",
)
_PROPOSALS = Proposals(group="closing", about="a month, lock or right", kind=_kind)


@click.group()
def closing() -> None:
    """Close months of the books, lock days of time, and let go past both."""


for _command in (lock, locked, override, accept, grant, withdraw):
    closing.add_command(_command)


@closing.command("list")
@click.option("--entity", help="Only this legal entity.")
@desk_options
def list_command(
    *, entity: str | None, demo: bool, slug: str | None, as_json: bool
) -> None:
    """List the months that were ever closed or opened; all others are open."""
    from hourline import flow
    from hourline.cli.render import words
    from hourline.flow.closing import months_recorded

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        states = months_recorded(flow.snapshot_of(session))
    shown = [one for one in states if entity in {None, one.entity}]
    if as_json:
        names = ("entity", "period", "state", "ledger")
        print_json([{name: getattr(one, name) for name in names} for one in shown])
        return
    for one in shown:
        of = "" if one.ledger is None else f", {words(one.ledger)}"
        click.echo(f"{one.entity} {one.period}{of}: {words(one.state)}")
    if not shown:
        click.echo("No month was ever closed; all are open.")


@closing.command()
@click.argument("entity")
@click.argument("period")
@click.option("--soft", is_flag=True, help="Let persons with the right still book.")
@_ledger_option
@said_options
@desk_options
def close(**asked: Unpack[Asked]) -> None:
    """Close the month PERIOD, such as 2025-04, in the books of ENTITY.

    What comes for it is booked on the first day of the next open month, with --ledger
    what is booked in that subledger; of the two the stricter counts. Soft-closed after
    it was closed is more open, and waits for a second person.
    """
    _set(asked, "soft_closed" if asked["soft"] else "closed")


@closing.command()
@click.argument("entity")
@click.argument("period")
@click.option("--soft", is_flag=True, help="Open it only for persons with the right.")
@_ledger_option
@said_options
@desk_options
def reopen(**asked: Unpack[Asked]) -> None:
    """Propose that the month PERIOD of ENTITY is opened; a second person approves."""
    _set(asked, "soft_closed" if asked["soft"] else "open")


def _set(asked: Asked, state: Any) -> None:  # noqa: ANN401 - a Literal of flow.closing, which only a run imports
    from hourline.flow.closing import SetPeriod

    ledger = asked["ledger"]
    one = SetPeriod(
        entity=asked["entity"],
        period=asked["period"],
        state=state,
        ledger=None if ledger is None else Subledger(ledger),
    )
    change(one, asked)


add_listing(
    closing,
    _PROPOSALS,
    about="List the changes of months, locks and rights that wait.",
    where_none="Nothing waits for a second person.",
)
add_rejecting(closing, _PROPOSALS, about="Reject PROPOSAL; everything stays as it is.")


@closing.command()
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
    """Approve PROPOSAL as it is shown; what waited for it goes on at once."""
    from hourline.flow.closing import approve_closing

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        ask_approval(_spoken(shown), yes=yes, as_json=as_json)
        made = approve_closing(
            desk.database,
            desk.tenant,
            proposal,
            approver=approver,
            shown_hash=shown.content_hash,
        )
    if as_json:
        print_json({"proposal": proposal, "approved": True})
    else:
        click.echo(f"Approved: {spoken_change(made)}.")


def _spoken(one: "Proposal") -> str:
    from hourline.flow.closing import change_of

    return (
        f"Proposal {one.proposal_no}: {spoken_change(change_of(one))}."
        f" {one.proposer} says: {one.reason}"
        f" (until {one.expires_at:%Y-%m-%d %H:%M} UTC)"
    )


def _values(one: "Proposal") -> dict[str, object]:
    return {
        "proposal": one.proposal_no,
        "change": one.content,
        "reason": one.reason,
        "proposer": one.proposer,
    }
