"""A rulebook is tried on the work of the past before anybody publishes it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.drafts import export_book
from hourline.flow.rulebook.files import RulebookFile, written
from hourline.flow.rulebook.groups import TrialTotal
from hourline.flow.rulebook.trial import Trial, try_rulebook
from hourline.kernel.codes import Role
from hourline.master.store import latest_change
from tests.flow.house import RATE, House, chart
from tests.flow.lent import BOB, BOBS_COST, DOLLAR, LENDER, PRICE
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
    assert (group.entries, group.invoiced, group.seconds_after) == (2, 1, 10_800)
    assert (group.amount_before, group.amount_after, group.difference) == (
        60_000,
        63_000,
        3_000,
    )
    whole = TrialTotal(
        entity="US1",
        contract=None,
        currency="USD",
        entries=2,
        billed_otherwise=2,
        invoiced=1,
        seconds_before=10_800,
        seconds_after=10_800,
        amount_before=60_000,
        amount_after=63_000,
        invoiced_before=20_000,
        invoiced_after=21_000,
        tax_before=0,
        tax_after=0,
    )
    assert trial.totals == [replace(whole, contract="C1"), whole]
    assert (whole.difference, whole.invoiced_difference) == (3_000, 1_000)


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
    assert (trial.entries, group.amount_before, group.amount_after) == (
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
    total = tried(house, book).totals[-1]

    publish(house, book)
    stays = house.balances()[Role.WIP]
    house.approve(id="t1", date="2025-03-05", revision=2)
    house.approve(id="t2", date="2025-03-06", seconds=7_200, revision=2)
    house.bill()

    assert (stays, total.amount_after) == (40_000, 63_000)
    assert house.balances()[Role.RECEIVABLE] == 63_000
    assert house.unproven() == []


def test_a_rate_of_tax_that_changes_in_its_row_is_told(house: House) -> None:
    vat = {"entity_country": "US", "rate": Decimal(10), "code": "S", "order": 1}
    house.change(MasterChange("tax_rule", "vat", fields=vat))
    house.approve()

    trial = tried(house, files(tax="id,entity_country,rate,code\nvat,US,12.5,S"))

    (group,) = trial.groups
    assert (trial.changed, group.tax_rule) == (1, ("vat", "vat"))
    assert (group.amount_before, group.amount_after) == (20_000, 20_000)
    assert (group.tax_before, group.tax_after) == (2_000, 2_500)


def test_another_rate_of_exchange_changes_only_what_is_booked(house: House) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)
    house.approve(id="t9", person="bob")

    trial = tried(
        house,
        files(
            fx="id,from_currency,to_currency,rate,from\nUSD-GBP,USD,GBP,0.75,2025-01-01"
        ),
    )

    # 120 USD were 96 GBP, and are 90 GBP.
    assert (trial.changed, trial.booked_only, trial.groups) == (1, 1, [])
    assert [(one.entity, one.role, one.open) for one in trial.books] == [
        ("GB1", "ic_wip", -600),
        ("GB1", "ic_accrued_revenue", 600),
    ]


def test_an_account_tells_what_is_invoiced_on_it(house: House) -> None:
    house.change(*chart())
    house.approve()
    house.bill()
    book = export_book(house.database, house.tenant)
    (name, content), *_ = written({"accounts": book["accounts"]}, as_="csv").items()

    trial = tried(house, [RulebookFile(name, content.replace(b"4000", b"4010"))])

    (move,) = trial.accounts
    assert (move.role, move.before, move.after, move.amount) == (
        "revenue",
        "4000",
        "4010",
        -20_000,
    )


def test_work_that_cannot_be_decided_any_more_is_told_apart(house: House) -> None:
    house.approve()
    house.change(
        MasterChange(
            "project", "P1", fields={"contract_line": "C1.1", "status": "closed"}
        )
    )

    trial = tried(house, files(bill_rates="id,currency,rate\nstandard,USD,210"))

    assert (trial.entries, trial.changed) == (1, 0)
    assert trial.refused_anyway == {"project_closed": 1}


def test_a_refusal_that_becomes_a_warning_lets_what_waits_go_on(house: House) -> None:
    house.change(
        MasterChange(
            "project", "P1", fields={"contract_line": "C1.1", "status": "closed"}
        )
    )
    house.approve()
    row = "code,severity\nproject_closed,"

    trial = tried(house, files(validation_severity=f"{row}warning"))
    publish(house, files(validation_severity=f"{row}warning"))
    back = tried(house, files(validation_severity=f"{row}error"))

    assert (trial.entries, trial.resumed) == (0, 1)
    assert back.refused == {"project_closed": 1}
    assert any(sentence.startswith("Severity:") for sentence in back.not_compared)


def test_what_is_not_compared_is_said_of_the_tables_that_change(house: House) -> None:
    only_rates = tried(house, files(bill_rates="id,currency,rate\nstandard,USD,210"))
    owners = tried(
        house, files(exception_routes="code,queue,owner,due_hours\nlate_work,,PMO,8")
    )

    (always,) = only_rates.not_compared
    assert always.startswith("Limits, prepaid hours and retainers are not allotted")
    assert owners.not_compared == [
        always,
        (
            "Owners: items that are open keep their owner and due time; the new ones"
            " are for what is opened later."
        ),
    ]


def test_only_the_rows_of_the_draft_are_laid_at_its_door(house: House) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)
    house.approve(id="t1")
    house.approve(id="t9", person="bob")
    # 200 when it was decided, 230 in force; and bob is lent no more.
    house.change(MasterChange("bill_rate", "standard", fields={"rate": Decimal(230)}))
    house.change(MasterChange("person", "bob", fields={"entity": "US1"}))

    trial = tried(house, files(bill_rates="id,currency,rate\nstandard,USD,231"))

    assert (trial.entries, trial.changed, trial.drifted) == (2, 2, 2)
    assert [(one.amount_before, one.amount_after) for one in trial.largest] == [
        (23_000, 23_100),
        (23_000, 23_100),
    ]
    assert (trial.totals[-1].amount_before, trial.totals[-1].difference) == (
        46_000,
        200,
    )
    assert trial.transfers == []
    assert [(one.role, one.open) for one in trial.books] == [
        ("wip", 200),
        ("accrued_revenue", -200),
    ]


def test_a_table_as_it_holds_changes_nothing_whatever_moved_since(
    house: House,
) -> None:
    house.change(LENDER, BOB, BOBS_COST, DOLLAR, PRICE)
    house.approve(id="t9", person="bob")
    house.change(MasterChange("bill_rate", "standard", fields={"rate": Decimal(230)}))
    house.change(MasterChange("person", "bob", fields={"entity": "US1"}))
    book = export_book(house.database, house.tenant)
    exported = [
        RulebookFile(name, content)
        for name, content in written(book, as_="csv").items()
    ]

    trial = tried(house, exported)

    assert (trial.entries, trial.changed, trial.drifted) == (1, 0, 1)
    assert (trial.groups, trial.transfers, trial.books) == ([], [], [])


def test_what_only_the_draft_could_decide_is_not_compared(house: House) -> None:
    house.approve()
    house.change(replace(RATE, effective_until=date(2025, 1, 1)))

    trial = tried(house, files(bill_rates="id,currency,rate\ncard,USD,210"))

    assert (trial.entries, trial.changed) == (1, 0)
    assert trial.refused_anyway == {"price_not_found": 1}
    assert (trial.groups, trial.books) == ([], [])
