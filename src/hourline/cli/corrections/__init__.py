"""The command `credits`: what credits invoices by two persons, and is billed anew."""

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from hourline.cli.approvals import (
    ProposalKind,
    Proposals,
    add_listing,
    add_rejecting,
    approval_options,
    ask_approval,
)
from hourline.cli.corrections.proposed import tell_proposed
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing, today

if TYPE_CHECKING:
    from hourline.flow.rebilling.rebill import Rebill
    from hourline.kernel.problems import Problem

_EXIT_REFUSED = 1


def _kind() -> ProposalKind:
    from hourline.cli.corrections.shown import proposal_values, spoken
    from hourline.flow.rebilling.proposing import ACTION

    return ProposalKind((ACTION,), spoken, proposal_values)


_PROPOSALS = Proposals(group="corrections", about="a credit", kind=_kind)
_dated = click.option(
    "--date", "dated", type=DAY, help="The date of the drafts that follow, else today."
)


@click.group()
def corrections() -> None:
    """Correct what is invoiced by two persons: see, propose and approve credits."""


@corrections.command()
@click.argument("contract", required=False)
@_dated
@desk_options
def waiting(
    *,
    contract: str | None,
    dated: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Show the corrections and recalls of invoiced work that wait for approval.

    For each contract, or for CONTRACT, with what would be credited and billed instead,
    and the fingerprint of all that. Nothing is changed.
    """
    from hourline.cli.corrections.shown import show_waiting, waiting_values
    from hourline.flow.rebilling.waiting import list_waiting

    day = dated or today()
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        found = list_waiting(desk.database, desk.tenant, dated=day, contract=contract)
    if as_json:
        print_json([waiting_values(one) for one in found])
    elif found:
        show_waiting(found, dated=str(day))
    else:
        click.echo("No correction of what is invoiced waits for approval.")


@corrections.command()
@click.argument("contract")
@click.option("--shown", required=True, help="The fingerprint of what was looked at.")
@click.option("--approver", required=True, help="Who approves it; one with the right.")
@_dated
@desk_options
def accept(
    *,
    contract: str,
    shown: str,
    approver: str,
    dated: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Let in what waits of CONTRACT as it was shown; credit it and open the draft.

    Exit status 1 says that the approver has not the right; nothing was changed.
    """
    from hourline.flow.rebilling.waiting import accept_waiting
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = accept_waiting(
            desk.database,
            desk.tenant,
            contract=contract,
            approver=approver,
            shown=shown,
            dated=dated or today(),
        )
    if isinstance(outcome, Problem):
        _refused(outcome, as_json=as_json)
    else:
        _done(outcome, by=approver, as_json=as_json)


@corrections.command("propose")
@click.argument("contract")
@click.option("--since", type=DAY, help="Only work from this day on.")
@click.option("--until", type=DAY, help="Only work before this day.")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@_dated
@desk_options
def propose(
    *,
    contract: str,
    since: date | None,
    until: date | None,
    reason: str,
    actor: str,
    dated: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Propose to credit what the terms in force price otherwise, and bill it anew.

    That is invoiced work of CONTRACT. Exit status 1 says that it cannot be done;
    nothing was proposed.
    """
    from hourline.billing.model import Because
    from hourline.flow.rebilling.proposing import propose_rebill
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = propose_rebill(
            desk.database,
            desk.tenant,
            contract=contract,
            dated=dated or today(),
            because=Because(actor=actor, reason=reason),
            starts=since or date.min,
            ends=until or date.max,
        )
    if isinstance(outcome, Problem):
        _refused(outcome, as_json=as_json)
    else:
        tell_proposed(outcome, as_json=as_json)


add_listing(
    corrections,
    _PROPOSALS,
    about="List the credits that wait for a second person.",
    where_none="No credit waits for a second person.",
)
add_rejecting(corrections, _PROPOSALS, about="Reject PROPOSAL; nothing is credited.")


@corrections.command()
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
    """Approve PROPOSAL as it is shown, and do it.

    Exit status 1 says that the approver has not the right, or that it cannot be done;
    it waits, then.
    """
    from hourline.cli.corrections.shown import spoken
    from hourline.flow.rebilling.proposing import approve_credit
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        ask_approval(spoken(shown), yes=yes, as_json=as_json)
        outcome = approve_credit(
            desk.database,
            desk.tenant,
            proposal,
            approver=approver,
            shown_hash=shown.content_hash,
        )
    if isinstance(outcome, Problem):
        _refused(outcome, as_json=as_json)
    else:
        _done(outcome, by=approver, as_json=as_json)


def _done(done: "Rebill", *, by: str, as_json: bool) -> None:
    from hourline.flow.rebilling.told import told_rebill

    numbers = [one.number for one in done.notes]
    if as_json:
        print_json({**told_rebill(done), "approver": by, "credit_notes": numbers})
        return
    click.echo(f"{by} approved it; issued: {', '.join(numbers) or 'nothing'}.")
    for draft in done.drafts:
        click.echo(f"Issue the draft with: hourline billing issue {draft.contract}")


def _refused(problem: "Problem", *, as_json: bool) -> None:
    if as_json:
        print_json({"problem": problem})
    else:
        click.echo(f"{problem.sentence} {problem.remedy}")
    sys.exit(_EXIT_REFUSED)
