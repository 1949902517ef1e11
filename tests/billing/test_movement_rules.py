"""Plan journal lines: what an invoice books, its credits take back to the cent."""

from dataclasses import replace
from fractions import Fraction

from hourline.billing.model import (
    AssembledLine,
    CreditedLine,
    Movement,
)
from hourline.billing.rules.movements import (
    GroupTax,
    credit_movements,
    invoice_movements,
    receivable_moved,
)
from hourline.billing.rules.payment import receivable_cleared
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding, round_fraction
from tests.billing.items import invoiced, portion

HALF_UP = Rounding.HALF_UP


def at_1_12(amount: int) -> int:
    return round_fraction(amount * Fraction("1.12"))


def line(*, net: int, tax: int = 0, reversed_: int = 0) -> AssembledLine:
    return AssembledLine(
        line_no=1,
        item=portion(),
        net=net,
        tax_rate_ppm=190_000,
        tax=tax,
        accrual_reversed=reversed_,
        accrual_reversed_entity=reversed_,
    )


def shown(movement: Movement) -> tuple[Effect, Role, Role, int, int]:
    return (
        movement.effect,
        movement.debit,
        movement.credit,
        movement.amount,
        movement.entity_amount,
    )


def test_an_invoice_books_sale_reversal_and_tax() -> None:
    movements = invoice_movements([line(net=1_000, tax=190, reversed_=990)], at_1_12)

    assert [shown(movement) for movement in movements] == [
        (Effect.SALE, Role.RECEIVABLE, Role.REVENUE, 1_000, 1_120),
        (Effect.ACCRUAL_REVERSAL, Role.ACCRUED_REVENUE, Role.WIP, 990, 990),
        (Effect.TAX, Role.RECEIVABLE, Role.TAX_PAYABLE, 190, 213),
    ]
    assert receivable_moved(movements) == 1_333


def test_a_step_below_zero_turns_its_movement_round() -> None:
    [movement] = invoice_movements([line(net=-1)], at_1_12)

    assert shown(movement) == (Effect.SALE, Role.REVENUE, Role.RECEIVABLE, 1, 1)
    assert receivable_moved([movement]) == -1


def test_nothing_is_booked_for_a_line_of_zero() -> None:
    assert invoice_movements([line(net=0)], at_1_12) == []


def test_a_credit_in_two_parts_takes_back_each_amount_at_the_invoices_rate() -> None:
    whole = invoiced(seconds=3, net=100, tax=19, tax_rate_ppm=190_000, entity_net=112)
    first = CreditedLine(line=whole, seconds=1, net=33, tax=6, accrued_again=30)
    rest = replace(
        first,
        line=replace(
            whole, credited_seconds=1, credited_net=33, credited_entity_net=37
        ),
        seconds=2,
        net=67,
        tax=13,
    )
    taxes = GroupTax(
        tax_rate_ppm=190_000,
        tax=19,
        entity_tax=21,
        credited_tax=0,
        credited_entity_tax=0,
    )
    later = replace(taxes, credited_tax=6, credited_entity_tax=7)

    one = credit_movements([first], group_taxes={(190_000, 0): taxes}, rounding=HALF_UP)
    two = credit_movements([rest], group_taxes={(190_000, 0): later}, rounding=HALF_UP)

    assert [shown(movement) for movement in one] == [
        (Effect.SALE, Role.REVENUE, Role.RECEIVABLE, 33, 37),
        (Effect.ACCRUAL, Role.WIP, Role.ACCRUED_REVENUE, 30, 0),
        (Effect.TAX, Role.TAX_PAYABLE, Role.RECEIVABLE, 6, 7),
    ]
    assert receivable_moved(one) == -44
    assert receivable_moved(two) == -89


def test_a_credit_without_tax_books_no_tax() -> None:
    free = CreditedLine(line=invoiced(net=100), seconds=0, net=100)

    [sale] = credit_movements([free], group_taxes={}, rounding=HALF_UP)

    assert shown(sale) == (Effect.SALE, Role.REVENUE, Role.RECEIVABLE, 100, 100)


def cleared(amount: int, *, due: int, entity_due: int) -> int:
    return receivable_cleared(
        amount,
        due=due,
        entity_due=entity_due,
        invoice_rate=Fraction("1.12"),
        rounding=HALF_UP,
    )


def test_payments_in_parts_clear_the_receivable_whole() -> None:
    assert cleared(333, due=1_000, entity_due=1_121) == 373
    assert cleared(667, due=667, entity_due=748) == 748


def test_what_is_paid_beyond_the_due_is_the_customers_credit() -> None:
    assert cleared(1_100, due=1_000, entity_due=1_121) == 1_233
    assert cleared(100, due=0, entity_due=0) == 112
    assert cleared(100, due=-50, entity_due=-56) == 112
