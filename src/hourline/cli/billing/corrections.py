"""The commands that correct an issued invoice: cancel it, write off what is due."""

import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from hourline.cli.billing.document import document_numbered
from hourline.cli.corrections.proposed import tell_proposed
from hourline.cli.desk import Desk, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, QUANTITY, refusing
from hourline.cli.soft_closed import into_by, into_flag

if TYPE_CHECKING:
    from hourline.billing.model import Because
    from hourline.billing.store_listing import ListedDocument
    from hourline.kernel.problems import Problem

_EXIT_REFUSED = 1


@click.command()
@click.argument("number")
@click.option(
    "--date", "dated", type=DAY, help="The credit note's date, else the invoice's."
)
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who cancels it.")
@into_flag
@desk_options
def cancel(
    *,
    number: str,
    dated: date | None,
    reason: str,
    actor: str,
    into_soft_closed: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Cancel the invoice NUMBER whole, as long as nothing happened to it.

    A credit note takes back everything on it, and all of it is open to bill again.
    Where the entity lets two persons credit, it is proposed. Exit status 1 says that
    the invoice was paid, credited, given up or drawn on.
    """
    from hourline import flow
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        cancelled = flow.Credit(
            document_no=_found(desk, number).document_no,
            because=_why(actor, reason),
            dated=dated,
            into=into_by(actor, reason, asked=into_soft_closed),
            cancels=True,
        )
        outcome = flow.credit_or_propose(desk.database, desk.tenant, cancelled)
    if isinstance(outcome, Problem):
        _refused(number, outcome, as_json=as_json)
    elif isinstance(outcome, flow.Proposed):
        tell_proposed(outcome, as_json=as_json)
    elif as_json:
        print_json({"invoice": number, "credit_note": outcome.number, "problem": None})
    else:
        click.echo(f"Invoice {number} is cancelled by {outcome.number}.")


@click.command("write-off-invoice")
@click.argument("number")
@click.option("--amount", type=QUANTITY, help="Only so much, in its currency.")
@click.option("--date", "dated", type=DAY, required=True, help="When it is given up.")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who gives it up.")
@into_flag
@desk_options
def write_off_invoice(
    *,
    number: str,
    amount: Decimal | None,
    dated: date,
    reason: str,
    actor: str,
    into_soft_closed: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Give up what is due of the invoice NUMBER: a bad debt or a concession.

    The invoice keeps its total; less of it is due. Exit status 1 says that so much is
    not due; nothing was changed.
    """
    from hourline import flow
    from hourline.kernel.money import currency_numbered, minor_units
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        invoice = _found(desk, number)
        currency = currency_numbered(invoice.currency)
        outcome = flow.write_off_invoice(
            desk.database,
            desk.tenant,
            document_no=invoice.document_no,
            because=_why(actor, reason),
            dated=dated,
            amount=None if amount is None else minor_units(amount, currency),
            into=into_by(actor, reason, asked=into_soft_closed),
        )
        left = _found(desk, number)
    if isinstance(outcome, Problem):
        _refused(number, outcome, as_json=as_json)
    else:
        _tell_written_off(left, outcome.amount, as_json=as_json)


def _tell_written_off(
    invoice: "ListedDocument", written_off: int, *, as_json: bool
) -> None:
    from hourline.cli.render import money
    from hourline.kernel.money import currency_numbered, major_units

    currency = currency_numbered(invoice.currency)
    if as_json:
        told = {
            "invoice": invoice.number,
            "currency": currency.code,
            "written_off": major_units(written_off, currency),
            "due": major_units(invoice.due, currency),
            "problem": None,
        }
        print_json(told)
        return
    given_up = money(written_off, invoice.currency)
    due = money(invoice.due, invoice.currency)
    click.echo(f"{given_up} of invoice {invoice.number} is written off; {due} is due.")


def _found(desk: Desk, number: str) -> "ListedDocument":
    with desk.database.tenant(desk.tenant) as session:
        return document_numbered(session, number)


def _why(actor: str, reason: str) -> "Because":
    from hourline.billing.model import Because

    return Because(actor=actor, reason=reason)


def _refused(number: str, problem: "Problem", *, as_json: bool) -> None:
    if as_json:
        print_json({"invoice": number, "problem": problem})
    else:
        click.echo(f"{problem.sentence} {problem.remedy}")
    sys.exit(_EXIT_REFUSED)
