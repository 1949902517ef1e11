"""Prove what a record of an expense says, and that no method changes it."""

import json
from datetime import UTC, date, datetime

import pytest

from hourline.infra.database import Database
from hourline.intake.file import SourceFile, check_file, file_deliveries
from hourline.intake.model import ExpenseRecord, SourceReading, Statement, Unreadable
from hourline.intake.reading import read_statements
from hourline.intake.rules.content import content_hash
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import (
    RECEIVED_AT,
    WIRE,
    connect,
    deliver,
    delivery,
    record,
    rows,
)

EUR, JPY = 978, 392
RECEIPTS = SourceReading(
    states_revisions=False,
    status="approved",
    kind="expense",
    decimal_mark=",",
    fields={"cost": "amount", "markup_percent": "surcharge"},
)


def expense(**changes: object) -> bytes:
    """Return an expense in the wire shape; a field set to None is left out."""
    fields: dict[str, object] = {
        "id": "ex-1",
        "kind": "expense",
        "revision": 1,
        "status": "approved",
        "person": "r-7",
        "project": "p-42",
        "date": "2026-10-06",
        "cost": 180.5,
        "currency": "EUR",
        "markup_percent": 10,
        "approved_at": "2026-10-07T09:00:00Z",
    }
    fields.update(changes)
    stated = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(stated).encode()


def read(
    body: bytes, reading: SourceReading = WIRE, *, cells: bool = False
) -> Statement:
    return read_statements(delivery(body, cells=cells), reading)[0]


def taken(body: bytes, reading: SourceReading = WIRE) -> ExpenseRecord:
    statement = read(body, reading)
    assert isinstance(statement, ExpenseRecord), statement
    return statement


def found(body: bytes) -> list[tuple[ProblemCode, str]]:
    statement = read(body)
    assert isinstance(statement, Unreadable)
    return [(one.code, one.detail.get("field", "")) for one in statement.problems]


def file(content: str) -> SourceFile:
    return SourceFile(1, "expenses.csv", content.encode(), RECEIVED_AT)


def test_an_expense_is_read_field_by_field() -> None:
    assert taken(expense(activity="travel", note="train")) == ExpenseRecord(
        id="ex-1",
        status="approved",
        person="r-7",
        project="p-42",
        date=date(2026, 10, 6),
        seconds=0,
        kind="expense",
        revision=1,
        activity="travel",
        note="train",
        approved_at=datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
        cost=18_050,
        currency=EUR,
        markup_ppm=100_000,
    )


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        ({"cost": "180.50", "markup_percent": "-12.5"}, (18_050, EUR, -125_000)),
        ({"cost": 1_000, "currency": "JPY"}, (1_000, JPY, 100_000)),
        ({"cost": 0, "markup_percent": None}, (0, EUR, 0)),
        ({"cost": 1_000_000_000, "markup_percent": 1_000}, (10**11, EUR, 10_000_000)),
        ({"markup_percent": -100}, (18_050, EUR, -1_000_000)),
        ({"markup_percent": 0.0001}, (18_050, EUR, 1)),
        ({"seconds": 3_600, "hour_type": "night"}, (18_050, EUR, 100_000)),
    ],
)
def test_figures_are_exact_and_hours_of_an_expense_are_passed_over(
    changes: dict[str, object], figures: tuple[int, int, int]
) -> None:
    read_as = taken(expense(**changes))

    assert (read_as.cost, read_as.currency, read_as.markup_ppm) == figures
    assert (read_as.seconds, read_as.hour_type) == (0, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cost": -1}, "cost"),
        ({"cost": 180.505}, "cost"),
        ({"cost": "1e3"}, "cost"),
        ({"cost": "12,50"}, "cost"),
        ({"cost": True}, "cost"),
        ({"cost": 1_000_000_000.01}, "cost"),
        ({"currency": "eur"}, "currency"),
        ({"currency": "XXY"}, "currency"),
        ({"markup_percent": -100.1}, "markup_percent"),
        ({"markup_percent": 1_000.1}, "markup_percent"),
        ({"markup_percent": 0.00001}, "markup_percent"),
        ({"markup_percent": "ten"}, "markup_percent"),
        ({"kind": "mileage"}, "kind"),
        ({"kind": 2}, "kind"),
    ],
)
def test_a_figure_that_cannot_be_is_told_with_its_field(
    changes: dict[str, object], field: str
) -> None:
    assert found(expense(**changes)) == [(ProblemCode.FIELD_INVALID, field)]


def test_a_number_too_large_to_write_out_is_refused() -> None:
    body = expense().replace(b"180.5", b"1e999999999")

    assert found(body) == [(ProblemCode.FIELD_INVALID, "cost")]


def test_everything_that_is_missing_is_told_together() -> None:
    assert found(expense(person=None, cost=None, currency=None)) == [
        (ProblemCode.FIELD_MISSING, "person"),
        (ProblemCode.FIELD_MISSING, "currency"),
        (ProblemCode.FIELD_MISSING, "cost"),
    ]


def test_time_may_say_that_it_is_time() -> None:
    assert read(record(kind="time")) == read(record())
    assert content_hash(taken(expense())) != content_hash(taken(expense(cost=1)))


def test_a_connection_may_say_the_kind_of_all_its_records() -> None:
    row = json.dumps(
        {
            "id": "7",
            "person": "r-7",
            "project": "p-42",
            "date": "2026-10-06",
            "amount": "1234,50",
            "currency": "EUR",
            "surcharge": "7,5",
        }
    )
    statement = read(row.encode(), RECEIPTS, cells=True)

    assert isinstance(statement, ExpenseRecord)
    assert (statement.cost, statement.markup_ppm) == (123_450, 75_000)
    wrong = read(row.replace("1234,50", "1.234").encode(), RECEIPTS, cells=True)
    assert isinstance(wrong, Unreadable)


def test_a_connection_may_translate_its_kinds_and_name_entries_by_a_recipe() -> None:
    reading = SourceReading(
        states_revisions=False,
        kinds={"receipt": "expense", "hours": "time"},
        identity=("person", "date", "cost", "currency"),
    )
    first = taken(expense(kind="receipt", id=None), reading)
    again = taken(expense(kind="receipt", id=None, cost="180.50"), reading)

    assert first.id == again.id == "r-7|2026-10-06|180.5|EUR|1"


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("id,kind,revision,status,person,project,date,cost,currency", None),
        ("id,kind,revision,status,person,project,date,seconds", None),
        ("id,kind,revision,status,person,project,date", "cost, currency."),
        ("id,revision,status,person,project,date,cost,currency", "seconds."),
    ],
)
def test_a_file_needs_the_columns_of_what_it_holds(
    header: str, sentence: str | None
) -> None:
    problems = check_file(file(header + "\n"), WIRE)

    told = [one.sentence.split(" The file has")[0] for one in problems]
    assert told == ([] if sentence is None else [f"Columns are missing: {sentence}"])


def test_a_file_of_a_connection_for_expenses_needs_their_columns() -> None:
    (problem,) = check_file(file("id,person,project,date\n"), RECEIPTS)

    assert problem.sentence.startswith("Columns are missing: amount, currency.")


@pytest.mark.integration
def test_an_expense_is_stored_beside_its_version_and_handed_on(
    database: Database, tenant: int
) -> None:
    connect(database, tenant)

    received = deliver(database, tenant, delivery(record(), expense(), expense(id="x")))

    assert received.new.expenses.row.tolist() == [1, 2]
    assert received.new.expenses.cost.tolist() == [18_050, 18_050]
    assert received.new.worked_seconds.tolist() == [27_000, 0, 0]
    assert rows(
        database,
        tenant,
        "SELECT e.source_id, x.cost, x.currency, x.markup_ppm"
        " FROM hourline.expense_version x JOIN hourline.time_entry e USING (entry_no)"
        " ORDER BY 1",
    ) == [("ex-1", 18_050, EUR, 100_000), ("x", 18_050, EUR, 100_000)]


@pytest.mark.integration
def test_a_file_of_time_and_expenses_is_one_with_what_came_by_batch(
    database: Database, tenant: int
) -> None:
    connect(database, tenant)
    deliver(database, tenant, delivery(expense()))
    content = (
        "id,kind,revision,status,person,project,date,seconds,cost,currency,"
        "markup_percent\n"
        "ex-1,expense,1,approved,r-7,p-42,2026-10-06,,180.50,EUR,10.0\n"
        "te-1,time,1,approved,r-7,p-42,2026-10-06,3600,,,\n"
        "te-2,,1,approved,r-7,p-42,2026-10-06,3600,,,\n"
        "ex-2,expense,1,approved,r-7,p-42,2026-10-06,,=1+1,EUR,\n"
    )
    (arrived,) = file_deliveries(file(content), WIRE)

    received = deliver(database, tenant, arrived)

    assert received.outcomes == [
        Outcome.DUPLICATE,
        Outcome.ACCEPTED,
        Outcome.ACCEPTED,
        Outcome.REFUSED,
    ]
    assert len(received.new.expenses) == 0
