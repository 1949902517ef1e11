"""A rulebook is tried on the work of the past before anybody publishes it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.files import RulebookFile
from hourline.flow.rulebook.trial import Trial, TrialTotal, try_rulebook
from hourline.kernel.codes import Role
from hourline.master.store import latest_change
from tests.flow.house import RATE, House, chart
from tests.flow.rules import APRIL, files, publish

pytestmark = pytest.mark.integration
ALWAYS = (date.min, date.max)


def tried(
    house: House,
    book: list[RulebookFile],
    dates: tuple[date, date] = ALWAYS,
) -> Trial:
    draft, trial = try_rulebook(
        house.database, house.tenant, book, effective_on=APRIL, dates=dates
    )
    assert draft.errors == []
    assert trial is not None
    return trial


def test_a_new_rate_tells_what_the_past_would_have_been(house: House) -> None:
    house.approve(id="t1", date="2025-03-05")
    house.bill()
    house.approve(id="t2", date="2025-03-06", seconds=7_200)

    trial = tried(house, files(bill_rates="id,currency,rate\nstandard,USD,210"))

    (group,) = trial.groups
    assert (trial.entries, trial.changed, trial.invoiced, trial.drifted) == (2, 2, 1, 0)
    assert (group.contract, group.contract_line, group.currency) == (
        "C1",
        "C1.1",
        "USD",
    )
    assert group.bill_rate == ("standard", "standard")
    assert (group.entries, group.invoiced, group.seconds) == (2, 1, 10_800)
    assert (group.amount_decided, group.amount_after, group.difference) == (
        60_000,
        63_000,
        3_000,
    )
    assert trial.totals == [
        TrialTotal(
            contract="C1", currency="USD", amount_decided=60_000, amount_after=63_000
        )
    ]


def test_trying_changes_nothing(house: House) -> None:
    house.approve()
    with house.database.tenant(house.tenant) as session:
        before = latest_change(session)

    tried(house, files(bill_rates="id,currency,rate\nnew,USD,210"))

    with house.database.tenant(house.tenant) as session:
        assert latest_change(session) == before
    assert house.bill().net == 20_000
    assert house.unproven() == []


def test_only_the_dates_asked_for_are_tried(house: House) -> None:
    house.approve(id="t1", date="2025-03-05")
    house.approve(id="t2", date="2025-03-06")

    trial = tried(
        house,
        files(bill_rates="id,currency,rate\nstandard,USD,210"),
        (date(2025, 3, 6), date(2025, 3, 7)),
    )

    assert (trial.entries, trial.changed) == (1, 1)


def test_a_rate_that_is_gone_is_a_new_exception(house: House) -> None:
    house.approve(id="t1")

    trial = tried(
        house, files(bill_rates="id,currency,rate,from\nstandard,USD,210,2025-03-06")
    )

    assert trial.refused == {"price_not_found": 1}
    assert trial.refused_entries == ["t1"]
    assert (trial.changed, trial.groups) == (1, [])


def test_what_waits_and_would_go_on_is_told(house: House) -> None:
    house.change(replace(RATE, effective_until=date(2025, 1, 1)))
    house.approve()

    trial = tried(house, files(bill_rates="currency,rate\nUSD,210"))

    assert (trial.entries, trial.resumed) == (0, 1)


def test_what_other_rules_changed_before_is_told_apart(house: House) -> None:
    house.approve()
    house.change(MasterChange("bill_rate", "standard", fields={"rate": Decimal(230)}))

    trial = tried(house, files(hour_types="id,bill_factor\novertime,1.5"))

    assert (trial.entries, trial.changed, trial.drifted) == (1, 0, 1)
    assert trial.groups == []


def test_another_account_tells_how_much_it_moves(house: House) -> None:
    house.change(*chart())
    house.approve()
    rows = "\n".join(
        f"US1-{role},US1,{role},{number}"
        for role, number in (
            ("receivable", "1200"),
            ("wip", "1499"),
            ("tax_payable", "2200"),
            ("revenue", "4000"),
            ("accrued_revenue", "4100"),
            ("cost", "5000"),
            ("payroll_allocation", "5900"),
            ("cash", "1000"),
        )
    )

    trial = tried(house, files(accounts=f"id,entity,role,number\n{rows}"))

    (move,) = trial.accounts
    assert (move.entity, move.role, move.before, move.after) == (
        "US1",
        "wip",
        "1400",
        "1499",
    )
    assert (move.amount, move.currency) == (20_000, "USD")


def test_a_corrected_entry_is_tried_once(house: House) -> None:
    house.approve(id="t1")
    house.approve(id="t1", revision=2, seconds=7_200)

    trial = tried(house, files(bill_rates="id,currency,rate\nstandard,USD,210"))

    (group,) = trial.groups
    assert (trial.entries, group.amount_decided, group.amount_after) == (
        1,
        40_000,
        42_000,
    )


def test_what_was_tried_is_what_a_correction_gives_after_publication(
    house: House,
) -> None:
    book = files(bill_rates="id,currency,rate\nstandard,USD,210")
    house.approve(id="t1", date="2025-03-05")
    house.bill()
    house.approve(id="t2", date="2025-03-06", seconds=7_200)
    (total,) = tried(house, book).totals

    publish(house, book)
    stays = house.balances()[Role.WIP]
    house.approve(id="t1", date="2025-03-05", revision=2)
    house.approve(id="t2", date="2025-03-06", seconds=7_200, revision=2)
    house.bill()

    assert (stays, total.amount_after) == (40_000, 63_000)
    assert house.balances()[Role.RECEIVABLE] == 63_000
    assert house.unproven() == []
