"""What is later than its entity books by itself waits, where arrivals are decided."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline.decide.kernel import decide_columns
from hourline.decide.model import Decided
from hourline.kernel.codes import PendingState
from hourline.master.model import LegalEntity
from hourline.master.snapshot import UnusableRecord, holding_late_work
from tests.builders import (
    Firm,
    bill_rate,
    contract,
    contract_line,
    cost_rate,
    firm,
    fx_rate,
    person,
    posting_period,
    transfer_price,
)
from tests.entries import Entry, entry_columns, expense


def late_firm(most: int | None) -> Firm:
    """Give a firm whose March is closed, so that its work is booked on 1 April."""
    built = firm()
    built.add("US1", LegalEntity(country="US", currency="USD", late_days_max=most))
    built.add("march", posting_period(period="2025-03"))
    return built


def arrived(built: Firm, day: int) -> Decided:
    entry = Entry(work_date=date(2025, 3, day))
    return decide_columns(entry_columns([entry]), holding_late_work(built.snapshot()))


@pytest.mark.parametrize(
    ("most", "day", "codes"),
    [
        (5, 27, []),
        (5, 26, ["late_work"]),
        (0, 31, ["late_work"]),
        (None, 1, []),
    ],
)
def test_work_waits_from_one_day_more_than_its_entity_allows(
    most: int | None, day: int, codes: list[str]
) -> None:
    decided = arrived(late_firm(most), day)

    found = [str(one.code) for item in decided.refusals for one in item.problems]
    assert found == codes
    assert len(decided.decisions.entry_no) == (0 if codes else 1)


def test_the_refusal_is_an_exception_and_says_what_to_do() -> None:
    [refusal] = arrived(late_firm(5), 5).refusals

    assert refusal.state is PendingState.EXCEPTION
    [problem] = refusal.problems
    assert problem.sentence == (
        "1 h of ann on project P1 on 2025-03-05 would be booked later after its day"
        " than US1 books by itself."
    )
    assert "hourline closing accept; or open the posting period" in problem.remedy
    assert problem.detail["entity"] == "US1"


def test_work_in_an_open_month_is_never_late() -> None:
    entry = Entry(work_date=date(2025, 2, 5))
    snapshot = holding_late_work(late_firm(0).snapshot())

    assert decide_columns(entry_columns([entry]), snapshot).refusals == []


def test_work_without_any_open_month_is_refused_for_that_alone() -> None:
    built = late_firm(5)
    for number in range(28):
        period = f"{2025 + number // 12}-{number % 12 + 1:02}"
        built.add(period, posting_period(period=period))

    [refusal] = arrived(built, 5).refusals

    assert [str(one.code) for one in refusal.problems] == ["period_closed"]


def test_master_data_by_itself_holds_no_late_work() -> None:
    entry = Entry(work_date=date(2025, 3, 5))

    decided = decide_columns(entry_columns([entry]), late_firm(5).snapshot())

    assert decided.refusals == []


def costly_firm(most: str) -> Firm:
    """Give a firm that books work of so many dollars late by itself, however old."""
    built = late_firm(None)
    built.add(
        "US1",
        LegalEntity(country="US", currency="USD", late_amount_max=Decimal(most)),
    )
    built.add("ann-cost", cost_rate())
    return built


def waits(built: Firm, *entries: Entry) -> list[str]:
    """Give what of some late entries waits, by the ids of their source."""
    snapshot = holding_late_work(built.snapshot())
    decided = decide_columns(entry_columns(entries), snapshot)
    assert {str(p.code) for one in decided.refusals for p in one.problems} <= {
        "late_work"
    }
    return [entries[one.index].source_id for one in decided.refusals]


def entry(source_id: str, hours: str) -> Entry:
    return Entry(source_id=source_id, seconds=int(Decimal(hours) * 3_600))


def test_late_work_of_more_than_the_amount_waits_at_what_it_sells_for() -> None:
    built = costly_firm("1000")

    # An hour sells for 200 and costs 100.
    assert waits(
        built,
        entry("as much", "5"),
        entry("a second more", "5.0003"),
        replace(entry("of which 5 h are billed", "9"), billable_seconds=5 * 3_600),
        replace(entry("of which more is cost", "10.5"), billable_seconds=3_600),
        replace(entry("by a price set by hand", "4"), price=Decimal("250.01")),
        replace(entry("in an open month", "80"), work_date=date(2025, 4, 1)),
    ) == [
        "a second more",
        "of which more is cost",
        "by a price set by hand",
    ]


def test_without_an_amount_any_is_booked_and_none_at_all_is_an_amount() -> None:
    assert waits(late_firm(None), entry("large", "80")) == []
    assert waits(costly_firm("0"), entry("small", "0.01"), entry("nothing", "0")) == [
        "small"
    ]


def test_work_that_a_price_covers_counts_with_its_cost() -> None:
    built = costly_firm("500")
    built.add("C1.1", contract_line(method="fixed_price", price=Decimal(9)))

    assert waits(built, entry("5 h", "5"), entry("6 h", "6")) == ["6 h"]


def test_an_expense_counts_with_its_worth_or_its_cost() -> None:
    built = costly_firm("110")

    assert waits(
        built,
        expense(11_000),
        replace(expense(10_000, markup_ppm=100_100), source_id="marked up"),
        replace(expense(12_000, markup_ppm=-500_000), source_id="below cost"),
        replace(expense(12_000, tax=1_000), source_id="net of tax"),
    ) == ["marked up", "below cost"]


def test_what_is_sold_in_another_currency_counts_at_the_accounting_date() -> None:
    built = costly_firm("1000")
    built.add("C1", contract(currency="EUR"))
    built.add("eur", bill_rate(rate="150", currency="EUR"))
    built.add("C1.1", contract_line(accrue=False))
    without = waits(built, entry("9 h", "9"), entry("11 h", "11"))
    built.add("fx", fx_rate(rate="1.2"), effective_from=date(2025, 3, 1))
    built.add("fx", fx_rate(rate="1.5"), effective_from=date(2025, 4, 1))

    # 4.5 h at 150 EUR are 675 EUR: 1012.50 on 1 April. Without a rate the cost counts.
    assert without == ["11 h"]
    assert waits(built, entry("4.4 h", "4.4"), entry("4.5 h", "4.5")) == ["4.5 h"]


def test_work_that_another_entity_lends_counts_with_its_transfer_price() -> None:
    built = costly_firm("500")
    built.add("GB1", LegalEntity(country="GB", currency="GBP"))
    built.add("ann", person(entity="GB1"))
    built.add("C1.1", contract_line(method="non_billable"))
    built.add("price", transfer_price())
    built.add("gbp", fx_rate(from_currency="GBP", rate="1.25"))

    # 4 h at 120 USD are 480, 5 h are 600.
    assert waits(built, entry("4 h", "4"), entry("5 h", "5")) == ["5 h"]


def test_the_refusal_says_what_it_counts_with_unless_it_is_too_old_as_well() -> None:
    built = costly_firm("199.99")
    [much] = arrived(built, 5).refusals
    both = LegalEntity(
        country="US", currency="USD", late_days_max=5, late_amount_max=Decimal(1)
    )
    built.add("US1", both)
    [old] = arrived(built, 5).refusals

    assert much.problems[0].sentence == (
        "1 h of ann on project P1 on 2025-03-05 would be booked late and counts with"
        " 200.00 USD, more than US1 books by itself."
    )
    assert "later after its day" in old.problems[0].sentence


def test_what_is_not_known_yet_is_not_asked_for_an_amount() -> None:
    built = costly_firm("0")
    snapshot = holding_late_work(built.snapshot())

    [refusal] = decide_columns(
        entry_columns([Entry(person="nobody")]), snapshot
    ).refusals

    assert [str(one.code) for one in refusal.problems] == ["person_not_known"]


@pytest.mark.parametrize("most", ["-1", "0.001", "1e30"])
def test_an_amount_that_cannot_be_is_refused(most: str) -> None:
    with pytest.raises(UnusableRecord, match=r"late_amount_max of .* is no amount"):
        costly_firm(most).snapshot()


@pytest.mark.parametrize("most", [-1, 10**6])
def test_a_number_of_days_that_cannot_be_is_refused(most: int) -> None:
    with pytest.raises(UnusableRecord, match=f"late_days_max of {most} is not between"):
        late_firm(most).snapshot()
