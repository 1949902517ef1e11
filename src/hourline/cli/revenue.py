"""The command `revenue`: recognise it, revise estimates, override, show what was found.

What changes a price or sets revenue by hand waits for a second person.
"""

import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Unpack

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
from hourline.cli.desk import CannotOpen, Desk, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, QUANTITY, refusing
from hourline.cli.soft_closed import Into, into_of, into_options

if TYPE_CHECKING:
    from hourline.flow.revenue_decisions import Decided

_EXIT_WAITS = 1


def _kind() -> ProposalKind:
    from hourline.cli.revenue_shown import proposal_values, spoken
    from hourline.flow.revenue_decisions import ACTIONS

    return ProposalKind(ACTIONS, spoken, proposal_values)


_PROPOSALS = Proposals(group="revenue", about="revenue", kind=_kind)


@click.group()
def revenue() -> None:
    """Recognise revenue, revise what it follows from, and show how it was found."""


@revenue.command()
@click.option("--entity", required=True, help="The legal entity.")
@click.option("--through", type=DAY, required=True, help="The last day that counts.")
@into_options
@desk_options
def recognise(
    *,
    entity: str,
    through: date,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Into],
) -> None:
    """Book what the contracts of an entity have earned through a day.

    Twice is once, and a line never goes back behind a later day. Exit status 1 says
    that a contract could not be booked; it waits in its queue.
    """
    from hourline import flow
    from hourline.cli.revenue_shown import outcome_values, show_outcomes
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcomes = flow.recognise_revenue(
            desk.database,
            desk.tenant,
            entity=entity,
            through=through,
            into=into_of(said),
        )
        with desk.database.tenant(desk.tenant) as session:
            shown = outcome_values(flow.snapshot_of(session), outcomes)
    if as_json:
        print_json(shown)
    else:
        show_outcomes(shown)
    if any(isinstance(outcome, Problem) for outcome in outcomes):
        sys.exit(_EXIT_WAITS)


@revenue.command()
@click.argument("contract_line")
@click.option("--hours", type=QUANTITY, help="All hours that the work will take.")
@click.option(
    "--cost", type=QUANTITY, help="All that it will cost, in the entity's currency."
)
@click.option("--price", type=QUANTITY, help="The modified price.")
@click.option(
    "--treatment",
    type=click.Choice(["catch_up", "prospective"]),
    default="catch_up",
    show_default=True,
    help="Catch up to date, or let a price concern only the rest of the work.",
)
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who says so.")
@desk_options
def estimate(
    *,
    contract_line: str,
    hours: Decimal | None,
    cost: Decimal | None,
    price: Decimal | None,
    treatment: Literal["catch_up", "prospective"],
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Give the fixed price CONTRACT_LINE a new estimate; the next run follows it.

    With a price it waits for a second person. Exit status 1 says that it was refused.
    """
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        revised = flow.Estimate(
            contract_line=contract_line,
            estimate_hours=hours,
            estimate_cost=cost,
            price=price,
            treatment=treatment,
        )
        if price is not None:
            _propose(desk, revised, actor=actor, reason=reason, as_json=as_json)
            return
        problem = flow.revise_estimate(
            desk.database,
            desk.tenant,
            revised,
            flow.Decision(actor=actor, reason=reason),
        )
    if as_json:
        print_json({**revised.said, "problem": problem})
    elif problem is None:
        click.echo(f"Contract line {contract_line} has the new estimate.")
    else:
        click.echo(f"{problem.sentence} {problem.remedy}")
    if problem is not None:
        sys.exit(_EXIT_WAITS)


@revenue.command()
@click.argument("contract_line")
@click.option(
    "--earned",
    type=click.STRING,
    required=True,
    help="What is earned to date, in the contract's currency.",
)
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@desk_options
def override(
    *,
    contract_line: str,
    earned: str,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Propose by hand what CONTRACT_LINE has earned as of its last run.

    Once approved, the next run books it; the rest is earned by the rest of the work.
    """
    from hourline.flow.revenue_decisions import Override

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        by_hand = Override(contract_line=contract_line, earned=_figure(earned))
        _propose(desk, by_hand, actor=actor, reason=reason, as_json=as_json)


add_listing(
    revenue,
    _PROPOSALS,
    about="List what waits for a second person.",
    where_none="Nothing about revenue waits for a second person.",
)
add_rejecting(revenue, _PROPOSALS, about="Reject PROPOSAL; nothing changes.")


@revenue.command()
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
    """Approve PROPOSAL as it is shown; the next run books what follows from it."""
    from hourline.cli.revenue_shown import spoken
    from hourline.flow import revenue_decisions as decisions

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        ask_approval(spoken(shown), yes=yes, as_json=as_json)
        try:
            decided = decisions.approve(
                desk.database,
                desk.tenant,
                proposal,
                approver=approver,
                shown_hash=shown.content_hash,
            )
        except decisions.CannotDecide as refusal:
            raise CannotOpen(str(refusal)) from refusal
    if as_json:
        print_json({"proposal": proposal, "approved": True, **decided.said})
    else:
        click.echo("Approved; the next recognition books what follows from it.")


@revenue.command(name="list")
@click.option("--entity", help="Only this legal entity.")
@click.option("--contract-line", help="Only this contract line.")
@desk_options
def list_command(
    *,
    entity: str | None,
    contract_line: str | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """List what was recognised, with the figures it follows from."""
    from hourline.cli.revenue_shown import revenue_values, show_revenue
    from hourline.ledger.store_recognition import read_revenue

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = read_revenue(session, entity=entity, contract_line=contract_line)
    if as_json:
        print_json([revenue_values(one) for one in found])
    elif found:
        show_revenue(found)
    else:
        click.echo("No revenue was recognised yet.")


@revenue.command()
@click.option("--entity", help="Only this legal entity.")
@click.option("--contract", help="Only this contract.")
@desk_options
def provisions(
    *,
    entity: str | None,
    contract: str | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """List what contracts that cost more than they bring are provided for, and why."""
    from hourline.cli.provisions_shown import provision_values, show_provisions
    from hourline.ledger.store_onerous import read_provisions

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = read_provisions(session, entity=entity, contract=contract)
    if as_json:
        print_json([provision_values(one, lines) for one, lines in found])
    elif found:
        show_provisions([one for one, _ in found])
    else:
        click.echo("No contract was provided for.")


def _propose(
    desk: Desk, decided: "Decided", *, actor: str, reason: str, as_json: bool
) -> None:
    from hourline.flow import revenue_decisions as decisions

    try:
        proposal_no = decisions.propose(
            desk.database, desk.tenant, decided, actor=actor, reason=reason
        )
    except decisions.CannotDecide as refusal:
        raise CannotOpen(str(refusal)) from refusal
    if as_json:
        print_json({"proposal": proposal_no, **decided.said})
    else:
        tell_waits(proposal_no, group="revenue")


def _figure(text: str) -> Decimal:
    """Return an amount of 0 or more; raise CannotOpen for what is none."""
    try:
        figure = Decimal(text)
    except ArithmeticError:
        raise CannotOpen(f"{text!r} is no amount such as 1250.00") from None
    if not figure.is_finite() or figure < 0:
        raise CannotOpen(f"{text} is no amount of 0 or more")
    return figure
