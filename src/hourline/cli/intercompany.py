"""The command `intercompany`: invoice lent work between entities, and prove it."""

import sys
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Unpack

import click
from rich.console import Console

from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing
from hourline.cli.soft_closed import Into, into_of, into_options

if TYPE_CHECKING:
    from hourline.billing.intercompany_model import IntercompanyListed
    from hourline.master.snapshot import Snapshot
    from hourline.proof.intercompany import IntercompanyReport

_EXIT_WAITS = 1


@click.group()
def intercompany() -> None:
    """Invoice the work that one entity's people did for another's contracts."""


@intercompany.command()
@click.argument("lender")
@click.argument("borrower")
@click.option("--through", type=DAY, required=True, help="The last day of work.")
@click.option("--date", "dated", type=DAY, required=True, help="The invoices' date.")
@into_options
@desk_options
def invoice(
    *,
    lender: str,
    borrower: str,
    through: date,
    dated: date,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Into],
) -> None:
    """Issue what LENDER has still to invoice BORROWER; both entities book it at once.

    One document per currency; a total below zero makes it a credit note. Exit status 1
    says that it could not be booked; it waits in its queue.
    """
    from hourline import flow
    from hourline.cli.render import money, words
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.invoice_intercompany(
            desk.database,
            desk.tenant,
            lender=lender,
            borrower=borrower,
            through=through,
            invoice_date=dated,
            into=into_of(said),
            engines=desk.connections,
        )
    if isinstance(outcome, Problem):
        told = asdict(outcome) if as_json else None
        if told is not None:
            print_json({"issued": [], "problem": told})
        else:
            click.echo(f"{outcome.sentence} {outcome.remedy}", err=True)
        sys.exit(_EXIT_WAITS)
    if as_json:
        print_json({"issued": [asdict(one) for one in outcome], "problem": None})
        return
    for one in outcome:
        click.echo(
            f"{words(one.kind.name)} {one.number} of {lender} to {borrower}:"
            f" {one.lines} lines, {money(one.total, one.currency)}"
        )
    if not outcome:
        click.echo(f"{lender} has nothing to invoice {borrower} through {through}.")


@intercompany.command("list")
@click.option("--lender", help="Only what this entity issued.")
@click.option("--borrower", help="Only what was issued to this entity.")
@desk_options
def list_command(
    *,
    lender: str | None,
    borrower: str | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Show the intercompany invoices and credit notes, as both entities booked them."""
    from hourline import flow
    from hourline.billing.store_intercompany import list_intercompany

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        snapshot = flow.snapshot_of(session)
        found = list_intercompany(
            session,
            lender_no=_entity_no(snapshot, lender),
            borrower_no=_entity_no(snapshot, borrower),
        )
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        _show_documents(found)


def _entity_no(snapshot: "Snapshot", entity: str | None) -> int | None:
    if entity is None:
        return None
    number = snapshot.number("legal_entity", entity)
    if number is None:
        raise CannotOpen(f"There is no legal entity {entity}.")
    return number


def _show_documents(found: "list[IntercompanyListed]") -> None:
    from hourline.cli.render import money, table, words
    from hourline.kernel.codes import DocumentKind

    columns = [
        *("number", "kind", "lender", "borrower", "date", "lines", "total"),
        *("booked by the lender", "booked by the borrower"),
    ]
    shown = table("Intercompany documents", columns, numbers=columns[5:])
    for one in found:
        shown.add_row(
            one.number,
            words(DocumentKind(one.kind).name),
            one.lender,
            one.borrower,
            str(one.invoice_date),
            str(one.lines),
            money(one.total, one.currency),
            f"{money(one.lender_total, one.lender_currency)} on {one.lender_date}",
            f"{money(one.borrower_total, one.borrower_currency)} on"
            f" {one.borrower_date}",
        )
    Console(soft_wrap=True).print(shown)


@intercompany.command()
@desk_options
def report(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """Match both sides of every pair by month, and list what a group eliminates.

    Revenue is held against cost and receivable against payable, in the currency of the
    documents. Exit status 1 says that a month does not match: the two entities booked
    in different months, as one had closed its own.
    """
    from hourline.proof.intercompany import report_intercompany

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant, one_view=True) as session,
    ):
        found = report_intercompany(session)
    if as_json:
        months = [asdict(one) | {"matches": one.matches} for one in found.months]
        print_json(asdict(found) | {"months": months})
    else:
        _show_report(found)
    if found.unmatched:
        sys.exit(_EXIT_WAITS)


def _show_report(found: "IntercompanyReport") -> None:
    from hourline.cli.render import money, table

    console = Console(soft_wrap=True)
    columns = [
        *("lender", "borrower", "month", "revenue", "cost", "receivable", "payable"),
        "difference",
    ]
    shown = table("Between entities", columns, numbers=columns[3:])
    for month in found.months:
        amounts = (month.revenue, month.cost, month.receivable, month.payable)
        difference = (month.revenue - month.cost, month.receivable - month.payable)
        shown.add_row(
            month.lender,
            month.borrower,
            f"{month.period:%Y-%m}",
            *(money(amount, month.currency) for amount in amounts),
            " / ".join(money(one, month.currency) for one in difference)
            if not month.matches
            else "none",
        )
    console.print(shown)
    columns = ["lender", "borrower", "what", "entries", "work", "amount", "accrued"]
    shown = table("Not invoiced yet", columns, numbers=columns[3:])
    for one in found.open:
        shown.add_row(
            one.lender,
            one.borrower,
            "to take back" if one.taken_back else "to invoice",
            str(one.transfers),
            f"{one.first_day} to {one.last_day}",
            money(one.amount, one.currency),
            money(one.accrued, one.lender_currency),
        )
    console.print(shown)
    _show_eliminations(console, found)


def _show_eliminations(console: Console, found: "IntercompanyReport") -> None:
    from hourline.cli.render import money, table, words

    columns = ("month", "entity", "against", "role", "debit", "credit", "own books")
    shown = table("Eliminations of the group", columns, numbers=columns[4:])
    for one in found.eliminations:
        sides = [money(abs(one.amount), one.currency), ""]
        debit, credit = sides if one.amount > 0 else sides[::-1]
        shown.add_row(
            f"{one.period:%Y-%m}",
            one.entity,
            one.against,
            words(one.role),
            debit,
            credit,
            money(one.books_amount, one.books_currency),
        )
    console.print(shown)
