"""A receivable in a foreign currency is worth its due at the rate of the day."""

from datetime import date
from fractions import Fraction

import pytest

from hourline.billing.rules.revalue import (
    ForeignReceivable,
    day_of_reversal,
    revaluation_movements,
    valued_at,
)
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding


def receivable(*, due: int, carried: int, revalued: int = 0) -> ForeignReceivable:
    return ForeignReceivable(
        document_no=1,
        number="US1-000001",
        contract_no=1,
        currency=978,
        entity_currency=840,
        due=due,
        carried=carried,
        revalued=revalued,
    )


def test_the_difference_to_the_carried_amount_is_unrealised() -> None:
    valued = valued_at(
        receivable(due=1_005, carried=1_100), Fraction(12, 10), Rounding.HALF_UP
    )

    assert valued.value == 1_206
    assert valued.unrealised == 106


def test_half_a_cent_follows_the_rounding_of_the_entity() -> None:
    owed = receivable(due=1, carried=0)

    assert valued_at(owed, Fraction(5, 2), Rounding.HALF_UP).value == 3
    assert valued_at(owed, Fraction(5, 2), Rounding.HALF_EVEN).value == 2


def test_what_the_month_has_booked_is_not_booked_again() -> None:
    valued = valued_at(
        receivable(due=100, carried=110, revalued=10), Fraction(1), Rounding.HALF_UP
    )

    assert valued.unrealised == -10
    assert valued.to_book == -20


@pytest.mark.parametrize(
    ("amount", "debit", "credit"),
    [
        (20, Role.RECEIVABLE, Role.FX_GAIN_LOSS),
        (-20, Role.FX_GAIN_LOSS, Role.RECEIVABLE),
    ],
)
def test_a_gain_debits_the_receivable_and_its_reversal_credits_it(
    amount: int, debit: Role, credit: Role
) -> None:
    booked, reversed_ = revaluation_movements(amount)

    assert (booked.debit, booked.credit, booked.entity_amount) == (debit, credit, 20)
    assert (reversed_.debit, reversed_.credit) == (credit, debit)
    assert (booked.part, reversed_.part) == (0, 1)
    assert {booked.effect, reversed_.effect} == {Effect.FX}
    assert booked.amount == reversed_.amount == 0


@pytest.mark.parametrize(
    ("through", "expected"),
    [
        (date(2025, 1, 1), date(2025, 2, 1)),
        (date(2025, 2, 28), date(2025, 3, 1)),
        (date(2025, 12, 31), date(2026, 1, 1)),
    ],
)
def test_the_reversal_is_on_the_first_day_of_the_next_month(
    through: date, expected: date
) -> None:
    assert day_of_reversal(through) == expected
