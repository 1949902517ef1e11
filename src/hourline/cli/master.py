"""The command `master`: let customers become one, and give records other ids."""

import sys
from typing import TYPE_CHECKING, NoReturn

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
from hourline.cli.kinds import refusing

if TYPE_CHECKING:
    from hourline.infra.approvals import Proposal
    from hourline.kernel.problems import Problem

_EXIT_REFUSED = 2


def _kind() -> ProposalKind:
    from hourline.flow.merging import MERGE

    return ProposalKind((MERGE,), _spoken, _values)


_PROPOSALS = Proposals(group="master", about="a merge", kind=_kind)


@click.group()
def master() -> None:
    """Merge and rename records of master data."""


@master.command()
@click.argument("kind", type=click.Choice(["customer"]))
@click.argument("merged")
@click.argument("into")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@desk_options
def merge(
    *,
    kind: str,
    merged: str,
    into: str,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Propose that the customer MERGED becomes INTO; a second person approves it.

    Invoices keep the customer they were issued to; open work goes to INTO. There is no
    way back. Exit status 2 says that rates would tie, taxes change or a draft is open.
    """
    from hourline.flow.merging import CannotMerge, propose_merge

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        try:
            number, effects = propose_merge(
                desk.database, desk.tenant, merged, into, actor=actor, reason=reason
            )
        except CannotMerge as refusal:
            _tell_refused(f"{kind} {merged}", refusal.problems, as_json=as_json)
    if as_json:
        print_json({"proposal": number, "effects": effects})
        return
    click.echo(_spoken_effects(effects.contracts, effects.rates, effects.documents))
    tell_waits(number, group="master")


add_listing(
    master,
    _PROPOSALS,
    about="List the merges that wait for a second person.",
    where_none="No merge waits for a second person.",
)
add_rejecting(
    master, _PROPOSALS, about="Reject the merge PROPOSAL; both customers stay."
)


@master.command()
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
    """Approve the merge PROPOSAL as it is shown, and make it at once.

    Exit status 2 says that it is refused by now; then nothing is decided.
    """
    from hourline.flow.merging import CannotMerge, approve_merge

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        ask_approval(_spoken(shown), yes=yes, as_json=as_json)
        try:
            approve_merge(
                desk.database,
                desk.tenant,
                proposal,
                approver=approver,
                shown_hash=shown.content_hash,
            )
        except CannotMerge as refusal:
            _tell_refused(f"proposal {proposal}", refusal.problems, as_json=as_json)
    if as_json:
        print_json({"proposal": proposal, "approved": True})
    else:
        merged, into = shown.content["merged"], shown.content["into"]
        click.echo(f"Approved: {merged} is {into} from now on.")


@master.command()
@click.argument("kind")
@click.argument("old")
@click.argument("new")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who renames it.")
@desk_options
def rename(
    *,
    kind: str,
    old: str,
    new: str,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Give the record OLD of a KIND the id NEW; everything that points to it follows.

    The ids that connected systems use stay as they are.
    """
    from hourline.flow import merging

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        merging.rename(
            desk.database,
            desk.tenant,
            kind,
            old_id=old,
            new_id=new,
            actor=actor,
            reason=reason,
        )
    if as_json:
        print_json({"kind": kind, "old": old, "new": new})
    else:
        click.echo(f"{kind} {old} is {new} from now on; the audit chain says why.")


def _values(one: "Proposal") -> dict[str, object]:
    return {
        "proposal": one.proposal_no,
        "content": one.content,
        "reason": one.reason,
        "proposer": one.proposer,
    }


def _spoken(one: "Proposal") -> str:
    content, effects = one.content, one.content["effects"]
    return (
        f"Proposal {one.proposal_no}: {content['kind']} {content['merged']} becomes"
        f" {content['into']}."
        f" {_spoken_effects(**effects)}"
        f" {one.proposer} says: {one.reason}"
        f" (until {one.expires_at:%Y-%m-%d %H:%M} UTC)"
    )


def _spoken_effects(contracts: list[str], rates: list[str], documents: int) -> str:
    return (
        f"Contracts that move: {', '.join(contracts) or 'none'}."
        f" Rates that then hold for both: {', '.join(rates) or 'none'}."
        f" Documents that keep their customer: {documents}."
    )


def _tell_refused(
    subject: str, problems: "list[Problem]", *, as_json: bool
) -> NoReturn:
    if as_json:
        print_json({"problems": problems})
    else:
        click.echo(f"{subject} stays; nothing was changed.")
        for problem in problems:
            click.echo(f"  {problem.sentence} {problem.remedy}")
    sys.exit(_EXIT_REFUSED)
