"""What is later than its entity books by itself waits, where arrivals are decided."""

from datetime import date

import pytest

from hourline.decide.kernel import decide_columns
from hourline.decide.model import Decided
from hourline.kernel.codes import PendingState
from hourline.master.model import LegalEntity
from hourline.master.snapshot import UnusableRecord, holding_late_work
from tests.builders import Firm, firm, posting_period
from tests.entries import Entry, entry_columns


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


@pytest.mark.parametrize("most", [-1, 10**6])
def test_a_number_of_days_that_cannot_be_is_refused(most: int) -> None:
    with pytest.raises(UnusableRecord, match=f"late_days_max of {most} is not between"):
        late_firm(most).snapshot()
