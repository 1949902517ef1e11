"""What the invented firm consists of, to the entry and to the second."""

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from hourline.connectors.sandbox.deliveries import (
    batch_deliveries,
    event_deliveries,
    file_entries,
    webhook_deliveries,
)
from hourline.connectors.sandbox.files import drop_files, write_drop_folder
from hourline.connectors.sandbox.firm import Firm, build_firm
from hourline.connectors.sandbox.wire import major, time_entry_object
from hourline.kernel.codes import Role

DIGEST_PROGRAM = """
import hashlib
from hourline.connectors.sandbox.deliveries import *
from hourline.connectors.sandbox.files import drop_files
from hourline.connectors.sandbox.firm import build_firm
firm = build_firm(7)
digest = hashlib.sha256(repr(firm).encode())
for delivery in (*webhook_deliveries(firm), *batch_deliveries(firm)):
    digest.update(delivery.body)
for name, content in drop_files(firm).items():
    digest.update(name.encode() + content)
digest.update(repr(event_deliveries(firm)).encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def firm() -> Firm:
    return build_firm()


def contract_lines(firm: Firm) -> dict[str, str]:
    return {line.line: line.method for c in firm.contracts for line in c.lines}


@pytest.mark.integration
def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST_PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    }

    assert len(digests) == 1


def test_another_seed_gives_another_firm() -> None:
    assert build_firm(1).people != build_firm(2).people


@pytest.mark.parametrize("seed", range(20))
def test_every_seed_gives_the_same_counts(seed: int) -> None:
    firm = build_firm(seed)

    assert len(firm.approved_entries()) == 5000
    assert firm.dirt["missing_rate"] == 12
    assert sum(project.status == "closed" for project in firm.projects) == 2
    assert Counter(e.project for e in firm.approved_entries())["p-999"] == 3
    by_method = {method: len(found) for method, found in firm.time.by_method.items()}
    assert by_method == {
        "webhook": 300,
        "poll": 1200,
        "batch": 2000,
        "file": 1200,
        "event": 300,
    }


def test_the_firm_is_as_large_as_promised(firm: Firm) -> None:
    methods = Counter(contract.lines[0].method for contract in firm.contracts)

    assert [len(found) for found in (firm.people, firm.projects, firm.customers)] == [
        60,
        40,
        22,
    ]
    assert [p.project for p in firm.late_projects] == ["p-41", "p-42"]
    assert methods == {"time_and_materials": 18, "fixed_price": 5, "non_billable": 2}
    assert [(e.entity, e.currency) for e in firm.entities] == [
        ("US1", "USD"),
        ("GB1", "GBP"),
        ("DE1", "EUR"),
    ]
    assert {p.role for p in firm.people} == {
        "consultant",
        "senior",
        "principal",
        "developer",
        "designer",
    }


def test_each_kind_of_dirt_is_there_as_often_as_counted(firm: Firm) -> None:
    entries = firm.approved_entries()
    assigned = {
        (a.person, a.project) for a in (*firm.assignments, *firm.late_assignments)
    }
    late = {project.project for project in firm.late_projects}
    closed = {p.project for p in firm.projects if p.status == "closed"}
    found = {
        "late_project": sum(e.project in late for e in entries),
        "unknown_project": sum(e.project == "p-999" for e in entries),
        "closed_project": sum(e.project in closed for e in entries),
        "not_assigned": sum(
            (e.person, e.project) not in assigned and e.project != "p-999"
            for e in entries
        ),
        "reduced_billable": sum(
            e.billable_seconds is not None and e.billable_seconds < e.seconds
            for e in entries
        ),
        "odd_id": sum(not e.id.startswith("TE-2610-") for e in entries),
        "corrected": len(firm.time.corrections),
        "recalled": len(firm.time.recalls),
        "repeated": sum(len(again) for again in firm.time.repeated.values()),
        "conflict": 1,
        "submitted": sum(e.status == "submitted" for e in firm.time.unapproved),
        "rejected": sum(e.status == "rejected" for e in firm.time.unapproved),
        "missing_rate": sum(is_without_price(firm, e.person) for e in entries),
    }

    assert firm.dirt == found
    assert list(found.values()) == [40, 3, 8, 5, 100, 20, 60, 8, 150, 1, 40, 15, 12]


def is_without_price(firm: Firm, psa_id: str) -> bool:
    person = next(p for p in firm.people if p.psa_id == psa_id)
    currency = next(e.currency for e in firm.entities if e.entity == person.entity)
    return not any(
        rate.currency == currency
        and rate.contract is None
        and rate.role in {None, person.role}
        and rate.employee_number in {None, person.employee_number}
        for rate in firm.bill_rates
    )


def test_hours_without_a_price_are_billed_by_time_only(firm: Firm) -> None:
    methods = contract_lines(firm)
    projects = {p.project: p.contract_line for p in firm.projects}

    lines = {
        projects[e.project]
        for e in firm.approved_entries()
        if is_without_price(firm, e.person)
    }

    assert {methods[line] for line in lines} == {"time_and_materials"}


def test_the_conflict_is_the_same_revision_with_other_content(firm: Firm) -> None:
    other = firm.time.conflicting

    (first,) = (e for e in firm.time.by_method["webhook"] if e.id == other.id)

    assert (first.revision, other.revision) == (1, 1)
    assert other.seconds == first.seconds + 900
    assert file_entries(firm)[-1] is other


def test_corrections_and_recalls_are_later_revisions_of_what_was_approved(
    firm: Firm,
) -> None:
    first = {e.id: e for e in firm.approved_entries()}

    for changed in (*firm.time.corrections, *firm.time.recalls):
        assert changed.revision == 2
        assert changed.updated_at > first[changed.id].updated_at
    assert {e.status for e in firm.time.recalls} == {"recalled"}


def test_all_ids_differ_and_what_is_repeated_comes_by_another_method(
    firm: Firm,
) -> None:
    ids = [e.id for e in (*firm.approved_entries(), *firm.time.unapproved)]

    assert len(set(ids)) == 5055
    for method, again in firm.time.repeated.items():
        assert not {e.id for e in again} & {e.id for e in firm.time.by_method[method]}


def test_control_totals_of_the_default_firm(firm: Firm) -> None:
    seconds = {
        method: sum(entry.seconds for entry in found)
        for method, found in firm.time.by_method.items()
    }

    assert seconds == {
        "webhook": 1976254,
        "poll": 7786443,
        "batch": 13004907,
        "file": 7574736,
        "event": 1939467,
    }
    assert sum(e.seconds % 60 != 0 for e in firm.approved_entries()) == 155


def test_nobody_works_on_leave_or_a_holiday_or_before_joining(firm: Firm) -> None:
    people = {person.psa_id: person for person in firm.people}
    calendars = {calendar.calendar: calendar for calendar in firm.calendars}

    for entry in firm.approved_entries():
        person = people[entry.person]
        calendar = calendars[person.calendar]
        assert entry.worked_on >= person.employed_from
        assert entry.worked_on not in calendar.holidays
        assert calendar.weekday_minutes[entry.worked_on.weekday()] > 0
        assert not any(
            leave.effective_from <= entry.worked_on < leave.effective_until
            for leave in person.leave
        )


def test_every_customer_of_an_entity_meets_a_tax_row(firm: Firm) -> None:
    countries = {e.entity: e.country for e in firm.entities}
    customers = {c.customer: c for c in firm.customers}
    decided = set()

    for contract in firm.contracts:
        customer = customers[contract.customer]
        row = next(
            rule
            for rule in firm.tax_rules
            if rule.entity_country == countries[contract.entity]
            and rule.customer_country in {None, customer.country}
            and rule.customer_has_tax_id in {None, customer.tax_id is not None}
        )
        decided.add((countries[contract.entity], row.code, row.rate_percent))

    assert decided == {
        ("US", "O", 0),
        ("GB", "S", 20),
        ("GB", "G", 0),
        ("DE", "S", 19),
        ("DE", "AE", 0),
        ("DE", "G", 0),
    }


def test_every_account_role_has_an_account_in_every_entity(firm: Firm) -> None:
    roles = Counter((account.entity, account.role) for account in firm.accounts)
    numbers = Counter((account.entity, account.number) for account in firm.accounts)

    assert set(roles) == {(e, role) for e in ("US1", "GB1", "DE1") for role in Role}
    assert set(roles.values()) == set(numbers.values()) == {1}


def test_files_hold_the_same_objects_as_every_other_method(
    firm: Firm, tmp_path: Path
) -> None:
    paths = write_drop_folder(firm, tmp_path)
    as_csv, as_xlsx, as_lines = (path.read_bytes() for path in paths)
    expected = [time_entry_object(entry) for entry in file_entries(firm)]

    rows = list(csv.reader(io.StringIO(as_csv.decode(), newline="")))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx)).get_sheet_by_index(0)
    cells = sheet.to_python()
    lines = [json.loads(line) for line in as_lines.splitlines()]

    third = len(expected) // 3
    assert [path.suffix for path in paths] == [".csv", ".xlsx", ".jsonl"]
    assert rows[0] == cells[0] == list(expected[0])
    assert rows[1:] == [
        ["" if v is None else str(v) for v in row.values()] for row in expected[:third]
    ]
    assert cells[1:] == [
        ["" if v is None else v for v in row.values()]
        for row in expected[third : 2 * third]
    ]
    assert lines == expected[2 * third :]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "time-2026-10-a.csv",
        "time-2026-10-b.xlsx",
        "time-2026-10-c.jsonl",
    ]


def test_files_do_not_tell_when_they_were_written(firm: Firm) -> None:
    assert drop_files(firm) == drop_files(firm)


def test_webhooks_batches_and_events_carry_their_entries(firm: Firm) -> None:
    again = {method: len(found) for method, found in firm.time.repeated.items()}
    webhooks = webhook_deliveries(firm)
    batches = [json.loads(delivery.body) for delivery in batch_deliveries(firm)]
    events = event_deliveries(firm)

    assert len(webhooks) == 300 + again["webhook"] + 20
    assert webhooks[-20:] == webhooks[:20]
    assert sum(len(batch["entries"]) for batch in batches) == 2000 + again["batch"]
    assert max(len(batch["entries"]) for batch in batches) == 250
    assert len(events) == 300 + again["event"]
    assert {event["specversion"] for event in events} == {"1.0"}
    assert {e["type"] for e in events} == {"com.hourline.time_entry.approved.v1"}
    assert len({event["id"] for event in events}) == len(events)


@pytest.mark.parametrize(
    ("minor", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123456, "1234.56"), (-100, "-1.00")],
)
def test_minor_units_are_written_as_major_ones(minor: int, text: str) -> None:
    assert major(minor) == text
