"""Read the master data of a whole firm from the systems that own it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hourline import flow
from hourline.connectors.sandbox.admin import (
    clear_faults,
    fault_counts,
    release,
    set_fault,
    set_period,
    start_sandbox,
    stop_sandbox,
)
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.patience import Patience
from hourline.exceptions.store import list_items
from hourline.infra.database import Database
from hourline.infra.secrets import remove_secret
from hourline.intake.poll import read_cursor
from hourline.master.model import Contract, Person, PostingPeriod, Project
from hourline.master.store import find_reference, load_state, sync_position
from hourline.proof.differences import differences
from tests.master.systems import HASTY, Firm

pytestmark = pytest.mark.integration

WHOLE_FIRM = [
    ("atlas", "entities", 2),
    ("borealis", "entities", 1),
    ("hcm", "organisation", 6),
    ("hcm", "calendars", 6),
    ("crm", "customers", 22),
    ("hcm", "suppliers", 2),
    ("hcm", "employees", 60),
    ("psa", "resources", 60),
    ("expenses", "accounts", 60),
    ("hcm", "leave", 20),
    ("hcm", "cost_rates", 66),
    ("crm", "contracts", 61),
    ("psa", "projects", 40),
    ("expenses", "projects", 40),
    ("psa", "assignments", 246),
    ("atlas", "periods", 6),
    ("borealis", "periods", 3),
]


@pytest.fixture
def own_firm(database: Database, tenant: int, tmp_path: Path) -> Iterator[Firm]:
    """Give a firm whose systems no other test sees, to change what they hold."""
    sandbox = start_sandbox(tmp_path / "state", tmp_path / "ports.json")
    yield Firm(database, tenant, sandbox).connect()
    assert stop_sandbox(sandbox) == 0


def open_codes(firm: Firm) -> list[tuple[str, str]]:
    with firm.database.tenant(firm.tenant) as session:
        items = list_items(session)
    return sorted((item.code, item.subject_key) for item in items)


def test_a_whole_firm_is_read_in_the_order_its_records_depend_on(firm: Firm) -> None:
    synced = firm.sync()

    assert [
        (one.connection, one.stream, one.changed) for one in synced.streams
    ] == WHOLE_FIRM
    assert (synced.unchanged, synced.refused, synced.problems) == (0, 0, ())
    assert open_codes(firm) == []


def test_reading_it_again_changes_nothing(firm: Firm) -> None:
    first = firm.sync()

    again = firm.sync()

    assert (first.changed, again.changed, again.unchanged) == (701, 0, 701)


def test_each_record_holds_what_its_own_system_says(firm: Firm) -> None:
    firm.sync()

    person = firm.records("person")["E-1001"]
    project = next(iter(firm.records("project").values()))
    contract = next(iter(firm.records("contract").values()))

    assert isinstance(person, Person)
    assert (person.entity, person.cost_centre) == ("US1", "CC-US1-10")
    assert isinstance(project, Project)
    assert project.contract_line in firm.records("contract_line")
    assert isinstance(contract, Contract)
    assert contract.customer in firm.records("customer")


def test_the_ids_of_the_psa_lead_to_the_people_of_the_hcm(firm: Firm) -> None:
    firm.sync()

    with firm.database.tenant(firm.tenant) as session:
        ids = {
            found.source_id: found.master_no
            for found in load_state(session).references
            if found.connection_no == firm.numbers["psa"] and found.kind == "person"
        }
        resource, master_no = next(iter(ids.items()))
        by_psa = find_reference(session, firm.numbers["psa"], "person", resource)

    assert len(ids) == len(set(ids.values())) == 60
    assert resource not in firm.records("person")
    assert by_psa == master_no
    assert len(firm.records("person")) == 60


def test_a_system_that_does_not_own_a_record_cannot_change_it(firm: Firm) -> None:
    firm.sync()
    renamed = MasterChange("person", "E-1001", fields={"name": "Somebody Else"})

    applied = flow.change_master(
        firm.database, firm.tenant, [renamed], connection_no=firm.numbers["psa"]
    )

    assert applied.changed == 0
    assert [item.problem.code for item in applied.refusals] == ["not_the_owner"]
    assert open_codes(firm) == [
        ("not_the_owner", f"{firm.numbers['psa']}/person/E-1001")
    ]


def test_a_throttled_stream_is_read_when_its_vendor_allows_it(firm: Firm) -> None:
    hcm = firm.sandbox.servers["hcm"]
    before = fault_counts(hcm).get("list_employees", {}).get("rate_limit_429", 0)
    set_fault(hcm, "list_employees", "rate_limit_429", times=2)

    synced = firm.sync(Patience(tries_max=3, pause_seconds_max=1))

    bitten = fault_counts(hcm)["list_employees"]["rate_limit_429"] - before
    assert bitten == 2
    assert (synced.changed, synced.problems) == (701, ())


def test_a_stream_that_stays_down_waits_in_its_queue_until_it_is_read(
    firm: Firm,
) -> None:
    psa = firm.sandbox.servers["psa"]
    set_fault(psa, "list_projects", "error_500_before", times=3)

    broken = firm.sync(Patience(tries_max=3, pause_seconds_max=0))
    waiting = open_codes(firm)
    clear_faults(psa)
    mended = firm.sync()

    psa_no = firm.numbers["psa"]
    assert [problem.sentence for problem in broken.problems] == [
        "projects of psa could not be read: status 500."
    ]
    # Assignments to projects that nobody knows yet, and the expense tool's codes.
    assert broken.refused == 246 + 40
    assert ("source_unreachable", f"{psa_no}/projects") in waiting
    assert {code for code, _ in waiting} == {
        "source_unreachable",
        "master_reference_missing",
    }
    assert (mended.changed, mended.refused, mended.problems) == (40 + 40 + 246, 0, ())
    assert open_codes(firm) == []


def test_the_periods_of_an_entity_come_from_the_system_that_keeps_its_books(
    own_firm: Firm,
) -> None:
    servers = own_firm.sandbox.servers
    own_firm.sync()
    set_period(servers["borealis"], entity="DE1", period="2026-10", status="closed")
    set_period(servers["atlas"], entity="DE1", period="2026-11", status="closed")

    synced = own_firm.sync()

    status = {
        name: period.status
        for name, period in own_firm.records("posting_period").items()
        if isinstance(period, PostingPeriod)
    }
    assert (synced.changed, synced.refused) == (1, 0)
    assert (status["DE1:2026-10"], status["DE1:2026-11"]) == ("closed", "open")


def test_a_connection_without_its_secret_does_not_stop_the_others(firm: Firm) -> None:
    with firm.database.tenant(firm.tenant) as session:
        remove_secret(
            session,
            connection_no=firm.numbers["crm"],
            field="client_secret",
            actor="test",
        )

    synced = firm.sync()

    (problem,) = synced.problems
    assert problem.sentence == (
        "The connection is not set up: Connection crm has no client secret; set it"
        " with: hourline secret set crm client_secret"
    )
    assert len(firm.records("person")) == 60
    assert ("source_unreachable", f"{firm.numbers['crm']}/*") in open_codes(firm)


def test_time_is_polled_from_where_the_last_poll_stopped(firm: Firm) -> None:
    psa = firm.sandbox.servers["psa"]
    firm.sync()
    set_fault(psa, "list_time_entries", "rate_limit_429", times=1)

    first = poll(firm)
    again = poll(firm)

    with firm.database.tenant(firm.tenant) as session:
        cursor = read_cursor(session, firm.numbers["psa"], "time_entries")
        assert differences(session) == []
    assert (first, again, cursor) == (1278, 0, "1278")


def test_a_poll_that_breaks_off_goes_on_from_the_last_page_it_took_in(
    firm: Firm,
) -> None:
    psa = firm.sandbox.servers["psa"]
    firm.sync()
    set_fault(psa, "list_time_entries", "error_500_before", every_nth=2)

    broken = poll(firm, patience=Patience(tries_max=1, pause_seconds_max=0))
    waiting = open_codes(firm)
    clear_faults(psa)
    rest = poll(firm)

    key = f"{firm.numbers['psa']}/time_entries"
    assert (broken, rest) == (500, 778)
    assert ("source_unreachable", key) in waiting
    assert ("source_unreachable", key) not in open_codes(firm)


def poll(firm: Firm, patience: Patience = HASTY) -> int:
    return flow.poll_entries(
        firm.database,
        firm.tenant,
        firm.connections(),
        connection_no=firm.numbers["psa"],
        patience=patience,
    )


def test_projects_that_appear_late_are_there_after_the_next_sync(
    own_firm: Firm,
) -> None:
    before = own_firm.sync()
    release(own_firm.sandbox.servers["psa"], "late_projects")

    after = own_firm.sync()

    late = {one.stream: one.changed for one in after.streams if one.changed}
    assert before.problems == after.problems == ()
    assert late == {"projects": 2, "assignments": 25}
    assert len(own_firm.records("project")) == 42
    with own_firm.database.tenant(own_firm.tenant) as session:
        assert sync_position(session, own_firm.numbers["psa"], "projects") is None
