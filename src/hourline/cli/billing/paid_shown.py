"""Show the payments of an invoice to a person, and give them to a program."""

from collections.abc import Sequence

from rich.console import Console

from hourline.billing.store_listing import ListedDocument, ListedPayment
from hourline.cli.render import money, table
from hourline.kernel.money import currency_numbered, major_units


def show_payments(document: ListedDocument, paid: Sequence[ListedPayment]) -> None:
    """Print the payments of an invoice in a table; nothing where there is none."""
    if not paid:
        return
    columns = ["date", "reference", "amount", "recorded"]
    shown = table("Payments", columns, numbers=["amount"])
    for one in paid:
        shown.add_row(
            f"{one.paid_on}",
            one.reference,
            money(one.amount, document.currency),
            f"{one.recorded_at:%Y-%m-%d %H:%M} UTC",
        )
    Console().print(shown)


def payment_values(
    document: ListedDocument, paid: Sequence[ListedPayment]
) -> list[dict[str, object]]:
    """Return the payments of an invoice for JSON, amounts in major units."""
    currency = currency_numbered(document.currency)
    return [
        {
            "date": one.paid_on,
            "reference": one.reference,
            "amount": major_units(one.amount, currency),
            "currency": currency.code,
            "recorded_at": one.recorded_at,
        }
        for one in paid
    ]
