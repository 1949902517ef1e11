"""Rule: a payment is of one invoice, in its currency, above zero and on a usable day.

What is stated otherwise is refused with what to do about it, and nothing is booked.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import AmountTooFine, currency_numbered, minor_units
from hourline.kernel.problems import Problem, ProblemCode

NAME_LENGTH_MAX = 300
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
# What is booked of it in any currency must fit the database.
BOOKABLE_MAX = 2**62
_DIGITS_MAX = 15
_BACK = "what goes back to a customer"
_AGAIN = "and report the payment again."


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPayment:
    """Hold a payment as it is reported: an amount in major units of a currency.

    Without a currency it is in that of the invoice. The reference makes it one payment
    of the invoice, however often it is reported.
    """

    number: str
    paid_on: date
    amount: Decimal
    currency: str | None
    reference: str

    def __post_init__(self) -> None:
        """Refuse a number or a reference that is none: there is nothing to ask about.

        Raises ValueError.
        """
        for name in ("number", "reference"):
            text: str = getattr(self, name)
            if not 0 < len(text) <= NAME_LENGTH_MAX:
                raise ValueError(f"{name} has not 1 to {NAME_LENGTH_MAX} characters")
            if any(unicodedata.category(one) in {"Cc", "Cs"} for one in text):
                raise ValueError(f"{name} has a control character")


@dataclass(frozen=True, slots=True)
class Named:
    """Hold an issued document that has the number of a payment."""

    document_no: int
    number: str
    kind: int
    contract_no: int
    currency: int


def payable(
    stated: StatedPayment, named: Sequence[Named]
) -> tuple[Named, int] | Problem:
    """Return the invoice a payment is of and its amount in minor units.

    `named` are the documents of its number. Returns the problem `payment_refused`
    where it cannot be a payment of exactly one of them.
    """
    payment = stated.number, stated.reference
    fault = _fault_of_statement(stated) or _fault_of_document(stated, named)
    if fault is not None:
        return _refused(payment, *fault)
    invoice = named[0]
    try:
        currency = currency_numbered(invoice.currency)
        return invoice, minor_units(stated.amount, currency)
    except AmountTooFine as error:
        return _refused(payment, f"{error}", f"Correct the amount, {_AGAIN}")


def too_large(number: str, reference: str) -> Problem:
    """Return the refusal of what is more than the entity's books can hold."""
    return _refused(
        (number, reference),
        "it is more than the books can hold",
        f"Correct the amount or the rate of exchange, {_AGAIN}",
    )


def _refused(payment: tuple[str, str], sentence: str, remedy: str) -> Problem:
    number, reference = payment
    return Problem(
        ProblemCode.PAYMENT_REFUSED,
        f"Payment {reference} of {number} was not recorded: {sentence}.",
        remedy,
        {"invoice": number, "reference": reference},
    )


def _fault_of_statement(stated: StatedPayment) -> tuple[str, str] | None:
    if not stated.amount.is_finite() or stated.amount <= 0:
        return (
            f"its amount {stated.amount} is not above zero",
            f"Correct the amount; {_BACK} is booked in the ERP alone.",
        )
    if stated.amount.adjusted() >= _DIGITS_MAX:
        return "its amount is no sum of money", f"Correct the amount, {_AGAIN}"
    if not FIRST_DAY <= stated.paid_on <= LAST_DAY:
        return (
            f"{stated.paid_on} is not from {FIRST_DAY} to {LAST_DAY}",
            f"Correct the day, {_AGAIN}",
        )
    return None


def _fault_of_document(
    stated: StatedPayment, named: Sequence[Named]
) -> tuple[str, str] | None:
    if not named:
        return (
            "no issued document has that number",
            f"Correct the number, or issue the invoice first, {_AGAIN}",
        )
    if len(named) > 1:
        return (
            f"{len(named)} documents have that number",
            "Book it in the ERP alone; give each legal entity a prefix of its own.",
        )
    if named[0].kind != DocumentKind.INVOICE:
        return (
            "it is a credit note, and only an invoice is paid",
            f"Correct the number to that of the invoice, {_AGAIN}",
        )
    billed = currency_numbered(named[0].currency).code
    if stated.currency not in {None, billed}:
        return (
            f"it is in {stated.currency}, and the invoice in {billed}",
            f"State in {billed} how much of the invoice was paid, {_AGAIN}",
        )
    return None
