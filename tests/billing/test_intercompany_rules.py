"""An intercompany invoice is taxed, translated and mirrored to the last cent."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal

from hourline.billing.intercompany_model import OpenTransfer, Side, TaxOfLine
from hourline.billing.rules.intercompany import (
    BothBooks,
    intercompany_lines,
    intercompany_movements,
)
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding

PLAIN, FULL, REDUCED = TaxOfLine(None, 0), TaxOfLine(7, 190_000), TaxOfLine(8, 70_000)


def transfer(
    *, amount: int = 3_333, entry_no: int = 1, accrues: bool = True
) -> OpenTransfer:
    return OpenTransfer(
        entry_no=entry_no,
        revision=1,
        mirrored=False,
        contract_no=11,
        contract_line_no=12,
        project_no=13,
        person_no=14,
        work_date=date(2025, 3, 5),
        seconds=3_600,
        currency=840,
        amount=amount,
        accrues=accrues,
        lender_accrued=amount - 1 if accrues else 0,
        tax_rule_no=None,
        tax_rate_ppm=0,
        tax=0,
        lender_net=0,
        lender_tax=0,
        borrower_net=0,
        borrower_tax=0,
    )


def books(
    tax_rounding: Literal["per_invoice", "per_line"] = "per_invoice",
) -> BothBooks:
    """Return books of a lender with halved and a borrower with doubled amounts."""
    return BothBooks(
        tax_rounding=tax_rounding,
        rounding=Rounding.HALF_UP,
        to_lender=lambda amount: (amount + 1) // 2,
        to_borrower=lambda amount: amount * 2,
    )


def test_tax_is_rounded_once_per_rate_and_translated_as_one_amount() -> None:
    open_ = [transfer(entry_no=number) for number in range(4)]

    lines = intercompany_lines(open_, [FULL, REDUCED, FULL, PLAIN], books())

    # 19 % of 66.66 is 12.6654, of each line 6.3327; 7 % of 33.33 is 2.3331
    assert [line.tax for line in lines] == [634, 233, 633, 0]
    assert [line.lender_tax for line in lines] == [317, 117, 317, 0]
    assert [line.borrower_tax for line in lines] == [1_268, 466, 1_266, 0]
    assert [line.line_no for line in lines] == [1, 2, 3, 4]


def test_tax_can_be_rounded_on_every_line() -> None:
    open_ = [transfer(entry_no=number) for number in range(2)]

    lines = intercompany_lines(open_, [FULL, FULL], books("per_line"))

    assert [line.tax for line in lines] == [633, 633]
    assert sum(line.lender_tax for line in lines) == 633


def test_tax_that_is_not_recovered_is_cost_and_rounded_once_for_the_document() -> None:
    kept = replace(FULL, cost_share=Fraction(2, 5))
    open_ = [transfer(entry_no=number, amount=2_800) for number in range(3)]

    lines = intercompany_lines(open_, [kept, kept, kept], books())

    # 40 % of 15.96 are 6.384, of each line 2.128.
    assert [line.tax for line in lines] == [532, 532, 532]
    assert [line.cost_tax for line in lines] == [213, 213, 212]
    # In the borrower's doubled books 12.768, and 4.256 of each line.
    assert [line.borrower_cost_tax for line in lines] == [426, 426, 425]
    booked = [
        (one.debit, one.amount, one.entity_amount)
        for one in intercompany_movements(lines[2:])
        if one.side is Side.BORROWER
    ]
    assert booked == [
        (Role.IC_COST, 2_800 + 212, 5_600 + 425),
        (Role.TAX_PAYABLE, 320, 639),
    ]


def test_only_the_lines_that_say_so_keep_their_tax_and_never_more_than_it() -> None:
    none = replace(FULL, cost_share=Fraction(1))
    open_ = [transfer(entry_no=number) for number in range(2)]

    lines = intercompany_lines(open_, [FULL, none], books())

    assert [(line.tax, line.cost_tax) for line in lines] == [(634, 0), (633, 633)]
    assert [one.effect for one in intercompany_movements(lines[1:])] == [
        Effect.IC_ACCRUAL_REVERSAL,
        Effect.IC_SALE,
        Effect.IC_TAX,
        Effect.IC_COST,
    ]


def test_a_mirror_takes_back_what_its_line_said_whatever_the_rates_are_now() -> None:
    invoiced = replace(
        transfer(),
        mirrored=True,
        tax_rule_no=7,
        tax_rate_ppm=190_000,
        tax=633,
        lender_net=1_111,
        lender_tax=222,
        borrower_net=5_555,
        borrower_tax=999,
        cost_tax=33,
        borrower_cost_tax=99,
    )

    [line] = intercompany_lines([invoiced], [FULL], books())

    assert (line.net, line.tax, line.tax_of) == (-3_333, -633, FULL)
    assert (line.accrual_reversed, line.lender_accrual_reversed) == (-3_333, -3_332)
    assert (line.lender_net, line.lender_tax) == (-1_111, -222)
    assert (line.borrower_net, line.borrower_tax) == (-5_555, -999)
    booked = [
        (one.effect, one.debit, one.credit, one.entity_amount)
        for one in intercompany_movements([line])
    ]
    assert booked == [
        (
            Effect.IC_ACCRUAL_REVERSAL,
            Role.IC_WIP,
            Role.IC_ACCRUED_REVENUE,
            3_332,
        ),
        (Effect.IC_SALE, Role.IC_REVENUE, Role.IC_RECEIVABLE, 1_111),
        (Effect.IC_TAX, Role.TAX_PAYABLE, Role.IC_RECEIVABLE, 222),
        (Effect.IC_COST, Role.IC_PAYABLE, Role.IC_COST, 5_654),
        (Effect.IC_TAX, Role.IC_PAYABLE, Role.TAX_PAYABLE, 900),
    ]


def test_both_sides_book_the_same_amounts_of_the_document() -> None:
    lines = intercompany_lines([transfer(accrues=False)], [FULL], books())

    booked = [
        (one.side, one.effect, one.debit, one.credit, one.amount, one.entity_amount)
        for one in intercompany_movements(lines)
    ]

    assert booked == [
        (
            Side.LENDER,
            Effect.IC_SALE,
            Role.IC_RECEIVABLE,
            Role.IC_REVENUE,
            3_333,
            1_667,
        ),
        (Side.LENDER, Effect.IC_TAX, Role.IC_RECEIVABLE, Role.TAX_PAYABLE, 633, 317),
        (Side.BORROWER, Effect.IC_COST, Role.IC_COST, Role.IC_PAYABLE, 3_333, 6_666),
        (Side.BORROWER, Effect.IC_TAX, Role.TAX_PAYABLE, Role.IC_PAYABLE, 633, 1_266),
    ]


def test_work_that_costs_nothing_is_a_line_and_books_nothing() -> None:
    free = replace(transfer(amount=0), lender_accrued=0)

    lines = intercompany_lines([free], [FULL], books())

    assert len(lines) == 1
    assert intercompany_movements(lines) == []
