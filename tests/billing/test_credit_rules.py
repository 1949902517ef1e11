"""Credit by share to date: what is credited never passes what was invoiced."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import CreditedLine, CreditLine, InvoicedLine
from hourline.billing.rules.accrue_again import accrue_again
from hourline.billing.rules.credit import credit_everything, credit_lines
from hourline.billing.rules.credit_tax import with_taxes
from hourline.billing.rules.tax import TaxRounding, line_taxes
from hourline.kernel.money import Rounding
from tests.billing.items import HOUR, invoiced

HALF_UP = Rounding.HALF_UP


def credited(
    lines: Sequence[InvoicedLine], *requests: CreditLine
) -> list[tuple[int, int, int]]:
    found = credit_lines(lines, requests, HALF_UP)
    assert isinstance(found, list)
    return [(credit.line.line_no, credit.seconds, credit.net) for credit in found]


def test_a_whole_line_is_credited_at_its_invoiced_amount() -> None:
    line = invoiced(seconds=900, net=687)

    assert credited([line], CreditLine(entry_no=1)) == [(1, 900, 687)]


def test_parts_are_credited_at_the_share_to_date_less_earlier_credits() -> None:
    line = invoiced(seconds=3 * HOUR, net=10_000)
    after_one = replace(line, credited_seconds=HOUR, credited_net=3_333)
    after_two = replace(line, credited_seconds=2 * HOUR, credited_net=6_667)
    one_hour = CreditLine(entry_no=1, seconds=HOUR)

    assert credited([line], one_hour) == [(1, HOUR, 3_333)]
    assert credited([after_one], one_hour) == [(1, HOUR, 3_334)]
    assert credited([after_two], one_hour) == [(1, HOUR, 3_333)]


def test_an_amount_opens_the_hours_it_stands_for() -> None:
    line = invoiced(seconds=8 * HOUR, net=160_000)

    assert credited([line], CreditLine(entry_no=1, amount=40_000)) == [
        (1, 2 * HOUR, 40_000)
    ]


def test_the_last_amount_opens_all_hours_that_are_left() -> None:
    line = invoiced(seconds=HOUR, net=3, credited_seconds=1_200, credited_net=1)

    assert credited([line], CreditLine(entry_no=1, amount=2)) == [(1, 2_400, 2)]


def test_an_amount_never_opens_more_hours_than_are_left() -> None:
    line = invoiced(seconds=10, net=1_000, credited_seconds=9, credited_net=1)

    assert credited([line], CreditLine(entry_no=1, amount=998)) == [(1, 1, 998)]


def test_an_entry_on_two_lines_is_credited_in_their_order() -> None:
    lines = [invoiced(line_no=no, seconds=HOUR, net=10_000, part=no) for no in (1, 2)]

    assert credited(lines, CreditLine(entry_no=1, seconds=5_400)) == [
        (1, 3_600, 10_000),
        (2, 1_800, 5_000),
    ]
    assert credited(lines, CreditLine(entry_no=1, amount=12_500)) == [
        (1, 3_600, 10_000),
        (2, 900, 2_500),
    ]


def test_a_small_credit_leaves_the_later_line_of_its_entry_alone() -> None:
    lines = [invoiced(line_no=no, seconds=HOUR, net=10_000, part=no) for no in (1, 2)]

    assert credited(lines, CreditLine(entry_no=1, seconds=36)) == [(1, 36, 100)]
    assert credited(lines, CreditLine(entry_no=1, amount=100)) == [(1, 36, 100)]


def test_a_line_asked_for_twice_is_credited_once_for_both() -> None:
    line = invoiced(seconds=2 * HOUR, net=20_000)
    half = CreditLine(entry_no=1, seconds=HOUR)

    assert credited([line], half, half) == [(1, 2 * HOUR, 20_000)]
    assert credit_lines([line], [half, half, half], HALF_UP) is half


def test_milestones_of_equal_ids_are_told_apart_by_contract_line() -> None:
    lines = [
        invoiced(line_no=no, milestone="m1", contract_line_no=no, net=500)
        for no in (1, 2)
    ]

    assert credited(lines, CreditLine(milestone="m1", contract_line_no=2)) == [
        (2, 0, 500)
    ]


@pytest.mark.parametrize(
    "request_",
    [
        CreditLine(entry_no=2),
        CreditLine(milestone="m1"),
        CreditLine(entry_no=1, seconds=HOUR + 1),
        CreditLine(entry_no=1, amount=10_001),
    ],
)
def test_what_does_not_stand_on_the_invoice_is_refused(request_: CreditLine) -> None:
    line = invoiced(seconds=HOUR, net=10_000)

    assert credit_lines([line], [request_], HALF_UP) is request_


def test_a_line_credited_in_full_has_nothing_left() -> None:
    line = invoiced(
        seconds=HOUR, net=10_000, credited_seconds=HOUR, credited_net=10_000
    )

    assert not line.live
    assert credit_everything([line]) == []
    assert isinstance(
        credit_lines([line], [CreditLine(entry_no=1)], HALF_UP), CreditLine
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "names an entry or a milestone"),
        ({"entry_no": 1, "milestone": "m1"}, "names an entry or a milestone"),
        ({"entry_no": 1, "seconds": 1, "amount": 1}, "by seconds or by amount"),
        ({"milestone": "m1", "seconds": 1}, "has no seconds"),
        ({"entry_no": 1, "seconds": 0}, "more than nothing"),
        ({"entry_no": 1, "amount": -5}, "more than nothing"),
    ],
)
def test_a_credit_request_that_means_nothing_is_refused(
    wrong: dict[str, int], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        CreditLine(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_credited_work_accrues_again_what_its_invoice_took_back() -> None:
    line = invoiced(seconds=8 * HOUR, accrued=160_000, accrued_entity=176_000)
    part = CreditedLine(line=line, seconds=2 * HOUR, net=40_000)

    [again] = accrue_again([part], HALF_UP)

    assert (again.accrued_again, again.accrued_again_entity) == (40_000, 44_000)


def test_two_lines_of_one_portion_accrue_again_no_more_than_it_did() -> None:
    lines = [
        replace(
            invoiced(line_no=no, seconds=1, accrued=1),
            seconds_total=2,
            seconds_billed=2,
        )
        for no in (1, 2)
    ]
    parts = [CreditedLine(line=line, seconds=1, net=0) for line in lines]

    again = [credit.accrued_again for credit in accrue_again(parts, HALF_UP)]

    assert again == [1, 0]


LINES = st.lists(
    st.tuples(st.integers(1, 100_000), st.integers(0, 1_000_000)),
    min_size=1,
    max_size=5,
)
POLICIES: list[TaxRounding] = ["per_invoice", "per_line"]


def with_credits(
    lines: Sequence[InvoicedLine], credits_: Sequence[CreditedLine]
) -> list[InvoicedLine]:
    after = list(lines)
    for credit in credits_:
        before = after[credit.line.line_no]
        after[credit.line.line_no] = replace(
            before,
            credited_seconds=before.credited_seconds + credit.seconds,
            credited_net=before.credited_net + credit.net,
            credited_tax=before.credited_tax + credit.tax,
        )
    return after


def assert_within(lines: Sequence[InvoicedLine]) -> None:
    assert all(0 <= line.credited_net <= line.net for line in lines)
    credited_tax = sum(line.credited_tax for line in lines)
    assert 0 <= credited_tax <= sum(line.tax for line in lines)


@given(
    shape=LINES,
    wishes=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 40_000)), max_size=9),
    policy=st.sampled_from(POLICIES),
    rate_ppm=st.sampled_from([0, 70_000, 88_750, 150_000, 190_000]),
    rounding=st.sampled_from(list(Rounding)),
)
def test_credits_in_any_parts_and_order_end_exactly_at_the_invoice(
    shape: list[tuple[int, int]],
    wishes: list[tuple[int, int]],
    policy: TaxRounding,
    rate_ppm: int,
    rounding: Rounding,
) -> None:
    nets = [net for _, net in shape]
    taxes = line_taxes(nets, [rate_ppm] * len(nets), policy=policy, rounding=rounding)
    lines = [
        invoiced(
            line_no=no,
            entry_no=no,
            seconds=seconds,
            net=net,
            tax=tax,
            tax_rate_ppm=rate_ppm,
        )
        for no, ((seconds, net), tax) in enumerate(zip(shape, taxes, strict=True))
    ]

    for entry_no, seconds in wishes:
        wish = CreditLine(entry_no=entry_no, seconds=seconds)
        found = credit_lines(lines, [wish], rounding)
        if isinstance(found, list):
            taxed = with_taxes(found, lines, policy=policy, rounding=rounding)
            lines = with_credits(lines, taxed)
            assert_within(lines)
    rest = credit_everything(lines)
    taxed = with_taxes(rest, lines, policy=policy, rounding=rounding)
    lines = with_credits(lines, taxed)

    assert [line.credited_net for line in lines] == nets
    assert sum(line.credited_tax for line in lines) == sum(taxes)
