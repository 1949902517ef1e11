"""The commands that record payments of invoices: one by hand, or those of a file."""

import getpass
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hourline.cli.billing.document import document_numbered
from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, QUANTITY, refusing

if TYPE_CHECKING:
    from hourline.flow import Paid
    from hourline.flow.payment_file import PaymentRow

_EXIT_REFUSED = 1
_WHERE_IT_WAITS = "What waits for whom: hourline exceptions list"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_actor = click.option(
    "--actor",
    default=getpass.getuser,
    show_default="who is signed in",
    help="Who records it; it goes into the audit chain.",
)


@click.command()
@click.argument("number")
@click.option(
    "--amount", type=QUANTITY, required=True, help="How much, in its currency."
)
@click.option("--date", "dated", type=DAY, required=True, help="When it was paid.")
@click.option(
    "--reference", required=True, help="What the bank or the ERP calls the payment."
)
@_actor
@desk_options
def pay(
    *,
    number: str,
    amount: Decimal,
    dated: date,
    reference: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Record that the invoice NUMBER was paid, in whole or in part.

    The same payment again changes nothing. Exit status 1 says that it could not be
    recorded; nothing was changed, and it waits in its queue.
    """
    from hourline import flow
    from hourline.billing.model import Because
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        with desk.database.tenant(desk.tenant) as session:
            document_numbered(session, number)
        stated = flow.StatedPayment(
            number=number,
            paid_on=dated,
            amount=amount,
            currency=None,
            reference=reference,
        )
        [outcome] = flow.record_payments(
            desk.database,
            desk.tenant,
            [stated],
            because=Because(actor=actor, reason="recorded by hand"),
        )
    if not isinstance(outcome, Problem):
        _tell_paid(stated.number, reference, outcome, as_json=as_json)
        return
    if as_json:
        print_json({"invoice": number, "reference": reference, "problem": outcome})
    else:
        click.echo(f"{outcome.sentence} {outcome.remedy}\n{_WHERE_IT_WAITS}")
    sys.exit(_EXIT_REFUSED)


def _tell_paid(number: str, reference: str, paid: "Paid", *, as_json: bool) -> None:
    from hourline.cli.render import money

    if as_json:
        print_json({"invoice": number, "reference": reference, **_values(paid)})
        return
    amount, due = (money(one, paid.currency) for one in (paid.amount, paid.due))
    what = (
        f"{amount} of invoice {number} is recorded as payment {reference}"
        if paid.is_new
        else f"Payment {reference} of invoice {number} was recorded before"
    )
    click.echo(f"{what}; {due} is due.")


def _values(paid: "Paid") -> dict[str, object]:
    from hourline.kernel.money import currency_numbered, major_units

    currency = currency_numbered(paid.currency)
    return {
        "outcome": "recorded" if paid.is_new else "known_before",
        "amount": major_units(paid.amount, currency),
        "due": major_units(paid.due, currency),
        "currency": currency.code,
        "problem": None,
    }


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--all-or-nothing", is_flag=True, help="Record nothing where one row is wrong."
)
@_actor
@desk_options
def payments(
    *,
    file: Path,
    all_or_nothing: bool,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Record the payments of FILE: number, date, amount, currency and reference.

    A payment that is recorded already changes nothing. Exit status 1 says that rows
    are wrong, and which.
    """
    from hourline.billing.model import Because
    from hourline.flow.payment_file import FileRefused, record_payment_file

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        try:
            rows = record_payment_file(
                desk.database,
                desk.tenant,
                file.read_bytes(),
                Because(actor=actor, reason=f"recorded from the file {file.name}"),
                all_or_nothing=all_or_nothing,
            )
        except FileRefused as refusal:
            problem = refusal.problem
            msg = f"{file}: {problem.sentence} {problem.remedy}"
            raise CannotOpen(msg) from refusal
    _tell_rows(file, rows, all_or_nothing=all_or_nothing, as_json=as_json)


def _tell_rows(
    file: Path, rows: "Sequence[PaymentRow]", *, all_or_nothing: bool, as_json: bool
) -> None:
    from hourline.flow import Paid

    paid = [row.outcome for row in rows if isinstance(row.outcome, Paid)]
    wrong = len(rows) - len(paid)
    undone = all_or_nothing and wrong > 0
    new = 0 if undone else sum(one.is_new for one in paid)
    if as_json:
        told = [_row_values(row, undone=undone) for row in rows]
        print_json({"file": str(file), "new": new, "wrong": wrong, "rows": told})
    else:
        _show_wrong(file, rows)
        known = sum(not one.is_new for one in paid)
        click.echo(
            f"{len(rows)} rows: {wrong} are wrong, so nothing was recorded."
            if undone
            else f"{len(rows)} rows: {new} recorded, {known} known before,"
            f" {wrong} wrong."
        )
    if wrong:
        sys.exit(_EXIT_REFUSED)


def _show_wrong(file: Path, rows: "Sequence[PaymentRow]") -> None:
    from hourline.kernel.problems import Problem

    for row in rows:
        if isinstance(row.outcome, Problem):
            problem = row.outcome
            click.echo(f"{file}, {row.place}: {problem.sentence} {problem.remedy}")


def _row_values(row: "PaymentRow", *, undone: bool) -> dict[str, object]:
    from hourline.kernel.problems import Problem

    told: dict[str, object] = {
        "row": row.place.removeprefix("row "),
        "invoice": row.number,
        "reference": row.reference,
    }
    if isinstance(row.outcome, Problem):
        return told | {"outcome": "refused", "problem": row.outcome}
    values = _values(row.outcome)
    if undone and row.outcome.is_new:
        # What would be due is no figure of the books.
        return told | {"outcome": "undone", "problem": None}
    return told | values
