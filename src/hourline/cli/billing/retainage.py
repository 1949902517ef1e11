"""The command that makes due what customers withhold of invoices."""

import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, QUANTITY, refusing
from hourline.cli.soft_closed import into_by, into_flag

if TYPE_CHECKING:
    from hourline.billing.retaining import Released

_EXIT_REFUSED = 1


@click.command("release-retainage")
@click.argument("contract")
@click.option("--amount", type=QUANTITY, help="Only so much, in its currency.")
@click.option("--customer", help="Only of this one of several customers.")
@click.option("--date", "dated", type=DAY, required=True, help="When it is due.")
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who releases it.")
@into_flag
@desk_options
def release_retainage(
    *,
    contract: str,
    amount: Decimal | None,
    customer: str | None,
    dated: date,
    reason: str,
    actor: str,
    into_soft_closed: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Make due what is withheld of the invoices of CONTRACT, or a part of it.

    An amount is taken of the invoices in the order of their issue. Exit status 1 says
    that so much is not withheld; nothing was changed.
    """
    from hourline import flow
    from hourline.billing.model import Because
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.release_retainage(
            desk.database,
            desk.tenant,
            contract=contract,
            because=Because(actor=actor, reason=reason),
            dated=dated,
            amount=amount,
            customer=customer,
            into=into_by(actor, reason, asked=into_soft_closed),
        )
    if isinstance(outcome, Problem):
        if as_json:
            print_json({"contract": contract, "problem": outcome})
        else:
            click.echo(f"{outcome.sentence} {outcome.remedy}")
        sys.exit(_EXIT_REFUSED)
    _tell(contract, outcome, as_json=as_json)


def _tell(contract: str, released: "Released", *, as_json: bool) -> None:
    from hourline.cli.render import money
    from hourline.kernel.money import currency_numbered, major_units

    if as_json:
        currency = currency_numbered(released.currency)
        invoices = [
            {"number": part.number, "released": major_units(part.amount, currency)}
            for part in released.parts
        ]
        told = {
            "contract": contract,
            "currency": currency.code,
            "released": major_units(released.amount, currency),
            "invoices": invoices,
            "problem": None,
        }
        print_json(told)
        return
    for part in released.parts:
        amount = money(part.amount, released.currency)
        click.echo(f"{amount} of invoice {part.number} is no longer withheld.")
    whole = money(released.amount, released.currency)
    click.echo(f"{whole} of contract {contract} is released.")
