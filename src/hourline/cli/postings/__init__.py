"""The command `postings`: plan and book documents, and decide on those that stopped."""

import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console

from hourline.cli.approvals import (
    ProposalKind,
    Proposals,
    add_listing,
    approval_options,
    ask_approval,
    tell_rejected,
    tell_waits,
)
from hourline.cli.desk import CannotOpen, Desk, desk_options, open_desk, print_json
from hourline.cli.kinds import refusing
from hourline.cli.postings.shown import (
    document_values,
    group_values,
    show_document,
    spoken_group,
)
from hourline.cli.postings.windows import spoken_waits, waiting_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from hourline.infra.approvals import Proposal
    from hourline.posting.model import Settled, Summary

_EXIT_PERSON = 1
_GROUPS_DONE = ("confirmed", "cancelled")


def _kind() -> ProposalKind:
    from hourline.flow.rulings import ACTION

    return ProposalKind((ACTION,), _spoken, _proposal_values)


_PROPOSALS = Proposals(group="postings", about="an intent", kind=_kind)


@click.group()
def postings() -> None:
    """Plan and book documents in receiving systems; decide on those that stopped."""


@postings.command("list")
@desk_options
def list_command(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List the intents that need a person, and what a closed window holds back.

    A person is needed by what was rejected, differs or is quarantined.
    """
    from hourline.posting.service import needing_a_person
    from hourline.posting.windows import waiting_for_window

    with open_desk(demo=demo, slug=slug) as desk:
        with desk.database.tenant(desk.tenant) as session:
            found = needing_a_person(session)
            waiting = waiting_for_window(session)
        names = _connection_names(desk)
    if as_json:
        held = [waiting_values(one, opens, names) for one, opens in waiting]
        print_json([_values(one, names) for one in found] + held)
        return
    if found:
        _show(found, names)
    else:
        click.echo("No intent needs a person.")
    for line in spoken_waits(waiting, names):
        click.echo(line)


@postings.command()
@click.argument("intent", type=int)
@click.option("--members", is_flag=True, help="Show what each line is the sum of.")
@desk_options
def show(
    *, intent: int, members: bool, demo: bool, slug: str | None, as_json: bool
) -> None:
    """Show the document that INTENT books, as its target gets it."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, _about(desk, intent):
        document = flow.show_document(desk.database, desk.tenant, intent)
    if as_json:
        print_json(document_values(document, members=members))
    else:
        show_document(document, members=members)


@postings.command()
@click.option("--all", "everything", is_flag=True, help="Also those that are done.")
@desk_options
def groups(*, everything: bool, demo: bool, slug: str | None, as_json: bool) -> None:
    """List the groups of documents that are sent all or none, with control totals."""
    from hourline.posting.groups import read_groups

    states = ["held", "released", "short", *(_GROUPS_DONE if everything else ())]
    with open_desk(demo=demo, slug=slug) as desk:
        with desk.database.tenant(desk.tenant) as session:
            found = read_groups(session, *states)
        names = _connection_names(desk)
    if as_json:
        print_json([group_values(one, names) for one in found])
        return
    for one in found:
        click.echo(spoken_group(one, names))
    if not found:
        click.echo("No group of documents is under way.")


@postings.command()
@desk_options
def plan(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """Gather new journal lines into journals; plan every document not planned yet."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk:
        planned = flow.plan_postings(desk.database, desk.tenant)
    if as_json:
        print_json({"planned": planned})
    else:
        click.echo(f"Documents newly planned: {planned:,}; a worker books them.")


@postings.command("run")
@desk_options
def run_command(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """Book once what is due now, without waiting for a worker.

    Exit status 1 says that a document needs a person; it waits in its queue.
    """
    from hourline import flow
    from hourline.flow.connections import Connections
    from hourline.flow.workers import DEMO_TIMING
    from hourline.infra.secrets import open_keyring

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        live = Connections(desk.database, open_keyring(desk.settings))
        summary = flow.post_due(
            desk.database,
            desk.tenant,
            lambda connection_no: live.reach(desk.tenant, connection_no).targets(),
            timing=DEMO_TIMING if demo else None,
        )
        names = _connection_names(desk)
    if as_json:
        print_json(_run_values(summary, names))
    else:
        click.echo(
            f"Documents booked: {summary.confirmed:,}, calls: {summary.calls:,},"
            f" look-ups: {summary.lookups:,}."
        )
        if summary.problems:
            _show(summary.problems, names)
    if summary.problems:
        sys.exit(_EXIT_PERSON)


@postings.command()
@click.argument("intent", type=int)
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who decides it.")
@desk_options
def resubmit(
    *,
    intent: int,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Try the rejected INTENT again, now that its cause is removed."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, _about(desk, intent):
        flow.resubmit_intent(
            desk.database, desk.tenant, intent, actor=actor, reason=reason
        )
    if as_json:
        print_json({"intent": intent, "verdict": "resubmit"})
    else:
        click.echo(f"Intent {intent} is due again; the audit chain says why.")


@postings.command()
@click.argument("intent", type=int)
@click.option(
    "--verdict",
    type=click.Choice(["adopt", "absent", "cancel"]),
    required=True,
    help="It is there by the id given; it is not there; it shall not be booked.",
)
@click.option("--external-id", help="The document's id at the target, to adopt it.")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@desk_options
def resolve(
    *,
    intent: int,
    verdict: str,
    external_id: str | None,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Propose a decision on INTENT; it holds when a second person approves it.

    Look into the target first: a document that is declared absent is booked anew.
    """
    from hourline import flow
    from hourline.flow.rulings import Ruled
    from hourline.posting.service import Verdict

    if (verdict == "adopt") != (external_id is not None):
        raise click.UsageError(
            "--external-id belongs to --verdict adopt, and only there."
        )
    ruled = Ruled(intent, Verdict[verdict.upper()], external_id)
    with open_desk(demo=demo, slug=slug) as desk, _about(desk, intent):
        proposal_no = flow.propose_ruling(
            desk.database, desk.tenant, ruled, actor=actor, reason=reason
        )
    if as_json:
        print_json({"proposal": proposal_no, "intent": intent, "verdict": verdict})
    else:
        tell_waits(proposal_no, group="postings")


add_listing(
    postings,
    _PROPOSALS,
    about="List the proposed decisions that wait for a second person.",
    where_none="No decision waits for a second person.",
)


@postings.command()
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
    """Approve the decision PROPOSAL as it is shown, and follow it at once."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        ask_approval(_spoken(shown), yes=yes, as_json=as_json)
        ruled = flow.approve_ruling(
            desk.database,
            desk.tenant,
            proposal,
            approver=approver,
            shown_hash=shown.content_hash,
        )
    if as_json:
        print_json({"proposal": proposal, "approved": True, "intent": ruled.intent_no})
    else:
        click.echo(f"Approved: intent {ruled.intent_no}, {ruled.verdict.value}.")


@postings.command()
@click.argument("proposal", type=int)
@click.option("--approver", required=True, help="Who rejects it; not its proposer.")
@desk_options
def reject(
    *, proposal: int, approver: str, demo: bool, slug: str | None, as_json: bool
) -> None:
    """Reject the decision PROPOSAL; the intent stays as it is."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        flow.reject_ruling(desk.database, desk.tenant, proposal, approver=approver)
    tell_rejected(proposal, as_json=as_json)


def _about(desk: Desk, intent: int) -> "AbstractContextManager[None]":
    """Refuse an intent there is not, then what the state machine refuses."""
    from hourline.posting.store import lock_intent

    try:
        with desk.database.tenant(desk.tenant) as session:
            lock_intent(session, intent)
    except LookupError as refusal:
        raise CannotOpen(f"There is no intent {intent}.") from refusal
    return refusing()


def _connection_names(desk: Desk) -> dict[int, str]:
    from hourline.master.store import connections

    with desk.database.tenant(desk.tenant) as session:
        return {one.connection_no: one.name for one in connections(session)}


def _show(found: "Sequence[Settled]", names: dict[int, str]) -> None:
    from hourline.cli.render import table, words

    columns = ["intent", "system", "document", "state", "what", "do"]
    shown = table("Intents that need a person", columns, numbers=["intent"])
    for one in found:
        shown.add_row(
            str(one.intent_no),
            names[one.connection_no],
            words(one.kind.name),
            words(one.state.name),
            one.problem.sentence if one.problem else "",
            one.problem.remedy if one.problem else "",
        )
    Console().print(shown)


def _values(one: "Settled", names: dict[int, str]) -> dict[str, object]:
    return {
        "intent": one.intent_no,
        "connection": names[one.connection_no],
        "kind": one.kind.name.lower(),
        "state": one.state.name.lower(),
        "external_id": one.external_id,
        "external_number": one.external_number,
        "problem": one.problem,
    }


def _run_values(summary: "Summary", names: dict[int, str]) -> dict[str, object]:
    return {
        "confirmed": summary.confirmed,
        "calls": summary.calls,
        "lookups": summary.lookups,
        "problems": [_values(one, names) for one in summary.problems],
    }


def _proposal_values(one: "Proposal") -> dict[str, object]:
    return {
        "proposal": one.proposal_no,
        "intent": one.content["intent_no"],
        "verdict": one.content["verdict"],
        "external_id": one.content["external_id"],
        "reason": one.reason,
        "proposer": one.proposer,
        "expires_at": one.expires_at,
    }


def _spoken(one: "Proposal") -> str:
    external_id = one.content["external_id"]
    what = f"{one.content['verdict']} {external_id or ''}".strip()
    return (
        f"Proposal {one.proposal_no}: intent {one.content['intent_no']}, {what}."
        f" {one.proposer} says: {one.reason}"
        f" (until {one.expires_at:%Y-%m-%d %H:%M} UTC)"
    )
