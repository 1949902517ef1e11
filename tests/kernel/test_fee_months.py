"""The term of a fee is cut into calendar months; one in part counts its days."""

from datetime import date

from hourline.kernel.fee_months import FeeMonth, fee_months, fees_in_steps
from hourline.kernel.money import Rounding


def test_a_term_begins_and_ends_within_a_month() -> None:
    months = list(
        fee_months(date(2024, 1, 15), date(2024, 3, 10), through=date(2025, 1, 1))
    )

    assert months == [
        FeeMonth(date(2024, 1, 15), date(2024, 1, 31)),
        FeeMonth(date(2024, 2, 1), date(2024, 2, 29)),
        FeeMonth(date(2024, 3, 1), date(2024, 3, 10)),
    ]
    assert [month.id for month in months] == ["2024-01", "2024-02", "2024-03"]
    assert [(month.days, month.month_days) for month in months] == [
        (17, 31),
        (29, 29),
        (10, 31),
    ]


def test_a_month_opens_on_its_first_day_the_first_one_on_the_terms() -> None:
    term = (date(2025, 1, 15), date(2025, 12, 31))

    assert list(fee_months(*term, through=date(2025, 1, 14))) == []
    assert len(list(fee_months(*term, through=date(2025, 1, 15)))) == 1
    assert len(list(fee_months(*term, through=date(2025, 1, 31)))) == 1
    assert len(list(fee_months(*term, through=date(2025, 2, 1)))) == 2


def test_a_term_that_ends_with_its_month_has_no_month_after_it() -> None:
    months = fee_months(date(2025, 1, 1), date(2025, 1, 31), through=date.max)

    assert [month.id for month in months] == ["2025-01"]


def test_a_term_may_last_to_the_last_day_there_is() -> None:
    months = fee_months(date(9999, 12, 1), date.max, through=date.max)

    assert [month.id for month in months] == ["9999-12"]


def test_fees_step_with_the_running_total_of_the_days_shares() -> None:
    # Of 100.00 a month 17 of 31 days are 54.8387 and 10 of 31 are 32.2581.
    months = list(
        fee_months(date(2024, 1, 15), date(2024, 3, 10), through=date(2025, 1, 1))
    )
    half = FeeMonth(date(2025, 4, 1), date(2025, 4, 15))

    assert fees_in_steps([(month, 10_000) for month in months], Rounding.HALF_UP) == [
        5_484,
        10_000,
        3_226,
    ]
    # Of 100.01 they are 54.8442 and 32.2613: together 87.1055, apart a cent less.
    assert fees_in_steps([(month, 10_001) for month in months], Rounding.HALF_UP) == [
        5_484,
        10_001,
        3_227,
    ]
    assert fees_in_steps([(half, 25)], Rounding.HALF_UP) == [13]
    assert fees_in_steps([(half, 25)], Rounding.HALF_DOWN) == [12]
    assert fees_in_steps([], Rounding.HALF_UP) == []


def test_a_month_is_taxed_on_its_last_day_also_where_the_fee_ends_before() -> None:
    assert FeeMonth(date(2024, 2, 1), date(2024, 2, 10)).tax_point == date(2024, 2, 29)


def test_days_are_over_within_the_month_only() -> None:
    month = FeeMonth(date(2025, 1, 10), date(2025, 1, 20))

    assert month.days_through(date(2025, 1, 9)) == 0
    assert month.days_through(date(2025, 1, 10)) == 1
    assert month.days_through(date(2025, 3, 1)) == 11
