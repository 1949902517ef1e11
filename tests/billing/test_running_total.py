"""Prove that rounding on the running total conserves cents."""

from datetime import UTC, date, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import Assembled, OpenItem, Party, Terms
from hourline.billing.rules.assemble import Seller, assemble, in_order
from hourline.billing.rules.running_total import RunningTotal, step
from hourline.kernel.money import Rounding, currency_of, round_fraction
from tests.billing.items import milestone, portion

TERMS = Terms(contract_no=4, through=date(2025, 2, 28), invoice_date=date(2025, 2, 28))
SELLER = Seller(
    entity_no=1,
    customer_nos=(2,),
    currency=currency_of("EUR"),
    tax_rounding="per_invoice",
    rounding=Rounding.HALF_UP,
)


def assembled(
    *items: OpenItem, totals: dict[int, RunningTotal] | None = None
) -> Assembled:
    return assemble(
        items,
        terms=TERMS,
        seller=SELLER,
        totals=totals or {},
        parties=[(Party(customer_no=2),)] * len(items),
    )


def test_two_quarter_hours_at_27_50_are_6_88_and_6_87() -> None:
    first = portion(seconds=900, hourly_cents=2_750)
    second = portion(entry_no=2, seconds=900, hourly_cents=2_750)

    invoice = assembled(first, second)

    assert [line.net for line in invoice.lines] == [688, 687]
    assert (invoice.net, invoice.seconds) == (1_375, 1_800)


def test_a_later_invoice_goes_on_where_the_earlier_one_stopped() -> None:
    second = portion(entry_no=2, seconds=900, hourly_cents=2_750)
    to_date = {11: RunningTotal(Fraction(1375, 2), 688)}

    assert assembled(second, totals=to_date).net == 687


def test_contract_lines_have_running_totals_of_their_own() -> None:
    first = portion(seconds=900, hourly_cents=2_750)
    other = portion(entry_no=2, line_no=99, seconds=900, hourly_cents=2_750)

    assert [line.net for line in assembled(first, other).lines] == [688, 688]


def test_a_milestone_is_billed_at_its_amount() -> None:
    assert assembled(milestone(amount=2_506)).net == 2_506


def test_lines_follow_work_date_then_approval_then_entry_id() -> None:
    noon = datetime(2025, 2, 3, 12, tzinfo=UTC)
    items = [
        portion(entry_no=1, source_id="z", dated=date(2025, 2, 4)),
        portion(entry_no=2, source_id="y", approved_at=noon),
        portion(entry_no=3, source_id="x"),
        portion(entry_no=4, source_id="a10"),
    ]

    assert [item.entry_no for item in in_order(items)] == [4, 3, 2, 1]


def test_a_partly_billed_portion_reverses_the_rest_of_its_accrual() -> None:
    rest = portion(seconds=3, seconds_billed=1, accrued=100, accrued_entity=110)

    line = assembled(rest).lines[0]

    assert (line.accrual_reversed, line.accrual_reversed_entity) == (67, 74)


AMOUNTS = st.fractions(min_value=0, max_value=10_000, max_denominator=7_200)


@given(amounts=st.lists(AMOUNTS, max_size=30), rounding=st.sampled_from(list(Rounding)))
def test_steps_sum_to_the_rounded_total_however_the_work_is_cut(
    amounts: list[Fraction], rounding: Rounding
) -> None:
    total, billed = RunningTotal(), 0

    for exact in amounts:
        net, total = step(total, exact, rounding)
        billed += net

    assert billed == round_fraction(sum(amounts, Fraction(0)), rounding)
    assert total == RunningTotal(sum(amounts, Fraction(0)), billed)


@given(st.lists(AMOUNTS, min_size=1, max_size=30))
def test_no_step_is_more_than_a_cent_from_its_exact_amount(
    amounts: list[Fraction],
) -> None:
    total = RunningTotal()

    for exact in amounts:
        net, total = step(total, exact, Rounding.HALF_UP)
        assert abs(net - exact) <= 1
