"""The command `billing`: review, bill, draft, issue, credit, show what was issued."""

import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Unpack

import click

from hourline.cli.billing.adjusting import (
    Adjusted,
    adjusting_of,
    adjusting_options,
)
from hourline.cli.billing.corrections import cancel, write_off_invoice
from hourline.cli.billing.document import document, document_numbered
from hourline.cli.billing.drafts import approve, drafts
from hourline.cli.billing.milestones import hold_milestone, release_milestone
from hourline.cli.billing.payments import pay, payments
from hourline.cli.billing.prices import accept_price
from hourline.cli.billing.retainage import release_retainage
from hourline.cli.billing.reviews import held, hold, postpone, release, write_off
from hourline.cli.billing.transfers import transfer
from hourline.cli.corrections.proposed import tell_proposed
from hourline.cli.desk import Desk, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, QUANTITY, refusing
from hourline.cli.soft_closed import Into, into_by, into_flag, into_of, into_options

if TYPE_CHECKING:
    from hourline.billing.model import Issued, NothingToBill
    from hourline.billing.store_listing import ListedDocument, ListedLine
    from hourline.kernel.problems import Problem

_EXIT_WAITS = 1
_WHERE_IT_WAITS = "What waits for whom: hourline exceptions list"


@click.group()
def billing() -> None:
    """Review what is open, bill and credit it, and show what was issued."""


for _command in (
    drafts,
    approve,
    accept_price,
    hold,
    held,
    postpone,
    release,
    hold_milestone,
    release_milestone,
    write_off,
    transfer,
    document,
    cancel,
    write_off_invoice,
    release_retainage,
    pay,
    payments,
):
    billing.add_command(_command)


@billing.command("run")
@click.option("--through", type=DAY, required=True, help="The last day of work billed.")
@click.option("--date", "dated", type=DAY, required=True, help="The invoices' date.")
@click.option("--contract", help="Only this contract.")
@into_options
@desk_options
def run_command(
    *,
    through: date,
    dated: date,
    contract: str | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Into],
) -> None:
    """Bill every contract with open work and reached milestones up to a day.

    One contract can be billed into a soft-closed month. Exit status 1 says that a
    contract could not be billed; it waits in its queue.
    """
    from hourline import flow

    into = into_of(said)
    if into is not None and contract is None:
        raise click.UsageError("--into-soft-closed goes with --contract.")
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        if contract is None:
            outcomes = flow.bill_due(
                desk.database,
                desk.tenant,
                through=through,
                invoice_date=dated,
                engines=desk.connections,
            )
        else:
            billed = flow.bill_contract(
                desk.database,
                desk.tenant,
                contract=contract,
                through=through,
                invoice_date=dated,
                into=into,
                engines=desk.connections,
            )
            outcomes = [billed]
        _tell(desk, outcomes, as_json=as_json)


@billing.command()
@click.argument("contract")
@click.option("--through", type=DAY, required=True, help="The last day of work billed.")
@click.option("--date", "dated", type=DAY, required=True, help="The invoice's date.")
@adjusting_options
@desk_options
def draft(
    *,
    contract: str,
    through: date,
    dated: date,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **adjusted: Adjusted,
) -> None:
    """Open the draft of CONTRACT, or replace it, and show it; the books do not change.

    The draft follows its entries until it is issued, and keeps what is adjusted. Exit
    status 1 says that it could not be opened.
    """
    from hourline import flow
    from hourline.billing.model import Assembled
    from hourline.cli.billing.shown import draft_values, show_draft

    adjusting = adjusting_of(adjusted)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.open_draft(
            desk.database,
            desk.tenant,
            contract=contract,
            through=through,
            invoice_date=dated,
            adjusting=adjusting,
        )
        if not isinstance(outcome, Assembled):
            _tell(desk, [outcome], as_json=as_json)
            return
    if as_json:
        print_json(draft_values(contract, outcome))
    else:
        show_draft(contract, outcome)


@billing.command()
@click.argument("contract")
@into_options
@desk_options
def issue(
    *,
    contract: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Into],
) -> None:
    """Issue the open draft of CONTRACT as an invoice."""
    from hourline import flow

    into = into_of(said)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.issue_draft(
            desk.database,
            desk.tenant,
            contract=contract,
            into=into,
            engines=desk.connections,
        )
        _tell(desk, [outcome], as_json=as_json)


@billing.command()
@click.argument("number")
@click.option("--entry", help="Only this time entry, by its id at the source.")
@click.option("--hours", type=QUANTITY, help="Only so many hours of the entry.")
@click.option("--milestone", help="Only this milestone: its id, or LINE/ID.")
@click.option("--amount", type=QUANTITY, help="Only so much of it, in its currency.")
@click.option(
    "--date", "dated", type=DAY, help="The credit's date, else the invoice's."
)
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who credits it.")
@into_flag
@desk_options
def credit(
    *,
    number: str,
    dated: date | None,
    reason: str,
    actor: str,
    into_soft_closed: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **named: str | Decimal | None,
) -> None:
    """Credit the invoice NUMBER: all that is left of it, or a part.

    What is credited is open to bill again. Where the entity lets two persons credit, it
    is proposed. Exit status 1 says that so much does not stand on the invoice; nothing
    was changed.
    """
    from hourline import flow
    from hourline.billing.model import Because
    from hourline.cli.billing.parts import credit_lines, refuse_unclear

    refuse_unclear(named)
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        document, lines = _find(desk, number)
        wanted = flow.Credit(
            document_no=document.document_no,
            because=Because(actor=actor, reason=reason),
            lines=credit_lines(document, lines, named),
            dated=dated,
            into=into_by(actor, reason, asked=into_soft_closed),
        )
        outcome = flow.credit_or_propose(desk.database, desk.tenant, wanted)
        if isinstance(outcome, flow.Proposed):
            tell_proposed(outcome, as_json=as_json)
        else:
            _tell(desk, [outcome], as_json=as_json)


@billing.command()
@click.argument("line")
@click.argument("milestone")
@click.option("--date", "dated", type=DAY, required=True, help="When it was reached.")
@desk_options
def milestone(
    *,
    line: str,
    milestone: str,
    dated: date,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Say that MILESTONE of the contract line LINE is reached, so that it is billed."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        problem = flow.reach_milestone(
            desk.database,
            desk.tenant,
            contract_line=line,
            milestone=milestone,
            reached_on=dated,
        )
    if as_json:
        print_json({"line": line, "milestone": milestone, "problem": problem})
    elif problem is None:
        click.echo(f"Milestone {milestone} of {line} is reached on {dated}.")
    else:
        click.echo(f"{problem.sentence} {problem.remedy}\n{_WHERE_IT_WAITS}")
    if problem is not None:
        sys.exit(_EXIT_WAITS)


@billing.command("list")
@desk_options
def list_command(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List every invoice and credit note with its total and what is due of it."""
    from hourline.billing.store_listing import list_documents
    from hourline.cli.billing.shown import document_values, show_documents

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        documents = list_documents(session)
    if as_json:
        print_json([document_values(one) for one in documents])
    elif documents:
        show_documents("Invoices and credit notes", documents)
    else:
        click.echo("Nothing was issued yet.")


@billing.command()
@click.argument("number")
@desk_options
def show(*, number: str, demo: bool, slug: str | None, as_json: bool) -> None:
    """Show the invoice or credit note NUMBER, line by line, and its payments."""
    from hourline.billing.drafts import approver_of
    from hourline.billing.store_listing import list_payments
    from hourline.cli.billing.paid_shown import payment_values, show_payments
    from hourline.cli.billing.shown import document_values, line_values, show_document

    with open_desk(demo=demo, slug=slug) as desk:
        document, lines = _find(desk, number)
        with desk.database.tenant(desk.tenant) as session:
            approver = approver_of(session, document.document_no)
            paid = list_payments(session, document.document_no)
    if as_json:
        told = [line_values(document, line) for line in lines]
        by = None if approver is None else approver.approver
        more = {"payments": payment_values(document, paid)}
        print_json(
            document_values(document) | {"approved_by": by, "lines": told} | more
        )
        return
    show_document(document, lines)
    show_payments(document, paid)
    if approver is not None:
        click.echo(
            f"{_whose(document)} was approved by {approver.approver},"
            f" {approver.approved_at:%Y-%m-%d %H:%M} UTC."
        )


def _whose(document: "ListedDocument") -> str:
    return "It" if document.credits_number else "Its draft"


def _find(desk: Desk, number: str) -> "tuple[ListedDocument, list[ListedLine]]":
    from hourline.billing.store_listing import list_lines

    with desk.database.tenant(desk.tenant) as session:
        found = document_numbered(session, number)
        return found, list_lines(session, found.document_no)


def _tell(
    desk: Desk,
    outcomes: "Sequence[Issued | NothingToBill | Problem]",
    *,
    as_json: bool,
) -> None:
    """Show what was issued and what stopped; exit with 1 where something did."""
    from hourline.billing.model import Issued
    from hourline.billing.store_listing import list_documents
    from hourline.cli.billing.shown import document_values, show_documents
    from hourline.kernel.problems import Problem

    issued = [
        one.document_no
        for outcome in outcomes
        if isinstance(outcome, Issued)
        for one in outcome.all
    ]
    problems = [one for one in outcomes if isinstance(one, Problem)]
    with desk.database.tenant(desk.tenant) as session:
        documents = list_documents(session, issued)
    if as_json:
        told = [document_values(one) for one in documents]
        print_json({"issued": told, "problems": problems})
    else:
        if documents:
            show_documents("Issued", documents)
        for problem in problems:
            click.echo(f"{problem.sentence} {problem.remedy}")
        if problems:
            click.echo(_WHERE_IT_WAITS)
        if not documents and not problems:
            click.echo("Nothing is open to bill.")
    if problems:
        sys.exit(_EXIT_WAITS)
