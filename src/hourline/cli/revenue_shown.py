"""Show recognised revenue, and what of it waits for a second person."""

from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console

from hourline.cli.provisions_shown import (
    booked_provision_values,
    show_booked_provision,
)
from hourline.cli.render import money, table, words
from hourline.infra.approvals import Proposal
from hourline.kernel.money import currency_numbered, told_amount
from hourline.kernel.problems import Problem
from hourline.ledger.recognition import Recognised
from hourline.ledger.store_recognition import ListedRevenue
from hourline.master.snapshot import Snapshot


def outcome_values(
    snapshot: Snapshot, outcomes: Sequence[Recognised | Problem]
) -> list[dict[str, Any]]:
    """Return what a run did with each contract, as JSON shows it."""
    shown: list[dict[str, Any]] = []
    for outcome in outcomes:
        if isinstance(outcome, Problem):
            shown.append({"problem": outcome})
            continue
        contract = snapshot.contract(outcome.contract_no).id
        shown += [
            {
                "contract": contract,
                "contract_line": snapshot.contract_line(line.contract_line_no).id,
                "method": line.method,
                "earned": told_amount(line.earned, line.currency),
                "amount": told_amount(line.amount, line.currency),
                "currency": currency_numbered(line.currency).code,
                "entity_amount": told_amount(line.entity_amount, line.entity_currency),
                "entity_currency": currency_numbered(line.entity_currency).code,
                "accounting_date": outcome.accounting_date,
            }
            for line in outcome.lines
        ]
        if outcome.provision is not None:
            shown.append(
                booked_provision_values(
                    contract, outcome.provision, outcome.accounting_date
                )
            )
    return shown


def show_outcomes(shown: Sequence[dict[str, Any]]) -> None:
    """Print what a run did with each contract."""
    for one in shown:
        problem = one.get("problem")
        if problem is not None:
            click.echo(f"{problem.sentence} {problem.remedy}")
            continue
        if "provision" in one:
            show_booked_provision(one)
            continue
        click.echo(
            f"{one['contract']} {one['contract_line']}: {one['amount']}"
            f" {one['currency']} new, {one['earned']} {one['currency']} earned to date"
            f" ({words(one['method'])}), booked on {one['accounting_date']}"
        )
    if not shown:
        click.echo("There is no new revenue.")


def proposal_values(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON shows it."""
    return {
        "proposal": proposal.proposal_no,
        "action": proposal.action,
        **proposal.content,
        "reason": proposal.reason,
        "proposer": proposal.proposer,
        "expires_at": proposal.expires_at,
    }


def spoken(proposal: Proposal) -> str:
    """Return what a proposal says."""
    content = proposal.content
    figures = ", ".join(
        f"{words(name)} {figure}"
        for name, figure in content.items()
        if name != "contract_line"
    )
    return (
        f"Proposal {proposal.proposal_no}: contract line {content['contract_line']},"
        f" {figures}; proposed by {proposal.proposer}: {proposal.reason}"
    )


def revenue_values(one: ListedRevenue) -> dict[str, Any]:
    """Return recognised revenue as JSON shows it, with the figures it follows from."""
    return {
        "recognition": one.recognition_no,
        "run": one.run_no,
        "entity": one.entity,
        "contract": one.contract,
        "contract_line": one.contract_line,
        "through": one.through,
        "accounting_date": one.accounting_date,
        "method": one.method,
        "price": told_amount(one.price, one.currency),
        "settled": told_amount(one.settled, one.currency),
        "done": f"{one.done:f}",
        "whole": f"{one.whole:f}",
        "earned": told_amount(one.earned, one.currency),
        "amount": told_amount(one.amount, one.currency),
        "currency": currency_numbered(one.currency).code,
        "entity_amount": told_amount(one.entity_amount, one.entity_currency),
        "entity_currency": currency_numbered(one.entity_currency).code,
        "recorded_at": one.recorded_at,
        "best_guess": one.at_approval,
    }


def show_revenue(found: Sequence[ListedRevenue]) -> None:
    """Print what was recognised, a row for each line and run."""
    columns = ["through", "booked", "run", "contract line", "method"]
    numbers = ["done", "of", "earned", "new"]
    shown = table("Recognised revenue", [*columns, *numbers], numbers=numbers)
    for one in found:
        shown.add_row(
            str(one.through),
            str(one.accounting_date),
            "best guess" if one.at_approval else "period end",
            one.contract_line,
            words(one.method),
            f"{one.done:f}",
            f"{one.whole:f}",
            money(one.earned, one.currency),
            money(one.amount, one.currency),
        )
    Console().print(shown)
