"""Show what contracts that cost more than they bring are provided for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click
from rich.console import Console

from hourline.cli.render import money, table
from hourline.kernel.money import currency_numbered, major_units
from hourline.ledger.onerous import BookedProvision
from hourline.ledger.store_onerous import ListedLine, ListedProvision


def booked_provision_values(
    contract: str, booked: BookedProvision, accounting_date: date
) -> dict[str, Any]:
    """Return what a run provided for a contract, as JSON shows it."""
    currency = booked.entity_currency
    return {
        "contract": contract,
        "provision": _major(booked.provision, currency),
        "used": _major(booked.used, currency),
        "amount": _major(booked.amount, currency),
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
        "price_left": _major(one.price_left, own),
        "currency": currency_numbered(own).code,
        "revenue_left": _major(one.revenue_left, books),
        "realised": _major(one.realised, books),
        "provision": _major(one.provision, books),
        "used": _major(one.used, books),
        "added": _major(one.added, books),
        "amount": _major(one.amount, books),
        "entity_currency": currency_numbered(books).code,
        "recorded_at": one.recorded_at,
        "lines": [
            {
                "contract_line": line.contract_line,
                "method": line.method,
                "estimate": _exact(line.estimate, books),
                "cost": _major(line.cost, books),
                "price": _major(line.price, own),
                "earned": _major(line.earned, own),
                "revenue": _major(line.revenue, books),
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


def _major(minor: int, currency: int) -> str:
    return f"{major_units(minor, currency_numbered(currency)):f}"


def _exact(minor: Decimal, currency: int) -> str:
    """Return a figure that may be finer than the currency, in major units."""
    return f"{minor.scaleb(-currency_numbered(currency).decimals):f}"
