"""Which statement can be a payment of which document, and what to do about others."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.billing.rules.payable import Named, StatedPayment, payable, too_large
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem

USD = 840
JPY = 392
INVOICE = Named(7, "US1-000001", DocumentKind.INVOICE, 1, USD)
NOTE = Named(8, "US1-CN-000001", DocumentKind.CREDIT_NOTE, 1, USD)


def stated(
    *,
    amount: str = "50.00",
    currency: str | None = "USD",
    paid_on: date = date(2025, 4, 10),
    reference: str = "bank-1",
) -> StatedPayment:
    return StatedPayment(
        number="US1-000001",
        paid_on=paid_on,
        amount=Decimal(amount),
        currency=currency,
        reference=reference,
    )


@pytest.mark.parametrize("currency", ["USD", None])
def test_a_payment_is_in_minor_units_of_its_invoice(currency: str | None) -> None:
    found = payable(stated(amount="50.5", currency=currency), [INVOICE])

    assert found == (INVOICE, 50_50)


@pytest.mark.parametrize(
    ("payment", "named", "why"),
    [
        (stated(amount="0"), INVOICE, "its amount 0 is not above zero"),
        (stated(amount="-5"), INVOICE, "its amount -5 is not above zero"),
        (stated(amount="NaN"), INVOICE, "its amount NaN is not above zero"),
        (stated(amount="1e15"), INVOICE, "its amount is no sum of money"),
        (stated(amount="1e999999"), INVOICE, "its amount is no sum of money"),
        (stated(amount="0.005"), INVOICE, "0.005 has more decimals than USD (2)"),
        (stated(paid_on=date(1989, 12, 31)), INVOICE, "1989-12-31 is not from 1990"),
        (stated(paid_on=date(2101, 1, 1)), INVOICE, "2101-01-01 is not from 1990"),
        (stated(currency="EUR"), INVOICE, "it is in EUR, and the invoice in USD"),
        (stated(), NOTE, "it is a credit note, and only an invoice is paid"),
    ],
)
def test_what_is_no_payment_of_its_document_is_refused_with_the_reason(
    payment: StatedPayment, named: Named, why: str
) -> None:
    refused = payable(payment, [named])

    assert isinstance(refused, Problem)
    assert refused.code == "payment_refused"
    assert f"of US1-000001 was not recorded: {why}" in refused.sentence
    assert refused.detail == {"invoice": "US1-000001", "reference": "bank-1"}


def test_the_number_must_be_that_of_one_document() -> None:
    none = payable(stated(), [])
    two = payable(stated(), [INVOICE, INVOICE])

    assert isinstance(none, Problem)
    assert isinstance(two, Problem)
    assert none.sentence.endswith("no issued document has that number.")
    assert two.sentence.endswith("2 documents have that number.")


def test_a_yen_has_no_decimals() -> None:
    invoice = Named(9, "US1-000001", DocumentKind.INVOICE, 1, JPY)

    assert payable(stated(amount="5000", currency="JPY"), [invoice]) == (invoice, 5_000)


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("", "reference has not 1 to 300 characters"),
        ("x" * 301, "reference has not 1 to 300 characters"),
        ("a\nb", "reference has a control character"),
    ],
)
def test_a_payment_without_a_usable_reference_is_none(reference: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        stated(reference=reference)


def test_what_no_books_can_hold_is_refused() -> None:
    refused = too_large("US1-000001", "bank-1")

    assert refused.sentence == (
        "Payment bank-1 of US1-000001 was not recorded: it is more than the books can"
        " hold."
    )
