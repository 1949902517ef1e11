"""A person's day is rounded as a whole, whatever comes in which order."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import permutations
from random import Random

import pytest
from rich.console import Console

from hourline import flow
from hourline.cli.render import show_story
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.queries import Query
from hourline.kernel.codes import Fate, Role
from tests.flow.house import House
from tests.flow.office import Office

pytestmark = pytest.mark.integration

QUARTERS = MasterChange(
    "time_rounding",
    "quarters",
    fields={
        "order": 1,
        "increment_minutes": Decimal(15),
        "mode": "up",
        "scope": "person_day",
    },
)
YEAR = range(1, 13)
_LINES = Query(
    "lines",
    "What the ledger has of a line and how often.",
    "SELECT count(*) FROM hourline.journal_line",
)


def portions(house: House, entry: str) -> list[tuple[Fate, int, int]]:
    return [
        (Fate(one.fate), one.seconds, one.amount)
        for one in house.status(entry).portions
    ]


def arrivals(house: House) -> list[Callable[[], object]]:
    """Give what arrives of one day: 700 + 650 + 500 s in force, t4 is recalled."""
    return [
        lambda: house.approve(id="t1", seconds=700),
        lambda: house.approve(id="t2", seconds=650),
        lambda: house.approve(id="t3", seconds=1_500),
        lambda: house.approve(id="t3", revision=2, seconds=500),
        lambda: house.approve(id="t4", seconds=4_000),
        lambda: house.recall("t4"),
    ]


@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_arrival_gives_the_same_day(house: House, seed: int) -> None:
    house.change(QUARTERS)
    orders = list(permutations(range(6)))
    order = Random(seed).choice(orders)

    for place in order:
        arrivals(house)[place]()
        assert house.unproven() == [], order

    # 1850 s are three quarters of an hour: 850 s more, on the last by its id.
    assert portions(house, "t1") == [(Fate.BILLABLE, 700, 3_889)]
    assert portions(house, "t2") == [(Fate.BILLABLE, 650, 3_611)]
    assert portions(house, "t3") == [(Fate.BILLABLE, 1_350, 7_500)]
    assert portions(house, "t4") == []
    assert house.balances() == {
        Role.COST: 1_944 + 1_806 + 1_389,
        Role.PAYROLL_ALLOCATION: -1_944 - 1_806 - 1_389,
        Role.WIP: 15_000,
        Role.ACCRUED_REVENUE: -15_000,
    }


def test_the_same_again_books_nothing(house: House) -> None:
    house.change(QUARTERS)
    house.approve(id="t1", seconds=700)
    house.approve(id="t2", seconds=650)
    before = lines(house)

    house.approve(id="t1", seconds=700)
    flow.retry_pending(house.database, house.tenant)

    assert lines(house) == before


def test_one_batch_gives_what_single_deliveries_give(house: House) -> None:
    house.change(QUARTERS)
    place = {"status": "approved", "person": "ann", "project": "P1", "revision": 1}
    place |= {"date": "2025-03-05", "approved_at": "2025-03-06T08:00:00Z"}

    house.deliver(
        {**place, "id": "t1", "seconds": 700}, {**place, "id": "t2", "seconds": 650}
    )

    assert portions(house, "t1") == [(Fate.BILLABLE, 700, 3_889)]
    assert portions(house, "t2") == [(Fate.BILLABLE, 1_100, 6_111)]
    assert house.unproven() == []


def test_what_waited_joins_its_day_when_it_goes_on(house: House) -> None:
    house.change(QUARTERS)
    house.approve(id="t1", seconds=700)
    house.approve(id="t2", seconds=650, project="P9")
    assert portions(house, "t1") == [(Fate.BILLABLE, 900, 5_000)]

    house.change(
        MasterChange("project", "P9", fields={"contract_line": "C1.1"}),
    )
    flow.resume_pending(house.database, house.tenant)

    assert portions(house, "t1") == [(Fate.BILLABLE, 700, 3_889)]
    assert portions(house, "t2") == [(Fate.BILLABLE, 1_100, 6_111)]
    assert house.unproven() == []


def test_a_changed_row_counts_from_the_next_arrival_of_a_day(house: House) -> None:
    house.change(QUARTERS)
    house.approve(id="t1", seconds=700)
    hours = {**QUARTERS.fields, "increment_minutes": Decimal(60)}
    house.change(MasterChange("time_rounding", "quarters", fields=hours))
    assert portions(house, "t1") == [(Fate.BILLABLE, 900, 5_000)]

    house.approve(id="t2", seconds=650)

    assert portions(house, "t1") == [(Fate.BILLABLE, 700, 3_889)]
    assert portions(house, "t2") == [(Fate.BILLABLE, 2_900, 16_111)]


def test_a_row_that_rounds_entries_from_now_on_leaves_days_alone(house: House) -> None:
    house.change(QUARTERS)
    house.approve(id="t1", seconds=700)
    alone = {**QUARTERS.fields, "scope": "entry"}
    house.change(MasterChange("time_rounding", "quarters", fields=alone))

    house.approve(id="t2", seconds=650)

    assert portions(house, "t1") == [(Fate.BILLABLE, 900, 5_000)]
    assert portions(house, "t2") == [(Fate.BILLABLE, 900, 5_000)]
    assert house.unproven() == []


def test_a_day_that_no_month_takes_stays_as_it_is(house: House) -> None:
    a_day_with_a_free_entry(house)
    house.change(*(month(year, one) for year in (2025, 2026, 2027) for one in YEAR))

    with pytest.raises(flow.CannotReplace, match="no month of US1 is open"):
        house.recall("t2")

    assert portions(house, "t1") == [(Fate.BILLABLE, 700, 3_889)]
    assert house.codes() == ["period_closed"]
    assert house.unproven() == []


def test_a_day_that_cannot_be_translated_stays_as_it_is(house: House) -> None:
    euros = {"customer": "ADATUM", "entity": "US1", "currency": "EUR"}
    fx = {"from_currency": "EUR", "to_currency": "USD", "rate": Decimal(1)}
    house.change(
        MasterChange("contract", "C1", fields=euros),
        MasterChange(
            "bill_rate", "euros", fields={"currency": "EUR", "rate": Decimal(200)}
        ),
        MasterChange("fx_rate", "fx", fields=fx, effective_until=date(2025, 4, 1)),
    )
    a_day_with_a_free_entry(house)
    house.change(month(2025, 3))

    with pytest.raises(flow.CannotReplace, match="no rate from EUR to USD"):
        house.recall("t2")

    assert portions(house, "t1") == [(Fate.BILLABLE, 700, 3_889)]
    assert house.codes() == ["fx_rate_not_found"]


def a_day_with_a_free_entry(house: House) -> None:
    """Let t1 stand beside t2, which is last, costs nothing and is free of charge."""
    nothing = {"person": "ann", "rate": Decimal(0)}
    house.change(QUARTERS, MasterChange("cost_rate", "ann-cost", fields=nothing))
    house.approve(id="t1", seconds=700)
    house.approve(id="t2", seconds=650, price="0")
    assert portions(house, "t2") == [(Fate.BILLABLE, 1_100, 0)]


def month(year: int, number: int) -> MasterChange:
    period = f"{year}-{number:02}"
    fields = {"entity": "US1", "period": period, "status": "closed"}
    return MasterChange("posting_period", f"US1-{period}", fields=fields)


@pytest.mark.parametrize("seed", range(6))
def test_the_books_are_proven_whatever_people_do_with_a_rounded_day(
    house: House, seed: int
) -> None:
    house.change(QUARTERS)
    office = Office(house, seed)
    office.deliver()
    acts = [
        *(office.deliver, office.deliver, office.recall, office.hold, office.release),
        *(office.write_off, office.bill, office.draft_and_issue),
        *(office.credit, office.credit, office.close),
    ]

    office.work(acts)


def lines(house: House) -> int:
    with house.database.tenant(house.tenant) as session:
        return session.value(_LINES, int) or 0


def test_the_story_of_an_entry_tells_what_its_day_did(house: House) -> None:
    house.change(QUARTERS)
    house.approve(id="t1", seconds=700)
    house.approve(id="t2", seconds=650)

    story = house.status("t1").story
    assert [version.time_rounding for version in story.versions] == ["quarters"]
    assert [
        (
            one.time_rounding,
            one.seconds_before,
            one.seconds_after,
            one.day_worked_seconds,
            one.day_billable_seconds,
        )
        for one in story.roundings
    ] == [
        ("quarters", 700, 900, 700, 900),
        ("quarters", 900, 700, 1_350, 1_800),
    ]
    printed = StringIO()
    show_story(Console(file=printed, width=200), story)
    told = printed.getvalue()
    assert "rate 'standard', time rounding 'quarters', tax '-'" in told
    assert (
        "rounded  revision 1 from 0:11:40 h to 0.25 h by 'quarters': the day's"
        " 0:11:40 h worked are 0.25 h billable"
    ) in told
