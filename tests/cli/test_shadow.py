"""Those who decide on the cut-over see by commands alone how far both sides are."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hourline.cli.desk import CannotOpen
from hourline.connectors.sandbox.admin import (
    VendorPlace,
    clear_faults,
    set_fault,
    set_period,
    start_sandbox,
    stop_sandbox,
)
from tests.cli.firm import Firm
from tests.flow.house import chart, routed
from tests.flow.old_integration import OldIntegration

pytestmark = pytest.mark.integration
WHY = ("--reason", "=rounded by hand", "--actor", "kim")


@pytest.fixture
def atlas(tmp_path: Path) -> Iterator[VendorPlace]:
    """Give an ERP of its own, with the month open."""
    sandbox = start_sandbox(tmp_path / "erp", tmp_path / "ports.json")
    place = sandbox.servers["atlas"]
    set_period(place, entity="US1", period="2025-03", status="open")
    yield place
    assert stop_sandbox(sandbox) == 0


@pytest.fixture
def beside(firm: Firm, atlas: VendorPlace) -> Firm:
    """Give a firm that would book three invoices, beside another that booked two."""
    credentials = atlas.credentials
    firm.run(
        *("connection", "set", "books", "--connector", "sandbox_atlas"),
        *("--address", atlas.url, "--client-id", credentials.client_id),
        *("--network", "127.0.0.0/8", "--plain-http"),
    )
    firm.run("secret", "set", "books", "client_secret", told=credentials.client_secret)
    (route,) = routed("invoice")
    compare = replace(route, fields={**route.fields, "mode": "compare"})
    firm.house.change(*chart(), compare)
    for entry, seconds in (("t1", 3_600), ("t2", 7_200), ("t3", 36_000)):
        firm.house.approve(id=entry, seconds=seconds)
        firm.house.bill()
    old = OldIntegration(atlas)
    old.sale("same", "200.00")
    old.sale("wrong", "390.00")
    return firm


def test_a_report_names_what_differs_and_what_it_sums_to(beside: Firm) -> None:
    told = beside.run("shadow", "report")

    assert told.exit_code == 1, told.output
    assert "  invoices: As read at" in told.stdout
    assert "US1-000002 400.00 USD" in told.stdout
    assert "total: ours 400.00, theirs 390.00" in told.stdout
    assert "would be new there" in told.stdout
    assert "2,600.00 USD" in told.stdout
    assert "-2,010.00 USD" in told.stdout
    assert "Ledger accounts that differ, debit less credit" in told.stdout
    assert (
        "1 of 3 bookings agree (33.3 %); differences without an explanation: 2, the"
        " oldest of 2025-03-31." in told.stdout
    )
    assert "Not ready to cut over: " in told.stdout


def test_a_report_is_the_same_in_json_and_in_a_spreadsheet(
    beside: Firm, tmp_path: Path
) -> None:
    file = tmp_path / "shadow.csv"

    (report,) = beside.ask("shadow", "report", "--csv", str(file), status=1)

    rows = list(csv.DictReader(file.read_text().splitlines()))
    results = {one["ours"][0]["number"]: one["result"] for one in report["bookings"]}
    assert results == {
        "US1-000001": "agrees",
        "US1-000002": "differs",
        "US1-000003": "only_ours",
    }
    assert {row["ours"]: row["result"] for row in rows} == results
    assert rows[1]["what_differs"].startswith("total: ours 400.00, theirs 390.00; ")
    assert (rows[0]["ours_total"], rows[0]["theirs_total"]) == ("200.00", "200.00")
    (kind,) = report["kinds"]
    assert (kind["kind"], kind["ours_count"], kind["theirs_count"]) == (
        "invoice",
        3,
        2,
    )
    assert kind["difference"] == "-2010.00"
    assert report["complete"] is True


def test_explaining_every_difference_settles_the_report(
    beside: Firm, tmp_path: Path
) -> None:
    (report,) = beside.ask("shadow", "report", status=1)
    names = [one["difference"] for one in report["bookings"] if one["difference"]]

    spoken = [beside.run("shadow", "explain", name, *WHY) for name in names[:1]]
    said = [beside.ask("shadow", "explain", name, *WHY) for name in names[1:]]
    file = tmp_path / "explained.csv"
    settled = beside.run("shadow", "report", "--csv", str(file))
    chain = beside.ask("audit", "list")

    assert len(names) == 2
    assert spoken[0].stdout == (
        f"Difference {names[0]} is explained; the audit chain says why.\n"
    )
    assert said[0]["difference"] == names[1]
    assert settled.exit_code == 0, settled.output
    assert "=rounded by hand (kim)" in settled.stdout
    assert {row["reason"] for row in csv.DictReader(file.read_text().splitlines())} == {
        "",
        "'=rounded by hand",
    }
    assert [one["action"] for one in chain[-2:]] == ["shadow.explained"] * 2


def test_status_says_since_when_and_how_far_without_asking_the_system(
    beside: Firm, atlas: VendorPlace
) -> None:
    never = beside.run("shadow", "status")
    beside.run("shadow", "report")
    set_fault(atlas, "list_booked", "error_500_before", every_nth=1)

    told = beside.run("shadow", "status", "--ready-days", "3650")
    (asked,) = beside.ask("shadow", "status", status=1)
    clear_faults(atlas)

    assert never.exit_code == told.exit_code == 1
    assert "They were never read; run: hourline shadow report" in never.stdout
    assert "Not ready to cut over: not all books could be read" in never.stdout
    assert "books: compared since 20" in told.stdout
    assert "1 of 3 bookings agree (33.3 %)" in told.stdout
    assert asked["standing"]["unexplained"] == 2
    assert asked["standing"]["oldest_unexplained"] == "2025-03-31"


def test_it_is_ready_when_what_is_recent_is_explained(beside: Firm) -> None:
    (report,) = beside.ask("shadow", "report", status=1)
    for one in report["bookings"]:
        if one["difference"]:
            beside.run("shadow", "explain", one["difference"], *WHY)

    long = beside.run("shadow", "status", "--ready-days", "3650")
    short = beside.run("shadow", "status", "--ready-days", "1")

    assert long.exit_code == 0, long.output
    assert "Ready to cut over: 3 bookings of the last 3650 days" in long.stdout
    assert short.exit_code == 1
    assert "nothing is dated in the last 1 days" in short.stdout


def test_days_narrow_a_report_and_must_follow_each_other(beside: Firm) -> None:
    (empty,) = beside.ask(
        "shadow", "report", "--from", "2025-01-01", "--until", "2025-02-01"
    )
    wrong = beside.run(
        "shadow", "report", "--from", "2025-02-01", "--until", "2025-02-01"
    )

    assert empty["bookings"] == []
    assert wrong.exit_code == 2
    assert "--until is the first day left out" in wrong.output


def test_books_that_cannot_be_read_are_said_to_be_as_of_then(
    firm: Firm, beside: Firm
) -> None:
    beside.run("shadow", "report")
    firm.run("secret", "remove", "books", "client_secret")

    told = beside.run("shadow", "report")

    assert told.exit_code == 1
    assert "The booked invoices of books could not be read" in told.stdout
    assert "As read at" in told.stdout


def test_nothing_to_compare_is_refused(firm: Firm) -> None:
    nothing = firm.run("shadow", "status")
    unknown = firm.run("shadow", "report", "--connection", "books")

    assert isinstance(nothing.exception, CannotOpen)
    assert str(nothing.exception) == (
        "No target route compares; set its mode to compare to begin with it."
    )
    assert str(unknown.exception) == "No route compares documents with 'books'."


def test_an_unknown_difference_or_an_empty_reason_explains_nothing(
    beside: Firm,
) -> None:
    (report,) = beside.ask("shadow", "report", status=1)
    name = next(one["difference"] for one in report["bookings"] if one["difference"])

    unknown = beside.run("shadow", "explain", "nonesuch", *WHY)
    empty = beside.run("shadow", "explain", name, "--reason", " ", "--actor", "kim")

    assert str(unknown.exception) == (
        "No comparison shows an unexplained difference nonesuch."
    )
    assert str(empty.exception) == "An explanation needs a reason."
