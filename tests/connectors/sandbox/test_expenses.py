"""What people of the invented firm spend, and the tool that keeps it."""

import csv
import io
from collections import Counter
from datetime import date

import msgspec
import pytest

from hourline.connectors.sandbox.admin import Sandbox, read_books, release
from hourline.connectors.sandbox.files import card_statement
from hourline.connectors.sandbox.firm import Firm, build_firm
from hourline.connectors.sandbox.wire import expense_object
from hourline.connectors.sandbox_expenses import CONNECTOR
from hourline.intake.model import ExpenseRecord, SourceReading, Withdrawal
from hourline.intake.rules.records import read_record
from tests.connectors.sandbox.firms import firm_of
from tests.connectors.sandbox.running import caller


@pytest.fixture(scope="module")
def firm() -> Firm:
    return build_firm()


@pytest.mark.parametrize("seed", range(3))
def test_every_seed_has_as_many_expenses_of_each_kind(seed: int) -> None:
    firm = firm_of(seed)
    expenses = firm.expenses.released()
    employed = {p.employee_number: p.entity for p in firm.people}

    assert len({one.id for one in expenses}) == len(expenses) == 48
    assert Counter(employed[one.employee_number] for one in expenses) == {
        "US1": 16,
        "GB1": 16,
        "DE1": 16,
    }
    currencies = {one.currency for one in expenses}
    assert currencies == {"CHF", "EUR", "GBP", "JPY", "USD"}
    assert {one.markup_percent for one in expenses} >= {0, 5, 10}
    assert {one.tax_reclaimable for one in expenses if one.tax_minor} == {True, False}
    assert len(firm.expenses.by_file) == 12
    assert [one.version for one in firm.expenses.changes] == [2, 2, 2]


@pytest.mark.parametrize("seed", range(3))
def test_whoever_spends_is_assigned_and_employed(seed: int) -> None:
    firm = firm_of(seed)
    people = {p.employee_number: p for p in firm.people}
    assigned = {(a.person, a.project) for a in firm.assignments}
    still_open = {p.project for p in firm.projects if p.status == "open"}

    for one in firm.expenses.released():
        person = people[one.employee_number]
        assert (person.psa_id, one.project) in assigned
        assert one.project in still_open
        assert one.spent_on >= person.employed_from


def test_two_receipts_are_missing_and_one_of_them_is_found(firm: Firm) -> None:
    limits = {entity.entity: entity.receipts_above for entity in firm.entities}
    owner = {p.project: p.entity for p in firm.projects}
    own = {e.entity: e.currency for e in firm.entities}

    missing = [
        one.id
        for one in firm.expenses.released()
        if one.receipt is None
        and one.currency == own[owner[one.project]]
        and one.paid_minor > 100 * limits[owner[one.project]]
    ]
    found = [one.id for one in firm.expenses.changes if one.id in missing]

    assert (len(missing), len(found)) == (2, 1)


def test_tax_is_what_the_price_has_of_it(firm: Firm) -> None:
    (dinner,) = (one for one in firm.expenses.released() if one.id == "EX-2610-008")

    # 141.77 with 20 percent in it: 141.77 / 6 = 23.628...
    assert (dinner.purpose, dinner.paid_minor) == ("Dinner with the customer", 14_177)
    assert (dinner.tax_minor, dinner.tax_reclaimable) == (2_363, False)


def test_an_expense_is_read_in_the_words_of_its_tool(firm: Firm) -> None:
    reading = msgspec.convert(dict(CONNECTOR.reading), SourceReading)
    (hotel,) = (one for one in firm.expenses.released() if one.id == "EX-2610-013")
    withdrawn = firm.expenses.changes[-1]

    read = read_record(dict(expense_object(hotel)), reading, {}, cells=False)
    gone = read_record(dict(expense_object(withdrawn)), reading, {}, cells=False)

    assert isinstance(read, ExpenseRecord)
    assert (read.person, read.project) == ("U-1002", "PRJ-2")
    assert (read.date, read.cost, read.currency) == (date(2026, 10, 28), 46_547, 392)
    assert (read.tax, read.recoverable_tax, read.receipt) == (
        4_232,
        0,
        "scan-EX-2610-013",
    )
    assert isinstance(gone, Withdrawal)
    assert (gone.status, gone.revision) == ("recalled", 2)


def test_the_statement_of_cards_has_a_row_for_each_expense(firm: Firm) -> None:
    rows = list(csv.DictReader(io.StringIO(card_statement(firm).decode())))

    assert [row["expense"] for row in rows] == [one.id for one in firm.expenses.by_file]
    assert rows[0]["paid"] == "396.24"
    assert rows[0]["receipt"] == ""


@pytest.mark.integration
def test_the_tool_tells_its_totals_and_what_changes_later(sandbox: Sandbox) -> None:
    place = sandbox.servers["expenses"]
    tool = caller(place)
    before = tool.all_items("/api/expenses")

    release(place, "changes")
    after = tool.all_items("/api/expenses")
    status, totals = tool.reply("GET", "/api/expense-totals")
    _, found = tool.reply("GET", "/api/expenses/EX-2610-001")

    assert [one["state"] for one in before].count("draft") == 3
    assert len(before) == 36 + 4 + 3
    assert [one["version"] for one in after[len(before) :]] == [2, 2, 2]
    assert (status, totals["paid"]["JPY"]) == (200, "103993")
    assert (found["version"], found["receipt"]) == (2, "scan-EX-2610-001")


@pytest.mark.integration
def test_the_tool_hears_of_expenses_it_keeps_only(sandbox: Sandbox) -> None:
    place = sandbox.servers["expenses"]
    held = len(read_books(place))
    told = {
        "document": "US1-7",
        "state": "invoiced",
        "currency": "USD",
        "expenses": [
            {"expense": "EX-2610-001", "amount": "396.24"},
            {"expense": "EX-1", "amount": "1.00"},
        ],
    }

    status, content = caller(place).reply("POST", "/api/billed-expenses", told)
    empty, said = caller(place).reply(
        "POST", "/api/billed-expenses", {**told, "expenses": []}
    )

    assert (status, content["code"]) == (404, "not_found")
    assert (empty, said["code"]) == (422, "no_expenses")
    assert len(read_books(place)) == held
