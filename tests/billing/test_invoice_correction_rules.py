"""What is given up of an invoice, what a credit takes back, and when it is too late."""

import pytest

from hourline.billing.rules.cancel import Happened, against_cancelling
from hourline.billing.rules.write_off_due import (
    NOTHING,
    WrittenOff,
    taken_back,
    write_off_due,
    write_off_movement,
)
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding

USD = 840


def happened(
    *,
    paid: int = 0,
    written_off: int = 0,
    credit_notes: tuple[str, ...] = (),
    drawn: int = 0,
    released: int = 0,
) -> Happened:
    return Happened(
        currency=USD,
        paid=paid,
        written_off=written_off,
        credit_notes=credit_notes,
        drawn=drawn,
        released=released,
    )


def test_a_part_given_up_takes_its_share_of_what_is_carried_and_the_last_the_rest() -> (
    None
):
    first = write_off_due(100, due=300, entity_due=1_000, rounding=Rounding.HALF_UP)
    last = write_off_due(200, due=200, entity_due=667, rounding=Rounding.HALF_UP)

    assert first == WrittenOff(100, 333)
    assert last == WrittenOff(200, 667)


@pytest.mark.parametrize(("amount", "due"), [(101, 100), (0, 0), (-1, 100), (-5, -5)])
def test_no_more_than_is_due_is_given_up_and_never_nothing(
    amount: int, due: int
) -> None:
    assert (
        write_off_due(amount, due=due, entity_due=due, rounding=Rounding.HALF_UP)
        is None
    )


def test_a_credit_of_no_more_than_is_due_takes_nothing_back() -> None:
    back = taken_back(
        100, due=100, standing=WrittenOff(50, 55), rounding=Rounding.HALF_UP
    )

    assert back == NOTHING


def test_a_credit_beyond_what_is_due_takes_back_its_share_of_what_was_given_up() -> (
    None
):
    back = taken_back(
        120, due=100, standing=WrittenOff(30, 35), rounding=Rounding.HALF_UP
    )

    assert back == WrittenOff(20, 23)


def test_a_credit_takes_back_no_more_than_was_given_up() -> None:
    back = taken_back(
        500, due=-20, standing=WrittenOff(30, 35), rounding=Rounding.HALF_UP
    )

    assert back == WrittenOff(30, 35)


def test_a_write_off_is_a_debit_of_write_off_and_taken_back_a_credit_of_it() -> None:
    given_up = write_off_movement(WrittenOff(10, 11))
    back = write_off_movement(WrittenOff(10, 11), back=True)

    assert (given_up.debit, given_up.credit) == (Role.WRITE_OFF, Role.RECEIVABLE)
    assert (back.debit, back.credit) == (Role.RECEIVABLE, Role.WRITE_OFF)
    assert {given_up.effect, back.effect} == {Effect.WRITE_OFF}
    assert (back.amount, back.entity_amount) == (10, 11)


def test_nothing_is_against_cancelling_an_invoice_nothing_happened_to() -> None:
    assert against_cancelling(happened()) is None


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (happened(paid=10_00), "10.00 USD of it is paid"),
        (happened(written_off=5_00), "5.00 USD of it is given up"),
        (happened(drawn=1), "0.01 USD of it is drawn by later invoices"),
        (happened(released=2), "0.02 USD of it is withheld no longer"),
        (
            happened(credit_notes=("US1-CN-000001", "US1-CN-000002"), paid=1),
            "a part or all of it is credited by US1-CN-000001, US1-CN-000002",
        ),
    ],
)
def test_what_happened_to_an_invoice_is_against_cancelling_it(
    what: Happened, words: str
) -> None:
    assert against_cancelling(what) == words
