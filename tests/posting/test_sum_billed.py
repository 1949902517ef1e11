"""A summarised document says the same to the cent as its lines."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hourline.posting.rules.sum_billed import BilledSum, sum_billed


def line(account: str = "4000", *, rate: int = 190_000, net: int = 100) -> BilledSum:
    return BilledSum(
        account=account,
        tax_rate_ppm=rate,
        lines=1,
        seconds=3_600,
        net=net,
        tax=net * 19 // 100,
    )


def test_lines_of_an_account_and_tax_rate_become_one() -> None:
    found = sum_billed(
        [line(net=100), line("4010"), line(net=200), line(rate=0, net=7)]
    )

    assert [
        (one.account, one.tax_rate_ppm, one.lines, one.seconds, one.net)
        for one in found
    ] == [
        ("4000", 190_000, 2, 7_200, 300),
        ("4010", 190_000, 1, 3_600, 100),
        ("4000", 0, 1, 3_600, 7),
    ]


@given(
    st.lists(
        st.builds(
            line,
            st.sampled_from(["4000", "4010", ""]),
            rate=st.sampled_from([0, 70_000, 190_000]),
            net=st.integers(-10_000, 10_000),
        )
    )
)
def test_nothing_is_lost_or_added_by_summing(lines: list[BilledSum]) -> None:
    found = sum_billed(lines)

    places = Counter((one.account, one.tax_rate_ppm) for one in found)
    assert sum(one.lines for one in found) == len(lines)
    for name in ("net", "tax", "seconds"):
        assert sum(getattr(one, name) for one in found) == sum(
            getattr(one, name) for one in lines
        )
    assert all(count == 1 for count in places.values())
