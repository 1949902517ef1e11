"""A part and the rest of an entry are always the whole, to the second and the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.intake.rules.split import Content, divide, has_share


def time(worked: int, billable: int | None = None) -> Content:
    return Content(
        worked_seconds=worked,
        billable_seconds=billable,
        cost=None,
        tax=None,
        currency=None,
    )


def expense(cost: int, tax: int) -> Content:
    return Content(
        worked_seconds=0, billable_seconds=None, cost=cost, tax=tax, currency=978
    )


@pytest.mark.parametrize(
    ("content", "seconds", "cost", "there"),
    [
        (time(3_600), 3_599, 0, True),
        (time(3_600), 3_600, 0, False),
        (time(3_600), 0, 0, False),
        (time(3_600), 900, 1, False),
        (expense(100, 0), 0, 99, True),
        (expense(100, 0), 0, 100, False),
        (expense(100, 0), 0, 0, False),
        (expense(100, 0), 900, 50, False),
    ],
)
def test_something_goes_and_something_stays(
    content: Content, seconds: int, cost: int, *, there: bool
) -> None:
    assert has_share(content, seconds=seconds, cost=cost) is there


@pytest.mark.parametrize(
    ("billable", "taken", "left"),
    [(None, None, None), (7_200, 3_600, 3_600), (1_800, 1_800, 0), (0, 0, 0)],
)
def test_stated_billable_time_goes_first(
    billable: int | None, taken: int | None, left: int | None
) -> None:
    part, rest = divide(time(7_200, billable), seconds=3_600, cost=0)

    assert (part.worked_seconds, rest.worked_seconds) == (3_600, 3_600)
    assert (part.billable_seconds, rest.billable_seconds) == (taken, left)


def test_tax_is_divided_as_the_cost_is() -> None:
    part, rest = divide(expense(12_101, 2_101), seconds=0, cost=6_050)

    # 2101 * 6050 / 12101 is 1050.4.
    assert (part.cost, part.tax) == (6_050, 1_050)
    assert (rest.cost, rest.tax) == (6_051, 1_051)


@given(
    cost=st.integers(2, 10**12), tax_ppm=st.integers(0, 10**6), at=st.floats(0.01, 0.99)
)
def test_no_cent_is_lost_and_no_tax_is_above_its_cost(
    cost: int, tax_ppm: int, at: float
) -> None:
    whole = expense(cost, cost * tax_ppm // 10**6)
    taken = min(max(int(cost * at), 1), cost - 1)

    part, rest = divide(whole, seconds=0, cost=taken)

    assert (part.cost or 0) + (rest.cost or 0) == whole.cost
    assert (part.tax or 0) + (rest.tax or 0) == whole.tax
    assert 0 <= (part.tax or 0) <= (part.cost or 0)
    assert 0 <= (rest.tax or 0) <= (rest.cost or 0)
