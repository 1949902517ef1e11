"""Say by a command how exports read, and try what a file of them would do."""

import json
from pathlib import Path

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow import change_master
from hourline.infra.secrets import find_connection
from tests.cli.firm import Firm
from tests.intake.exports import HARVEST_OLDER, harvest, table

pytestmark = pytest.mark.integration
TOTAL = "Total,,,,,,9.5,,,,,,,"


@pytest.fixture
def exports(firm: Firm) -> Firm:
    """Give a firm with a connection for the exports of Harvest."""
    firm.ask("connection", "set", "harvest", "--connector", "file")
    database, tenant = firm.house.database, firm.house.tenant
    with database.tenant(tenant) as session:
        number = find_connection(session, "harvest")
    called = [
        MasterChange("person", "Ann Lee", "ann"),
        MasterChange("project", "Website", "P1"),
    ]
    change_master(database, tenant, called, connection_no=number)
    return firm


@pytest.fixture
def reading(exports: Firm) -> Firm:
    """Give a firm that has said how its exports read."""
    said = exports.run(*says("--layout", "harvest", *NEEDED, *RECALLS))
    assert said.exit_code == 0, said.exception
    return exports


NEEDED = ("--person-key", "name", "--approval", "column")
RECALLS = ("--covers", "everything", "--gone", "recall")


def says(*options: str) -> tuple[str, ...]:
    return ("connection", "reading", "harvest", *options)


def brought(folder: Path, *rows: str) -> tuple[str, ...]:
    file = folder / "march.csv"
    file.write_bytes(table(HARVEST_OLDER, *rows))
    return ("import", str(file), "--connection", "harvest")


def test_how_exports_read_is_said_shown_and_in_the_audit_chain(exports: Firm) -> None:
    before = exports.ask(*says())
    told = exports.run(
        *says("--layout", "harvest", *NEEDED, "--date-order", "day_first"),
        *("--decimal-mark", ",", "--yes", "Stimmt", "--no", "Falsch"),
    )
    exports.ask(*says("--yes", "Jawohl"))
    after = exports.ask(*says())

    assert before == {"connection": "harvest", "reading": {"states_revisions": True}}
    assert told.exit_code == 0, told.exception
    assert told.stdout.splitlines()[0] == (
        "The records of connection harvest are read like this:"
    )
    assert "  layout: harvest" in told.stdout.splitlines()
    assert after["reading"] == {
        "states_revisions": False,
        "layout": "harvest",
        "person_key": "name",
        "approval": "column",
        "date_order": "day_first",
        "decimal_mark": ",",
        "words": {"Stimmt": True, "Falsch": False, "Jawohl": True},
    }
    assert exports.ask("audit", "verify")["records"] == 3


def test_a_reading_from_a_file_replaces_the_whole(
    exports: Firm, tmp_path: Path
) -> None:
    file = tmp_path / "reading.json"
    file.write_text(json.dumps({"status": "approved", "states_revisions": False}))

    shown = exports.ask(*says("--from", str(file)))

    assert shown["reading"] == {"status": "approved", "states_revisions": False}


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (
            ("--layout", "harvest"),
            "a layout needs --person-key and --approval, which nobody can guess.",
        ),
        (
            ("--layout", "abacus", *NEEDED),
            "no layout abacus; there are: clockify, harvest, toggl.",
        ),
        (
            ("--layout", "toggl", *NEEDED),
            "exports of Toggl Track, detailed report have no column for approval.",
        ),
        (
            ("--layout", "harvest", *NEEDED, "--time-zone", "Mars"),
            "there is no time zone Mars.",
        ),
        (("--gone", "recall"), "Object contains unknown field `gone`."),
    ],
)
def test_a_reading_that_cannot_be_is_refused_with_the_reason(
    exports: Firm, options: tuple[str, ...], fault: str
) -> None:
    told = str(exports.run(*says(*options)).exception)

    assert told == f"The reading of harvest was not set: {fault}"
    assert exports.ask(*says())["reading"] == {"states_revisions": True}


def test_what_is_no_reading_is_refused(exports: Firm, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("[1]")

    unread = exports.run(*says("--from", str(broken)))
    both = exports.run(*says("--from", str(broken), "--layout", "harvest"))
    nowhere = exports.run("connection", "reading", "nowhere")

    assert "is no JSON object" in str(unread.exception)
    assert str(both.exception) == (
        "Give the reading by --from or by options, not by both."
    )
    assert str(nowhere.exception) == (
        "The tenant has no connection 'nowhere'. Set it up first: hourline connection"
        " set nowhere --connector file"
    )


def test_what_names_rows_stays_once_entries_are_known_by_it(
    reading: Firm, tmp_path: Path
) -> None:
    reading.ask(*brought(tmp_path, harvest()))

    refused = reading.run(*says("--project-key", "code"))
    changed = reading.run(*says("--gone", "report"))

    assert str(refused.exception) == (
        "The reading of harvest was not set: entries are known by its project_key, and"
        " with another every row would come in a second time. Set up another"
        " connection for such exports."
    )
    assert changed.exit_code == 0, changed.exception


def test_a_dry_run_shows_changed_hours_rows_gone_and_totals(
    reading: Firm, tmp_path: Path
) -> None:
    reading.ask(*brought(tmp_path, harvest(hours="8"), harvest(task="Build")))
    arguments = brought(tmp_path, harvest(hours="7.5"), harvest(task="Care"), TOTAL)

    told = reading.run(*arguments, "--dry-run")
    asked = reading.ask(*arguments, "--dry-run")
    items = reading.house.items()
    done = reading.ask(*arguments)

    lines = told.stdout.splitlines()
    named = "harvest|ann lee|2025-03-05|website"
    assert told.exit_code == 0, told.exception
    assert f"  gone, would be recalled: {named}|build||1: 1:30" in lines
    assert f"  would change: {named}|design||1: 8:00 -> 7:30" in lines
    assert "2 entries would go on to billing." in lines
    assert lines[-1].startswith(
        "  line 4: The row of totals states 34200 seconds, the rows above it add up to"
        " 32400."
    )
    assert asked["outcomes"] == {"accepted": 2, "totals": 1}
    assert [(one["from_seconds"], one["to_seconds"]) for one in asked["would_revise"]]
    assert asked["gone"]["entries"] == done["gone"]["entries"]
    assert asked["gone"]["entries"] == [
        {"id": f"{named}|build||1", "date": "2025-03-05", "seconds": 5_400}
    ]
    assert items == []
    assert reading.house.codes() == ["totals_row_differs"]


def test_an_import_says_what_is_gone_and_why_it_was_not_recalled(
    exports: Firm, tmp_path: Path
) -> None:
    exports.ask(*says("--layout", "harvest", *NEEDED))
    exports.ask(*brought(tmp_path, harvest(), harvest(task="Build")))
    less = brought(tmp_path, harvest())

    told = exports.run(*less)
    unsaid = exports.run(*less, "--gone", "recall")
    recalled = exports.run(*less, "--gone", "recall", "--covers", "everything")

    gone = "harvest|ann lee|2025-03-05|website|build||1: 1:30"
    assert f"  gone, stays in force: {gone}" in told.stdout.splitlines()
    assert unsaid.stdout.splitlines()[-1] == (
        "  Not recalled: Nobody said what the export leaves out, so they may only be"
        " filtered away."
    )
    assert f"  gone, was recalled: {gone}" in recalled.stdout.splitlines()
    assert exports.house.codes() == []


def test_days_and_the_time_of_export_are_stated_with_the_file(
    reading: Firm, tmp_path: Path
) -> None:
    reading.ask(*brought(tmp_path, harvest()))
    days = ("--first-day", "2025-03-01", "--last-day", "2025-03-31")

    empty = reading.ask(*brought(tmp_path), *days)
    again = reading.ask(*brought(tmp_path, harvest()))
    newer = reading.ask(
        *brought(tmp_path, harvest()), "--exported-at", "2025-04-02 10:00:00"
    )

    assert empty["gone"]["recalled"] is True
    assert again["gone"] is None
    assert newer["outcomes"] == {"accepted": 1}
