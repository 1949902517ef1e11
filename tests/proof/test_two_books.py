"""Work booked in other books than those it was decided for is found."""

from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.proof.differences import Difference
from hourline.proof.two_books import CHECKS
from tests.flow.house import House
from tests.proof.conftest import Damage
from tests.proof.test_differences import found

pytestmark = pytest.mark.integration
# By check: what is named, and its two figures.
PLANTED = {
    "contract_in_two_books": ("contract C1", 1, 2),
    "books_in_two_currencies": ("entity US1", 1, 2),
}


def test_every_check_of_books_has_its_planted_damage() -> None:
    assert sorted(PLANTED) == sorted(CHECKS)


@pytest.mark.parametrize("check", PLANTED)
def test_a_check_of_books_finds_exactly_its_damage(
    house: House, damage: Damage, check: str
) -> None:
    subject, expected, there = PLANTED[check]

    rows = damage(check, "t3")

    assert rows == 1
    assert found(house) == [
        Difference(check, subject, Decimal(expected), Decimal(there))
    ]


def test_an_accrual_in_the_books_of_another_entity_is_found(
    house: House, damage: Damage
) -> None:
    german = {"country": "DE", "currency": "EUR"}
    house.change(MasterChange("legal_entity", "DE1", fields=german))

    rows = damage("accrual_in_other_books", "t3")

    assert rows == 1
    accrual = "accrual_differs_from_open_work"
    assert [one for one in found(house) if one.check == accrual] == [
        Difference(accrual, "contract C1 in DE1", Decimal(0), Decimal(20_000)),
        Difference(accrual, "contract C1 in US1", Decimal(20_000), Decimal(0)),
    ]
