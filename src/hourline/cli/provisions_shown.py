"""Show what contracts that cost more than they bring are provided for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click
from rich.console import Console

from hourline.cli.render import money, table
from hourline.kernel.money import currency_numbered, told_amount
from hourline.ledger.onerous import BookedProvision
from hourline.ledger.store_onerous import ListedLine, ListedProvision


def booked_provision_values(
    contract: str, booked: BookedProvision, accounting_date: date
) -> dict[str, Any]:
    """Return what a run provided for a contract, as JSON shows it."""
    currency = booked.entity_currency
    return {
        "contract": contract,
        "provision": told_amount(booked.provision, currency),
        "used": told_amount(booked.used, currency),
        "amount": told_amount(booked.amount, currency),
        "entity_currency": currency_numbered(currency).code,
        "accounting_date": accounting_date,
    }


def show_booked_provision(shown: dict[str, Any]) -> None:
    """Print what a run provided for a contract."""
    code = shown["entity_currency"]
    click.echo(
        f"{shown['contract']}: {shown['provision']} {code} provided for its loss,"
        f" {shown['amount']} {code} of it new, booked on {shown['accounting_date']}"
    )


def provision_values(
    one: ListedProvision, lines: Sequence[ListedLine]
) -> dict[str, Any]:
    """Return a provision as JSON shows it, with the figures it follows from."""
    own, books = one.currency, one.entity_currency
    return {
        "provision_no": one.provision_no,
        "run": one.run_no,
        "entity": one.entity,
        "contract": one.contract,
        "through": one.through,
        "accounting_date": one.accounting_date,
        "cost_left": _exact(one.cost_left, books),
        "price_left": told_amount(one.price_left, own),
        "currency": currency_numbered(own).code,
        "revenue_left": told_amount(one.revenue_left, books),
        "realised": told_amount(one.realised, books),
        "provision": told_amount(one.provision, books),
        "used": told_amount(one.used, books),
        "added": told_amount(one.added, books),
        "amount": told_amount(one.amount, books),
        "entity_currency": currency_numbered(books).code,
        "recorded_at": one.recorded_at,
        "lines": [
            {
                "contract_line": line.contract_line,
                "method": line.method,
                "estimate": _exact(line.estimate, books),
                "cost": told_amount(line.cost, books),
                "price": told_amount(line.price, own),
                "earned": told_amount(line.earned, own),
                "revenue": told_amount(line.revenue, books),
            }
            for line in lines
        ],
    }


def show_provisions(found: Sequence[ListedProvision]) -> None:
    """Print what was provided for, a row for each contract and run."""
    columns = ["through", "booked", "contract"]
    numbers = ["cost left", "revenue left", "used", "added", "provision"]
    shown = table(
        "Provisions for onerous contracts", [*columns, *numbers], numbers=numbers
    )
    for one in found:
        books = one.entity_currency
        shown.add_row(
            str(one.through),
            str(one.accounting_date),
            one.contract,
            f"{_exact(one.cost_left, books)} {currency_numbered(books).code}",
            *(
                money(figure, books)
                for figure in (one.revenue_left, one.used, one.added, one.provision)
            ),
        )
    Console().print(shown)


def _exact(minor: Decimal, currency: int) -> str:
    """Return a figure that may be finer than the currency, in major units."""
    return f"{minor.scaleb(-currency_numbered(currency).decimals):f}"
