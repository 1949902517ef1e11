"""Book openings against the opening balance; accrue them in step with bills."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hourline.billing.model import Party, Terms
from hourline.billing.rules.accrual import Accrual
from hourline.billing.rules.assemble import Seller, assemble
from hourline.billing.rules.describe import describe
from hourline.billing.rules.opening_booking import opening_movement
from hourline.billing.rules.opening_net import not_net
from hourline.billing.rules.running_total import RunningTotal
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding, currency_of
from hourline.kernel.openings import OpeningKind, OpeningPosition, OpeningRow
from tests.billing.items import milestone, portion


def position(
    kind: OpeningKind = OpeningKind.OPEN_AMOUNT,
    *,
    line: int = 2,
    contract_no: int = 1,
    accrued: int = 0,
    contract_asset: int = 0,
    contract_liability: int = 0,
) -> OpeningPosition:
    return OpeningPosition(
        row=OpeningRow(
            line=line,
            kind=kind,
            reference="A-1",
            currency=978,
            contract_asset=contract_asset,
            contract_liability=contract_liability,
        ),
        entity_no=1,
        employing_entity_no=1,
        resourcing_entity_no=1,
        contract_no=contract_no,
        contract_line_no=3,
        project_no=None,
        person_no=None,
        tax_rule_no=None,
        dated=date(2026, 6, 30),
        rate_amount=0,
        rate_seconds=1,
        amount=100_00,
        accrued=accrued,
        entity_currency=840,
        entity_amount=110_00,
    )


def booked(
    of: OpeningPosition, *, to_book: bool = False
) -> tuple[Effect, Role, Role, int, int] | None:
    line = opening_movement(of, to_book=to_book)
    if line is None:
        return None
    return line.effect, line.debit, line.credit, line.amount, line.entity_amount


def test_each_kind_moves_its_role_against_the_opening_balance() -> None:
    work = position(accrued=100_00)
    asset = position(OpeningKind.RECOGNISED, contract_asset=30_00)
    liability = position(OpeningKind.RECOGNISED, contract_liability=20_00)
    deferred = position(OpeningKind.DEFERRED)

    balance = Role.OPENING_BALANCE
    assert booked(work) == (Effect.OPENING, Role.WIP, balance, 100_00, 110_00)
    assert booked(asset) == (
        Effect.OPENING,
        Role.CONTRACT_ASSET,
        balance,
        30_00,
        110_00,
    )
    assert booked(liability) == (
        Effect.OPENING,
        balance,
        Role.CONTRACT_LIABILITY,
        20_00,
        110_00,
    )
    assert booked(deferred, to_book=True) == (
        Effect.OPENING_TO_BOOK,
        balance,
        Role.CONTRACT_LIABILITY,
        100_00,
        110_00,
    )


def test_what_was_not_accrued_and_revenue_to_date_book_nothing() -> None:
    assert booked(position()) is None
    assert booked(position(OpeningKind.RECOGNISED)) is None


def test_contracts_keep_their_sides_apart() -> None:
    rows = [
        (position(OpeningKind.DEFERRED), "C1"),
        (position(OpeningKind.DEFERRED, line=3), "C1"),
        (
            position(OpeningKind.RECOGNISED, line=4, contract_no=2, contract_asset=5),
            "C2",
        ),
        (position(line=5), "C1"),
    ]

    assert not_net(rows) == []


def test_a_second_side_is_told_by_its_own_column() -> None:
    rows = [
        (position(OpeningKind.RECOGNISED, contract_asset=5), "C1"),
        (position(OpeningKind.RECOGNISED, line=3, contract_liability=5), "C1"),
        (position(OpeningKind.DEFERRED, line=4), "C1"),
    ]

    assert [(one.line, one.column) for one in not_net(rows)] == [
        (3, "contract_liability"),
        (4, "amount"),
    ]


def test_an_opening_amount_is_named_on_its_line() -> None:
    item = replace(milestone(), opening="opening-1-3: Kick-off (A-1)")

    text = describe(item, person="", project="", contract_line="Advice")

    assert text == f"{item.dated} Advice, opening-1-3: Kick-off (A-1)"


@given(
    st.integers(0, 10**9),
    st.integers(1, 10**9),
    st.lists(st.integers(0, 10**9), max_size=6),
    st.sampled_from(Rounding),
)
def test_an_amount_billed_and_credited_in_any_steps_reverses_its_accrual_whole(
    accrued: int, whole: int, marks: list[int], rounding: Rounding
) -> None:
    steps = [0, *(mark % (whole + 1) for mark in marks), whole]

    accrual = Accrual(amount=accrued, entity=2 * accrued, whole=whole)
    reversed_ = [
        accrual.reversed_between(before, after, rounding)
        for before, after in pairwise(steps)
    ]

    assert sum(own for own, _ in reversed_) == accrued
    assert sum(entity for _, entity in reversed_) == 2 * accrued


def test_cents_that_credits_left_go_to_time_and_never_to_an_amount() -> None:
    seller = Seller(
        entity_no=1,
        customer_nos=(2,),
        currency=currency_of("EUR"),
        tax_rounding="per_invoice",
        rounding=Rounding.HALF_EVEN,
    )
    amount = milestone(line_no=11, amount=100_01)
    # Credits left the line a cent below what its time was worth.
    totals = {11: RunningTotal(Fraction(7, 4), 1)}

    made = assemble(
        [amount, portion(hourly_cents=100)],
        terms=Terms(
            contract_no=1, through=date(2025, 8, 1), invoice_date=date(2025, 8, 1)
        ),
        seller=seller,
        totals=totals,
        parties=[(Party(customer_no=2),)] * 2,
    )

    assert [line.net for line in made.lines] == [100_01, 101]
