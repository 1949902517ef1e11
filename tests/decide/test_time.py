"""What becomes of an entry's time: portions, cost, accrual and the day they count."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec
import pytest

from hourline.decide.encode import DurationOutOfRange
from hourline.decide.kernel import decide_columns
from hourline.decide.model import Decided
from hourline.kernel.codes import Effect, Fate, Role
from hourline.master.model import Activity
from tests.builders import (
    Firm,
    bill_rate,
    contract,
    contract_line,
    cost_rate,
    firm,
    fx_rate,
    hour_type,
    legal_entity,
    posting_period,
    project,
)
from tests.entries import Entry, entry_columns


def _decided(built: Firm, *entries: Entry) -> Decided:
    decided = decide_columns(entry_columns(entries), built.snapshot())
    assert not decided.refusals
    return decided


def _portions(built: Firm, entry: Entry) -> list[tuple[int, Fate, int, int]]:
    portions = _decided(built, entry).portions
    return [
        (part, Fate(fate), seconds, amount)
        for part, fate, seconds, amount in zip(
            portions.part.tolist(),
            portions.fate.tolist(),
            portions.seconds.tolist(),
            portions.amount.tolist(),
            strict=True,
        )
    ]


def test_time_on_time_and_materials_is_billable() -> None:
    assert _portions(firm(), Entry(seconds=7_200)) == [
        (0, Fate.BILLABLE, 7_200, 40_000)
    ]


def test_what_the_approver_does_not_bill_is_non_billable() -> None:
    entry = Entry(seconds=28_800, billable_seconds=21_600)

    assert _portions(firm(), entry) == [
        (0, Fate.BILLABLE, 21_600, 120_000),
        (1, Fate.NON_BILLABLE, 7_200, 40_000),
    ]


def test_nothing_billable_is_one_non_billable_portion() -> None:
    assert _portions(firm(), Entry(billable_seconds=0)) == [
        (0, Fate.NON_BILLABLE, 3_600, 20_000)
    ]


def test_what_is_billed_above_the_worked_time_is_uplift() -> None:
    decided = _decided(firm(), Entry(seconds=3_000, billable_seconds=3_600))

    assert decided.portions.seconds.tolist() == [3_600]
    assert decided.decisions.uplift_seconds.tolist() == [600]


@pytest.mark.parametrize("method", ["retainer", "recurring"])
def test_a_retainer_and_a_fee_cover_the_time_and_need_no_rate(
    method: Literal["retainer", "recurring"],
) -> None:
    line = contract_line(method=method, amount=Decimal(1000))
    if method == "recurring":
        span = {"every": "month", "start": date(2025, 1, 1), "end": date(2025, 12, 31)}
        line = msgspec.structs.replace(line, **span)
    built = firm(rate=None)
    built.add("C1.1", line)

    decided = decide_columns(entry_columns([Entry()]), built.snapshot())

    assert decided.portions.fate.tolist() == [Fate.COVERED]
    assert decided.portions.accrued_amount.tolist() == [0]


def test_a_fixed_price_covers_the_time_and_needs_no_rate() -> None:
    built = firm(rate=None)
    built.add("C1.1", contract_line(method="fixed_price", price=Decimal(1000)))

    decided = _decided(built, Entry(billable_seconds=900))

    assert decided.portions.fate.tolist() == [Fate.COVERED]
    assert decided.portions.seconds.tolist() == [3_600]
    assert decided.portions.amount.tolist() == [0]
    assert decided.portions.rate_seconds.tolist() == [3_600]
    assert decided.decisions.bill_rate_no.tolist() == [-1]
    assert decided.decisions.uplift_seconds.tolist() == [0]
    assert decided.journal.amount.tolist() == []


def test_covered_time_is_shown_at_its_rate_where_there_is_one() -> None:
    built = firm()
    built.add("C1.1", contract_line(method="fixed_price"))

    assert _portions(built, Entry()) == [(0, Fate.COVERED, 3_600, 20_000)]


def test_on_a_non_billable_line_or_project_nothing_is_billable() -> None:
    line = firm()
    line.add("C1.1", contract_line(method="non_billable"))
    internal = firm()
    internal.add("P1", project(billable=False))

    expected = [(0, Fate.NON_BILLABLE, 3_600, 20_000)]
    assert _portions(line, Entry(billable_seconds=3_600)) == expected
    assert _portions(internal, Entry(billable_seconds=3_600)) == expected


def test_an_activity_decides_unless_the_approver_did() -> None:
    built = firm()
    travel = (Activity(id="dev"), Activity(id="travel", billable=False))
    built.add("P1", project(activities=travel))

    assert _portions(built, Entry(activity="travel")) == [
        (0, Fate.NON_BILLABLE, 3_600, 20_000)
    ]
    assert _portions(built, Entry(activity="travel", billable_seconds=1_800)) == [
        (0, Fate.BILLABLE, 1_800, 10_000),
        (1, Fate.NON_BILLABLE, 1_800, 10_000),
    ]


def test_an_entry_of_no_time_has_one_portion_and_books_nothing() -> None:
    decided = _decided(firm(), Entry(seconds=0))

    assert decided.portions.fate.tolist() == [Fate.BILLABLE]
    assert decided.portions.seconds.tolist() == [0]
    assert decided.journal.amount.tolist() == []


def test_approval_books_cost_and_accrual() -> None:
    built = firm()
    built.add("ann's cost", cost_rate(rate="100"))

    journal = _decided(built, Entry(seconds=28_800, billable_seconds=7_200)).journal

    assert journal.effect.tolist() == [Effect.COST, Effect.ACCRUAL]
    assert journal.debit.tolist() == [Role.COST, Role.WIP]
    assert journal.credit.tolist() == [Role.PAYROLL_ALLOCATION, Role.ACCRUED_REVENUE]
    assert journal.amount.tolist() == [80_000, 40_000]
    assert journal.entity_amount.tolist() == [80_000, 40_000]
    assert journal.part.tolist() == [0, 0]
    assert journal.document_date.tolist() == [date(2025, 3, 5)] * 2


def test_a_cost_factor_applies_to_worked_time_and_is_rounded_once() -> None:
    built = firm()
    built.add("ann's cost", cost_rate(rate="33.35"))
    built.add("overtime", hour_type(bill_factor="1", cost_factor="1.25"))

    decided = _decided(built, Entry(seconds=900, hour_type="overtime"))

    assert decided.decisions.cost_amount.tolist() == [1_042]


def test_of_two_cost_rates_the_one_that_begins_later_holds() -> None:
    built = firm()
    built.add("new", cost_rate(rate="90"), effective_from=date(2025, 3, 1))
    built.add("old", cost_rate(rate="80"))
    built.add("nobody's", cost_rate(person="gone", rate="1"))

    decided = _decided(built, Entry(), Entry(entry_no=2, work_date=date(2025, 2, 28)))

    assert decided.decisions.cost_amount.tolist() == [9_000, 8_000]
    assert decided.decisions.cost_rate_no.tolist() == [
        built.numbers["cost_rate", "new"],
        built.numbers["cost_rate", "old"],
    ]


def test_a_line_that_does_not_accrue_books_cost_alone() -> None:
    built = firm()
    built.add("ann's cost", cost_rate(rate="100"))
    built.add("C1.1", contract_line(accrue=False))

    decided = _decided(built, Entry())

    assert decided.journal.effect.tolist() == [Effect.COST]
    assert decided.portions.accrued_amount.tolist() == [0]


def test_an_accrual_is_translated_at_its_accounting_date() -> None:
    built = _in_euros()
    built.add("later", fx_rate(rate="1.12"), effective_from=date(2025, 2, 1))

    journal = _decided(
        built,
        Entry(seconds=36_000, work_date=date(2025, 1, 10)),
        Entry(entry_no=2, seconds=36_000, work_date=date(2025, 2, 10)),
    ).journal

    assert journal.currency.tolist() == [978, 978]
    assert journal.amount.tolist() == [100_000, 100_000]
    assert journal.entity_currency.tolist() == [840, 840]
    assert journal.entity_amount.tolist() == [110_000, 112_000]


def test_the_inverse_of_the_opposite_rate_is_exact() -> None:
    built = _in_euros(direct=False)
    built.add("usd", fx_rate(from_currency="USD", to_currency="EUR", rate="0.9"))

    journal = _decided(built, Entry(seconds=36_000)).journal

    assert journal.entity_amount.tolist() == [111_111]


def _in_euros(*, direct: bool = True) -> Firm:
    built = firm(rate=None)
    built.add("C1", contract(currency="EUR"))
    built.add("rate", bill_rate(rate="100", currency="EUR"))
    if direct:
        built.add("eur", fx_rate(rate="1.10"))
    return built


def test_work_for_a_closed_month_is_late_and_keeps_its_work_date() -> None:
    built = firm()
    built.add("april", posting_period(period="2025-04"))
    built.add("may", posting_period(period="2025-05", status="closed"))

    decided = _decided(
        built,
        Entry(work_date=date(2025, 4, 30)),
        Entry(entry_no=2, work_date=date(2025, 3, 31)),
        Entry(entry_no=3, work_date=date(2025, 6, 2)),
    ).decisions

    assert decided.work_date.tolist()[0] == date(2025, 4, 30)
    assert decided.accounting_date.tolist() == [
        date(2025, 6, 1),
        date(2025, 3, 31),
        date(2025, 6, 2),
    ]
    assert decided.late.tolist() == [True, False, False]


def test_a_month_of_another_entity_closes_nothing_here() -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("april", posting_period(entity="GB1", period="2025-04"))
    built.add("whose", posting_period(entity="gone", period="2025-04"))

    assert _decided(
        built, Entry(work_date=date(2025, 4, 30))
    ).decisions.late.tolist() == [False]


def test_an_empty_batch_gives_empty_tables() -> None:
    decided = _decided(firm())

    assert decided.decisions.entry_no.tolist() == []
    assert decided.portions.entry_no.tolist() == []
    assert decided.journal.cause_no.tolist() == []


def test_more_than_31_days_in_one_entry_are_refused_loudly() -> None:
    with pytest.raises(DurationOutOfRange):
        _decided(firm(), Entry(seconds=2_678_401))
    with pytest.raises(DurationOutOfRange):
        _decided(firm(), Entry(seconds=-1))
