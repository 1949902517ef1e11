"""Bill and credit expenses by units: no cent is lost, no accrual is left behind."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hourline.billing.model import (
    AssembledLine,
    CreditedLine,
    CreditLine,
    InvoicedLine,
    OpenItem,
    Party,
    Terms,
)
from hourline.billing.rules.accrue_again import accrue_again
from hourline.billing.rules.assemble import Seller, assemble
from hourline.billing.rules.credit import credit_everything, credit_lines
from hourline.billing.rules.describe import describe
from hourline.billing.rules.running_total import RunningTotal
from hourline.kernel.money import Rounding, currency_of, round_fraction
from tests.billing.items import invoiced, portion

HALF_UP = Rounding.HALF_UP
TERMS = Terms(contract_no=4, through=date(2025, 2, 28), invoice_date=date(2025, 2, 28))
SELLER = Seller(
    entity_no=1,
    customer_nos=(2,),
    currency=currency_of("EUR"),
    tax_rounding="per_invoice",
    rounding=HALF_UP,
)


def expense(worth: Fraction, *, entry_no: int = 1, billed: int = 0) -> OpenItem:
    """Return an open expense that is accrued."""
    amount = round_fraction(worth, HALF_UP)
    return replace(
        portion(entry_no=entry_no, seconds=0, hourly_cents=0, accrued=amount),
        accrued_entity=2 * amount,
        units_total=amount,
        units_billed=billed,
        unit_numerator=Decimal(worth.numerator),
        unit_denominator=Decimal(worth.denominator * amount),
    )


def billed(
    *items: OpenItem, total: RunningTotal | None = None
) -> tuple[AssembledLine, ...]:
    return assemble(
        items,
        terms=TERMS,
        seller=SELLER,
        totals={11: total or RunningTotal()},
        parties=[(Party(customer_no=2),)] * len(items),
    ).lines


def on_invoice(line: AssembledLine) -> InvoicedLine:
    """Return a line as it stands once its invoice is issued."""
    item = line.item
    return replace(
        invoiced(seconds=0, net=line.net, accrued=item.accrued),
        accrued_entity=item.accrued_entity,
        units=item.units,
        units_total=item.units_total,
        units_billed=item.units_total,
    )


def by_amount(line: InvoicedLine, amount: int) -> CreditedLine:
    found = credit_lines([line], [CreditLine(entry_no=1, amount=amount)], HALF_UP)
    assert isinstance(found, list)
    [credit] = accrue_again(found, HALF_UP)
    return credit


def test_expenses_of_a_third_of_a_cent_bill_what_one_would() -> None:
    items = [expense(Fraction(36_663, 10), entry_no=no) for no in (1, 2, 3)]

    lines = billed(*items)

    assert [line.net for line in lines] == [3_666, 3_667, 3_666]
    assert [line.accrual_reversed for line in lines] == [3_666] * 3
    assert [line.accrual_reversed_entity for line in lines] == [7_332] * 3


def test_an_expense_has_no_hours_and_does_not_tell_its_cost() -> None:
    item = expense(Fraction(19_800))

    words = describe(item, person="Eva", project="Bridge", contract_line="Works")

    assert item.seconds == 0
    assert words == "2025-02-03 Eva, Bridge, expense"


def test_a_credit_by_amount_opens_the_units_it_stands_for() -> None:
    [line] = billed(expense(Fraction(19_800)))

    credit = by_amount(on_invoice(line), 9_800)

    assert (credit.seconds, credit.units, credit.net) == (0, 9_800, 9_800)
    assert (credit.accrued_again, credit.accrued_again_entity) == (9_800, 19_600)
    assert not credit.ends


def test_an_expense_has_no_hours_to_credit() -> None:
    [line] = billed(expense(Fraction(19_800)))
    request = CreditLine(entry_no=1, seconds=3_600)

    assert credit_lines([on_invoice(line)], [request], HALF_UP) == request


def test_two_requests_for_one_expense_are_one_credit() -> None:
    [line] = billed(expense(Fraction(19_800)))
    requests = [CreditLine(entry_no=1, amount=100), CreditLine(entry_no=1)]

    credited = credit_lines([on_invoice(line)], requests, HALF_UP)

    assert isinstance(credited, list)
    assert [(one.units, one.net, one.ends) for one in credited] == [
        (19_800, 19_800, True)
    ]


def test_a_line_that_the_running_total_left_at_nothing_is_still_credited() -> None:
    # Half a cent beside half a cent: the second step adds nothing.
    _, second = billed(expense(Fraction(1, 2)), expense(Fraction(1, 2), entry_no=2))

    [credit] = credit_everything([on_invoice(second)])

    assert (second.net, credit.units, credit.net, credit.ends) == (0, 1, 0, True)


WORTHS = st.fractions(min_value=Fraction(1, 2), max_value=10**6, max_denominator=999)


@given(worth=WORTHS, before=WORTHS, share=st.fractions(0, 1))
@settings(max_examples=40, deadline=None)
def test_what_is_credited_in_part_is_billed_again_to_the_cent(
    worth: Fraction, before: Fraction, share: Fraction
) -> None:
    start = RunningTotal(before, round_fraction(before, HALF_UP))
    [line] = billed(expense(worth), total=start)
    amount = round_fraction(line.net * share, HALF_UP)
    if amount == 0:
        return

    credit = by_amount(on_invoice(line), amount)
    left = line.item.units_total - credit.units
    after = RunningTotal(
        before + worth * left / line.item.units_total,
        start.billed + line.net - amount,
    )
    again = expense(worth, billed=left)
    rebilled = billed(again, total=after) if again.units else ()

    assert sum(one.net for one in rebilled) == amount
    assert credit.accrued_again == sum(one.accrual_reversed for one in rebilled)
    assert credit.accrued_again_entity == sum(
        one.accrual_reversed_entity for one in rebilled
    )


@given(worths=st.lists(WORTHS, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_however_many_expenses_bill_their_rounded_sum(worths: list[Fraction]) -> None:
    items = [expense(worth, entry_no=no) for no, worth in enumerate(worths, start=1)]

    lines = billed(*items)

    assert sum(line.net for line in lines) == round_fraction(
        sum(worths, Fraction(0)), HALF_UP
    )
    assert [line.accrual_reversed for line in lines] == [one.accrued for one in items]
