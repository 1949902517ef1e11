"""Rule: an invoice is cancelled only as long as nothing has happened to it.

Once a customer paid of it, somebody credited or gave up a part of it or released what
was withheld, or a later invoice drew on the retainer it bills, undoing all of it would
undo that as well; what still stands can be credited.
"""

from dataclasses import dataclass

from hourline.kernel.money import currency_numbered, major_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Hold what happened to an invoice since, in minor units of its currency.

    `drawn` is what later invoices drew of the retainers it bills.
    """

    currency: int
    paid: int
    written_off: int
    credit_notes: tuple[str, ...]
    drawn: int
    released: int


def against_cancelling(happened: Happened) -> str | None:
    """Return in words what is against cancelling; None where nothing is."""
    if happened.credit_notes:
        numbers = ", ".join(happened.credit_notes)
        return f"a part or all of it is credited by {numbers}"
    currency = currency_numbered(happened.currency)
    amounts = {
        "paid": happened.paid,
        "given up": happened.written_off,
        "drawn by later invoices": happened.drawn,
        "withheld no longer": happened.released,
    }
    for what, amount in amounts.items():
        if amount:
            figure = f"{major_units(amount, currency)} {currency.code}"
            return f"{figure} of it is {what}"
    return None
