"""Draw on retainers to the last cent, in both currencies, whatever the parts are."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import AmountKind, Document, Movement
from hourline.billing.rules.credit import credit_everything
from hourline.billing.rules.credit_rates import Standing, entity_credit, spread
from hourline.billing.rules.credit_tax import with_taxes
from hourline.billing.rules.describe import describe
from hourline.billing.rules.drawdown import Advance, Covered, Taken, take
from hourline.billing.rules.movements import (
    GroupTax,
    credit_movements,
    drawdown_movements,
    invoice_movements,
)
from hourline.kernel.codes import DocumentKind, Effect, Role
from hourline.kernel.money import Rounding, round_fraction
from tests.billing.items import invoiced, milestone
from tests.billing.test_movement_rules import line

HALF_UP = Rounding.HALF_UP


def advance(
    net: int, tax: int = 0, *, rate: str = "1", document_no: int = 1
) -> Advance:
    """Return a retainer of which nothing was taken, invoiced at a rate."""
    entity_net, entity_tax = (
        round_fraction(amount * Fraction(rate)) for amount in (net, tax)
    )
    return Advance(
        document_no=document_no,
        line_no=1,
        net=net,
        tax=tax,
        entity_net=entity_net,
        entity_tax=entity_tax,
        net_left=net,
        tax_left=tax,
        entity_net_left=entity_net,
        entity_tax_left=entity_tax,
    )


def after(one: Advance, taken: Taken) -> Advance:
    return replace(
        one,
        net_left=one.net_left - taken.net,
        tax_left=one.tax_left - taken.tax,
        entity_net_left=one.entity_net_left - taken.entity_net,
        entity_tax_left=one.entity_tax_left - taken.entity_tax,
    )


def test_the_net_share_of_each_part_is_rounded_and_the_last_takes_the_rest() -> None:
    retainer = advance(200_00, 38_00)

    [first] = take([retainer], 107_00, HALF_UP)
    [second] = take([after(retainer, first)], 107_00, HALF_UP)
    [last] = take([after(after(retainer, first), second)], 107_00, HALF_UP)

    parts = [(one.net, one.tax) for one in (first, second, last)]
    assert parts == [(89_92, 17_08), (89_92, 17_08), (20_16, 3_84)]


def test_what_is_taken_keeps_the_rate_of_the_retainer() -> None:
    [part] = take([advance(1_000_00, 190_00, rate="1.25")], 119_00, HALF_UP)

    assert (part.net, part.entity_net) == (100_00, 125_00)
    assert (part.tax, part.entity_tax) == (19_00, 23_75)


def test_retainers_are_taken_in_their_order() -> None:
    taken = take([advance(100_00), advance(50_00, document_no=2)], 120_00, HALF_UP)

    assert [(one.document_no, one.gross) for one in taken] == [
        (1, 100_00),
        (2, 20_00),
    ]


def test_nothing_is_taken_of_nothing() -> None:
    assert take([advance(0), advance(5)], 0, HALF_UP) == []


@given(
    st.integers(1, 10**9),
    st.integers(0, 10**9),
    st.fractions(min_value="1/500", max_value=500),
    st.lists(st.integers(1, 10**8), min_size=1, max_size=12),
)
def test_parts_never_exceed_the_whole_and_all_of_them_are_the_whole(
    net: int, tax: int, rate: Fraction, wanted: list[int]
) -> None:
    retainer = left = advance(net, tax, rate=str(rate))
    taken: list[Taken] = []
    for gross in [*wanted, 2 * 10**9]:
        for part in take([left], gross, HALF_UP):
            assert min(part.net, part.tax, part.entity_net, part.entity_tax) >= 0
            taken.append(part)
            left = after(left, part)

    assert left.gross_left == 0
    assert sum(one.net for one in taken) == retainer.net
    assert sum(one.entity_gross for one in taken) == (
        retainer.entity_net + retainer.entity_tax
    )


def test_the_covered_part_of_an_invoice_has_the_retainers_rate() -> None:
    covered = Covered(200_00, 250_00)

    [sale] = invoice_movements(
        [line(net=600_00)],
        lambda amount: round_fraction(amount * Fraction("1.4")),
        covered=covered,
        drawing={1},
    )

    assert (sale.effect, sale.entity_amount) == (Effect.SALE, 250_00 + 560_00)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.data())
def test_what_is_covered_is_shared_without_a_remainder(
    amounts: list[int], data: st.DataObject
) -> None:
    gross = data.draw(st.integers(0, sum(amounts)))
    nets = data.draw(st.integers(0, len(amounts)))
    net = data.draw(st.integers(0, gross))
    covered = Covered(gross, gross * 7 // 5, net, net * 7 // 5)

    shares = covered.shares(amounts[:nets], amounts[nets:])

    whole = (gross, gross * 7 // 5) if sum(amounts) else (0, 0)
    assert tuple(map(sum, zip(*shares, strict=True))) == whole
    assert all(
        part <= amount for (part, _), amount in zip(shares, amounts, strict=True)
    )


def test_a_drawdown_lowers_liability_and_tax_and_the_receivable() -> None:
    taken = Taken(
        document_no=1, line_no=1, net=100, tax=19, entity_net=125, entity_tax=24
    )

    sides = [
        (one.debit, one.credit, one.amount, one.entity_amount)
        for one in drawdown_movements(taken)
    ]
    back = [(one.debit, one.credit) for one in drawdown_movements(taken, back=True)]

    assert sides == [
        (Role.CONTRACT_LIABILITY, Role.RECEIVABLE, 100, 125),
        (Role.TAX_PAYABLE, Role.RECEIVABLE, 19, 24),
    ]
    assert back == [
        (Role.RECEIVABLE, Role.CONTRACT_LIABILITY),
        (Role.RECEIVABLE, Role.TAX_PAYABLE),
    ]


def document(*, total: int, entity_total: int) -> Document:
    return Document(
        document_no=1,
        kind=DocumentKind.INVOICE,
        number="US1-000001",
        contract_no=1,
        entity_no=1,
        customer_no=1,
        invoice_date=date(2025, 3, 31),
        through=date(2025, 3, 31),
        currency=826,
        net=total,
        tax=0,
        total=total,
        entity_currency=840,
        entity_total=entity_total,
    )


def test_a_credit_takes_what_is_due_first_and_gives_back_then() -> None:
    invoice = document(total=600, entity_total=810)
    standing = Standing(due=300, entity_due=420, credited=100, credited_entity=140)

    taken = entity_credit(
        invoice, standing, gross=400, given_back=(100, 125), rounding=HALF_UP
    )

    assert taken == 420 + 125


def test_what_nobody_owes_any_more_is_credited_at_the_average() -> None:
    invoice = document(total=600, entity_total=810)
    paid = Standing(due=0, entity_due=0, credited=0, credited_entity=0)

    taken = entity_credit(invoice, paid, gross=100, given_back=(0, 0), rounding=HALF_UP)

    assert taken == 135


def test_the_last_credit_of_an_invoice_takes_the_remainder() -> None:
    invoice = document(total=600, entity_total=810)
    standing = Standing(due=0, entity_due=0, credited=500, credited_entity=685)

    taken = entity_credit(
        invoice, standing, gross=100, given_back=(100, 125), rounding=HALF_UP
    )

    assert taken == 125


def moved(amount: int, *, effect: Effect = Effect.SALE) -> Movement:
    return Movement(
        part=1,
        effect=effect,
        debit=Role.REVENUE,
        credit=Role.RECEIVABLE,
        amount=amount,
        entity_amount=0,
    )


def test_a_credit_is_spread_over_its_lines_and_leaves_accruals_alone() -> None:
    accrual = moved(9, effect=Effect.ACCRUAL)

    spread_out = spread([moved(100), accrual, moved(50, effect=Effect.TAX)], 1_000)

    assert [one.entity_amount for one in spread_out] == [667, 0, 333]


def test_a_movement_turned_round_counts_against_the_others() -> None:
    turned = replace(moved(1), debit=Role.RECEIVABLE, credit=Role.REVENUE)

    spread_out = spread([moved(101), turned], 200)

    assert [one.entity_amount for one in spread_out] == [202, 2]


def test_a_credit_of_nothing_stays_nothing() -> None:
    assert spread([moved(0)], 0) == [moved(0)]


def test_the_credit_of_what_is_left_of_a_retainer_leaves_nothing_in_the_books() -> None:
    retainer = replace(
        invoiced(milestone="C1.R", net=1_000_00, tax=190_00, tax_rate_ppm=190_000),
        kind=AmountKind.RETAINER,
        deferred=True,
        entity_net=1_250_01,
        net_drawn=336_13,
        tax_drawn=63_87,
        entity_net_drawn=420_17,
    )
    tax = GroupTax(
        tax_rate_ppm=190_000,
        own_line=1,
        tax=190_00,
        entity_tax=237_51,
        credited_tax=0,
        credited_entity_tax=0,
        drawn_tax=63_87,
        drawn_entity_tax=79_84,
    )

    taxed = with_taxes(
        credit_everything([retainer]),
        [retainer],
        policy="per_invoice",
        rounding=HALF_UP,
    )
    movements = credit_movements(
        taxed, group_taxes={(190_000, 1): tax}, rounding=HALF_UP
    )

    assert [(one.debit, one.amount, one.entity_amount) for one in movements] == [
        (Role.CONTRACT_LIABILITY, 663_87, 829_84),
        (Role.TAX_PAYABLE, 126_13, 157_67),
    ]


def test_a_retainer_is_called_one_on_its_line() -> None:
    item = replace(milestone(name="C1.R"), kind=AmountKind.RETAINER, deferred=True)

    text = describe(item, person="", project="", contract_line="Support")

    assert text == "2025-08-01 Support, retainer"
