"""Each journal line of an entry goes by the months of its own subledger."""

from datetime import date
from typing import Literal

import pytest

from hourline.decide.kernel import decide_columns
from hourline.decide.mirroring import mirror_lines
from hourline.decide.model import Decided, JournalColumns
from hourline.kernel.codes import Effect
from hourline.kernel.effective import day_number
from hourline.kernel.subledgers import SUBLEDGER_OF, Subledger
from hourline.master.model import LegalEntity
from hourline.master.snapshot import holding_late_work
from tests.builders import (
    Firm,
    cost_rate,
    firm,
    legal_entity,
    person,
    posting_period,
    transfer_price,
)
from tests.entries import Entry, entry_columns, expense

MARCH, APRIL = date(2025, 3, 5), date(2025, 4, 1)


def closing(*ledgers: Subledger, entity: str = "US1") -> Firm:
    """Give a firm in whose March some subledgers of an entity are closed."""
    built = firm()
    built.add("ann-cost", cost_rate())
    for ledger in ledgers:
        built.add(
            f"March of {ledger}",
            posting_period(entity=entity, period="2025-03", ledger=ledger),
        )
    return built


def decided(built: Firm, *entries: Entry) -> Decided:
    return decide_columns(entry_columns(entries or [Entry()]), built.snapshot())


def days(lines: JournalColumns) -> dict[Effect, date]:
    return {
        Effect(effect): day
        for effect, day in zip(
            lines.effect.tolist(), lines.accounting_date.tolist(), strict=True
        )
    }


def test_every_effect_is_in_a_subledger_but_what_was_taken_over() -> None:
    assert set(Effect) - set(SUBLEDGER_OF) == {Effect.OPENING, Effect.OPENING_TO_BOOK}


@pytest.mark.parametrize(
    ("closed", "costs", "accrual", "late"),
    [
        ([Subledger.COSTS], APRIL, MARCH, True),
        ([Subledger.WORK_IN_PROGRESS], MARCH, APRIL, True),
        ([Subledger.COSTS, Subledger.WORK_IN_PROGRESS], APRIL, APRIL, True),
        ([Subledger.RECEIVABLES, Subledger.REVENUE], MARCH, MARCH, False),
        ([], MARCH, MARCH, False),
    ],
)
def test_cost_and_accrual_move_apart_and_any_move_is_late(
    closed: list[Subledger], costs: date, accrual: date, *, late: bool
) -> None:
    found = decided(closing(*closed))

    assert days(found.journal) == {Effect.COST: costs, Effect.ACCRUAL: accrual}
    assert found.decisions.accounting_date.tolist() == [accrual]
    assert found.decisions.late.tolist() == [late]


def test_an_expense_is_a_cost() -> None:
    found = decided(closing(Subledger.COSTS), expense())

    assert days(found.journal) == {Effect.COST: APRIL, Effect.ACCRUAL: MARCH}


@pytest.mark.parametrize(
    ("closed", "cost", "lent"),
    [
        (Subledger.COSTS, APRIL, MARCH),
        (Subledger.INTERCOMPANY, MARCH, APRIL),
        (Subledger.WORK_IN_PROGRESS, MARCH, MARCH),
    ],
)
def test_a_lender_books_cost_and_charge_by_its_own_subledgers(
    closed: Subledger, cost: date, lent: date
) -> None:
    built = closing(closed, entity="GB1")
    built.add("GB1", legal_entity(country="GB"))
    built.add("ann", person(entity="GB1"))
    built.add("price", transfer_price())

    found = decided(built)

    assert days(found.journal) == {
        Effect.COST: cost,
        Effect.IC_ACCRUAL: lent,
        Effect.ACCRUAL: MARCH,
    }
    assert found.transfers.lender_date.tolist() == [lent]
    assert found.decisions.late.tolist() == [False]


@pytest.mark.parametrize("closed", [Subledger.COSTS, Subledger.WORK_IN_PROGRESS])
def test_a_subledger_without_an_open_month_refuses_the_work(closed: Subledger) -> None:
    built = firm()
    for month in range(28):
        period = f"{2025 + month // 12}-{month % 12 + 1:02}"
        built.add(period, posting_period(period=period, ledger=closed))

    [refusal] = decided(built).refusals

    assert [str(one.code) for one in refusal.problems] == ["period_closed"]
    assert "no month of US1 is open" in refusal.problems[0].sentence


@pytest.mark.parametrize("closed", [Subledger.COSTS, Subledger.INTERCOMPANY])
def test_a_lender_without_an_open_month_of_either_refuses_it_too(
    closed: Subledger,
) -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB"))
    built.add("ann", person(entity="GB1"))
    built.add("price", transfer_price())
    for month in range(28):
        period = f"{2025 + month // 12}-{month % 12 + 1:02}"
        built.add(period, posting_period(entity="GB1", period=period, ledger=closed))

    [refusal] = decided(built).refusals

    assert [str(one.code) for one in refusal.problems] == ["period_closed"]


def test_how_late_work_is_the_last_of_its_days_says() -> None:
    built = closing(Subledger.COSTS)
    built.add("US1", late_entity())
    entries = entry_columns([Entry(work_date=date(2025, 3, day)) for day in (26, 27)])

    found = decide_columns(entries, holding_late_work(built.snapshot()))

    assert [one.index for one in found.refusals] == [0]


def late_entity() -> LegalEntity:
    return LegalEntity(country="US", currency="USD", late_days_max=5)


@pytest.mark.parametrize(
    ("effect", "day"),
    [
        (Effect.COST, APRIL),
        (Effect.CROSS_CHARGE, APRIL),
        (Effect.ACCRUAL, MARCH),
        (Effect.OPENING, MARCH),
    ],
)
def test_a_mirror_goes_by_the_subledger_of_its_line(effect: Effect, day: date) -> None:
    built = closing(Subledger.COSTS)
    us = built.numbers["legal_entity", "US1"]
    booked = day_number(MARCH)
    row = (1, 1, 0, int(effect), us, 1, 1, 1, 3, 4, 840, 840, 100, 100, booked, booked)

    mirrored = mirror_lines([row], built.snapshot())

    assert mirrored.accounting_date.tolist() == [day]


STATUS = Literal["open", "closed"]


@pytest.mark.parametrize(
    ("whole", "own", "day"),
    [
        ("closed", "open", APRIL),
        ("open", "closed", APRIL),
        ("closed", "closed", APRIL),
        ("open", "open", MARCH),
    ],
)
def test_the_stricter_of_the_month_and_the_subledgers_counts(
    whole: STATUS, own: STATUS, day: date
) -> None:
    built = closing()
    built.add("all", posting_period(period="2025-03", status=whole))
    built.add(
        "own",
        posting_period(period="2025-03", status=own, ledger=Subledger.COSTS),
    )

    assert days(decided(built).journal)[Effect.COST] == day
