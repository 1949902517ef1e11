"""Show what is credited, what stands of the work, and the draft that follows."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from hourline.cli.render import table
from hourline.flow.rebilling.told import told_rebill
from hourline.flow.rebilling.waiting import Waiting
from hourline.intake.model import TimeRecord
from hourline.kernel.problems import Problem
from hourline.kernel.quantity import spoken_hours

if TYPE_CHECKING:
    from hourline.infra.approvals import Proposal

_DIGITS = 12
_ACTS = {"credit": "credit", "cancel": "cancellation", "rebill": "credit and rebill"}
_Told = Mapping[str, Any]


def show_waiting(waiting: Sequence[Waiting], *, dated: str) -> None:
    """Print what waits of each contract, and how it is accepted."""
    for one in waiting:
        count = len(one.records)
        click.echo(f"Contract {one.contract}: {count} of its sources' records wait")
        for record in one.records:
            said = record.said
            does = "is recalled"
            if isinstance(said, TimeRecord):
                does = f"is corrected, {said.date}"
            click.echo(f"  {record.source_id} revision {record.revision} {does}")
        if isinstance(one.outcome, Problem):
            click.echo(f"{one.outcome.sentence} {one.outcome.remedy}")
            continue
        show_rebill(told_rebill(one.outcome))
        click.echo(
            f"Accept it with: hourline corrections accept {one.contract} --date {dated}"
            f" --shown {one.outcome.fingerprint.hex()[:_DIGITS]} --approver NAME"
        )


def waiting_values(waiting: Waiting) -> dict[str, object]:
    """Return what waits of a contract for JSON."""
    records = [
        {"entry": one.source_id, "revision": one.revision, "came": one.received_at}
        for one in waiting.records
    ]
    if isinstance(waiting.outcome, Problem):
        return {
            "contract": waiting.contract,
            "records": records,
            "problem": waiting.outcome,
        }
    return {
        **told_rebill(waiting.outcome),
        "records": records,
        "fingerprint": waiting.outcome.fingerprint.hex(),
    }


def show_rebill(told: _Told) -> None:
    """Print credits, work before and after, and drafts."""
    console = Console()
    figures = ["net", "tax", "total"]
    credited = table("Credits", ["invoice", *figures], numbers=figures)
    for one in told["credits"]:
        amounts = [_money(one[name], one["currency"]) for name in figures]
        credited.add_row(one["invoice"], *amounts)
    console.print(credited)
    if told["work"]:
        work = table("Work", ["entry", "source", "before", "after"])
        for one in told["work"]:
            before, after = _figures(one["before"]), _figures(one["after"])
            work.add_row(one["entry"], one["source"], before, after)
        console.print(work)
    for one in told["drafts"]:
        click.echo(f"Then: {_draft(one)}.")


def spoken(proposal: "Proposal") -> str:
    """Return what is proposed, and who proposed it when and why."""
    shown: _Told = proposal.content["shown"]
    credited = ", ".join(
        f"{_money(one['total'], one['currency'])} of {one['invoice']}"
        for one in shown["credits"]
    )
    work = ", ".join(
        f"{one['entry']} {_figures(one['before'])} -> {_figures(one['after'])}"
        for one in shown["work"]
    )
    drafts = "; ".join(_draft(one) for one in shown["drafts"])
    parts = [one for one in (work, drafts and f"then {drafts}") if one]
    return (
        f"Proposal {proposal.proposal_no} by {proposal.proposer} on"
        f" {proposal.proposed_at:%Y-%m-%d %H:%M} UTC, until"
        f" {proposal.expires_at:%Y-%m-%d %H:%M} UTC: {_ACTS[proposal.content['act']]}"
        f" of {shown['contract']}, {credited}; {'; '.join([*parts, ''])}because:"
        f" {proposal.reason}"
    )


def proposal_values(proposal: "Proposal") -> dict[str, object]:
    """Return a proposal as JSON has it."""
    return {
        "proposal": proposal.proposal_no,
        "proposer": proposal.proposer,
        "proposed_at": proposal.proposed_at,
        "expires_at": proposal.expires_at,
        "reason": proposal.reason,
        "act": proposal.content["act"],
        **proposal.content["shown"],
    }


def _figures(figures: _Told | None) -> str:
    if figures is None:
        return "nothing decided"
    amount = _money(figures["amount"], figures["currency"])
    worth = f"{amount} on {figures['contract_line']}"
    hours = figures["seconds"]
    return f"{spoken_hours(hours)}, {worth}" if hours else worth


def _draft(draft: _Told) -> str:
    of = (
        f"a draft of {draft['contract']} through {draft['through']}, dated"
        f" {draft['date']}"
    )
    if "problem" in draft:
        return f"{of}, which cannot be billed yet: {draft['problem'].rstrip('.')}"
    net, tax, total = (
        _money(draft[name], draft["currency"]) for name in ("net", "tax", "total")
    )
    return f"{of}: net {net}, tax {tax}, total {total}"


def _money(amount: str, currency: str) -> str:
    return f"{Decimal(amount):,f} {currency}"
