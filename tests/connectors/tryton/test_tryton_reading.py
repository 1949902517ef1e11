"""What Tryton's records mean, from answers as it sent them on 2026-11-25."""

import base64
import json
from datetime import date, timedelta
from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.master import MasterPage
from hourline.connectors.sdk.target import Ask, request_for
from hourline.connectors.tryton import CONNECTOR
from hourline.connectors.tryton.wire import PAGE_RECORDS
from tests.connectors.tryton.recorded import answered, day, money

COMPANY = {
    "__name__": "company.company",
    "id": 2,
    "party": {"__name__": "party.party", "id": 7, "code": "DE"},
    "currency": {"__name__": "currency.currency", "id": 1, "code": "EUR"},
}
ADDRESS = {"id": 4, "__name__": "party.address", "country": {"id": 2, "code": "DE"}}
LINES = CONNECTOR.sources["time_entries"]


def changes(stream: str, *records: dict[str, object]) -> dict[str, MasterChange]:
    page = CONNECTOR.masters[stream].read(answered(list(records)))
    assert isinstance(page, MasterPage)
    return {f"{one.kind} {one.canonical_id}": one for one in page.changes}


def domain(ask: Ask) -> object:
    return json.loads(base64.urlsafe_b64decode(dict(ask.query)["d"]))


def told_line(number: int, second: int = 0) -> dict[str, object]:
    written = {"year": 2026, "month": 11, "day": 3, "hour": 9, "minute": 30}
    return {
        "__name__": "timesheet.line",
        "id": number,
        "employee": {"id": 3, "__name__": "company.employee"},
        "work": {"id": 6, "origin": "project.work,6", "__name__": "timesheet.work"},
        "date": day(2026, 11, 3),
        "duration": {"__class__": "timedelta", "seconds": 11700.0},
        "description": "Workshop",
        "write_date": {
            "__class__": "datetime",
            **written,
            "second": second,
            "microsecond": 250000,
        },
    }


def test_a_company_is_the_legal_entity_of_its_partys_code() -> None:
    party = {
        "id": 7,
        "code": "DE",
        "name": "Firm GmbH",
        "tax_identifier": {"id": 1, "code": "DE123456789"},
        "addresses": [ADDRESS],
    }

    told = changes("companies", {**COMPANY, "party": party})

    assert told["legal_entity DE"].source_id == "2"
    assert told["legal_entity DE"].fields == {
        "name": "Firm GmbH",
        "currency": "EUR",
        "tax_id": "DE123456789",
        "country": "DE",
    }


def test_a_party_without_an_address_is_no_customer() -> None:
    party = {"id": 8, "code": "C-1", "name": "Werft", "tax_identifier": None}

    with_address = changes("parties", {**party, "addresses": [ADDRESS]})
    without = changes("parties", {**party, "addresses": []})

    assert set(with_address) == {"customer C-1", "target_record address C-1"}
    assert with_address["target_record address C-1"].source_id == "party.address,4"
    assert without == {}


def test_cost_prices_hold_from_their_date_until_the_next_one() -> None:
    prices = [
        {"id": 12, "date": day(2026, 7, 1), "cost_price": money("62.5")},
        {"id": 11, "date": day(2025, 1, 1), "cost_price": money("60")},
    ]
    party = {"id": 9, "code": "E-51", "name": "Ida"}

    told = changes(
        "employees",
        {"id": 3, "company": COMPANY, "party": party, "cost_prices": prices},
    )

    first = told["cost_rate E-51 from 2025-01-01"]
    second = told["cost_rate E-51 from 2026-07-01"]
    assert told["person E-51"].fields == {"entity": "2", "name": "Ida"}
    assert first.fields == {"person": "3", "rate": Decimal(60)}
    assert (first.effective_from, first.effective_until) == (
        date(2025, 1, 1),
        date(2026, 7, 1),
    )
    assert second.effective_until == date.max


def test_a_period_says_its_state_and_its_own_id_for_journals() -> None:
    period = {
        "__name__": "account.period",
        "id": 23,
        "company": COMPANY,
        "start_date": day(2026, 11, 1),
        "state": "locked",
    }

    told = changes("periods", period)

    assert told["posting_period DE:2026-11"].fields["status"] == "closed"
    record = told["target_record period DE 2026-11"]
    assert record.source_id == "account.period,23"
    assert record.entity == "DE"


def test_an_axis_is_called_by_its_name_where_it_has_no_code() -> None:
    root = {
        "__name__": "analytic_account.account",
        "id": 30,
        "company": COMPANY,
        "code": None,
        "name": "Cost centre",
        "type": "root",
        "root": None,
    }
    account = {**root, "id": 31, "code": "NORTH", "type": "normal", "root": root}

    told = changes("analytic_accounts", root, account)

    assert set(told) == {
        "target_record axis DE cost_centre",
        "target_record analytic DE cost_centre NORTH",
    }


def test_a_project_is_contract_line_project_and_price_and_its_tasks_bill_by_it() -> (
    None
):
    project = {
        "id": 6,
        "company": COMPANY,
        "number": None,
        "name": "Website",
        "type": "project",
        "path": "6/",
        "party": {"id": 8},
        "list_price": money("130"),
        "project_invoice_method": "timesheet",
    }
    task = {
        **project,
        "id": 7,
        "type": "task",
        "path": "6/7/",
        "name": "Design",
        "party": None,
        "list_price": None,
    }
    internal = {**project, "id": 9, "path": "9/", "party": None}

    told = changes("projects", project, task, internal)

    assert set(told) == {
        "contract DE-6",
        "contract_line DE-6",
        "project DE-6",
        "bill_rate DE-6",
        "project DE-7",
    }
    assert told["contract_line DE-6"].fields["method"] == "time_and_materials"
    assert told["project DE-7"].fields["contract_line"] == "project.work,6"
    assert told["bill_rate DE-6"].fields["rate"] == Decimal(130)


def test_a_timesheet_line_is_told_in_plain_figures() -> None:
    page = LINES.read(answered([told_line(5)]))

    (record,) = page.records
    assert json.loads(record) == {
        "__name__": "timesheet.line",
        "id": 5,
        "employee": {"id": 3, "__name__": "company.employee"},
        "work": {"id": 6, "origin": "project.work,6", "__name__": "timesheet.work"},
        "date": "2026-11-03",
        "duration": 11700.0,
        "description": "Workshop",
        "write_date": "2026-11-03T09:30:00.250000+00:00",
    }


def test_the_next_poll_reads_the_last_minutes_again() -> None:
    page = LINES.read(answered([told_line(5), told_line(4, second=40)]))

    assert not page.more
    assert page.next_cursor == "2026-11-03T09:25:40.250000+00:00 0"


def test_a_full_page_goes_on_behind_its_last_line() -> None:
    page = LINES.read(answered([told_line(n) for n in range(PAGE_RECORDS)]))

    assert page.more
    assert page.next_cursor == "2026-11-03T09:30:00.250000+00:00 499"
    at = {
        "__class__": "datetime",
        "year": 2026,
        "month": 11,
        "day": 3,
        "hour": 9,
        "minute": 30,
        "second": 0,
        "microsecond": 250000,
    }
    assert domain(LINES.page(page.next_cursor)) == [
        [
            "OR",
            [["write_date", ">", at]],
            [["write_date", "=", at], ["id", ">", 499]],
        ]
    ]


def test_a_poll_that_finds_nothing_stays_where_it_was() -> None:
    assert LINES.read(answered([])).next_cursor is None


def test_fields_are_asked_for_one_by_one() -> None:
    ask = CONNECTOR.masters["journals"].page("17")

    request = request_for("https://erp.test/db", ask, deadline=timedelta(seconds=1))
    assert request.url.startswith(
        "https://erp.test/db/rest/model/account.journal?f=code&f=name&d="
    )
    assert domain(ask) == [["code", "!=", None], ["id", ">", 17]]
