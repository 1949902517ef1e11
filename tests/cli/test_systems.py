"""Connect a firm's systems, check them and read them, by commands alone."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import stamina
from click.testing import CliRunner, Result

from hourline.cli.desk import CannotOpen
from hourline.cli.main import main
from hourline.connectors.sandbox.admin import Sandbox, start_sandbox, stop_sandbox
from hourline.infra.database import Database
from hourline.infra.tenants import create_tenant

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give the servers of the default firm."""
    folder = tmp_path_factory.mktemp("cli-sandbox")
    started = start_sandbox(folder / "state", folder / "ports.json")
    yield started
    assert stop_sandbox(started) == 0


@dataclass
class Office:
    """Run commands for one firm."""

    slug: str
    sandbox: Sandbox
    environment: dict[str, str]

    def run(self, *arguments: str, told: str | None = None) -> Result:
        """Run a command on the firm and return what became of it."""
        return CliRunner().invoke(
            main,
            [*arguments, "--tenant", self.slug],
            env=self.environment,
            input=told,
        )

    def connect(self, name: str, *options: str, secret: str | None = None) -> Result:
        """Configure a connection to a server of the sandbox, with its secret."""
        place = self.sandbox.servers[name]
        made = self.run(
            *("connection", "set", name),
            *("--connector", f"sandbox_{name}"),
            *("--address", place.url),
            *("--client-id", place.credentials.client_id),
            *("--network", "127.0.0.0/8", "--plain-http"),
            *options,
        )
        told = place.credentials.client_secret if secret is None else secret
        self.run("secret", "set", name, "client_secret", told=told)
        return made


@pytest.fixture
def office(
    database: Database, database_url: str, sandbox: Sandbox, tmp_path: Path
) -> Office:
    """Give a firm without any connection yet."""
    slug = f"office-{os.getpid()}-{tmp_path.name.replace('_', '-')}"
    create_tenant(database, slug=slug, name="Office")
    environment = {"DATABASE_URL": database_url, "HOURLINE_STATE": str(tmp_path)}
    return Office(slug, sandbox, environment)


def lines(result: Result) -> list[str]:
    return result.stdout.splitlines()


def test_a_firm_is_connected_checked_and_read(office: Office) -> None:
    made = office.connect("atlas")
    office.connect("hcm")

    checked = office.run("connector", "check")
    first = office.run("sync", "--json")
    second = office.run("sync", "--json")

    assert lines(made) == [
        "Connection atlas has number 1.",
        "Its secret next: hourline secret set atlas client_secret",
    ]
    assert (checked.exit_code, first.exit_code, second.exit_code) == (0, 0, 0)
    assert lines(checked) == [
        "ok    atlas: entities: answers",
        "ok    atlas: periods: answers",
        "ok    atlas: booked invoice: answers",
        "ok    atlas: booked credit_note: answers",
        "ok    atlas: booked journal: answers",
        "ok    hcm: organisation: answers",
        "ok    hcm: calendars: answers",
        "ok    hcm: suppliers: answers",
        "ok    hcm: employees: answers",
        "ok    hcm: cost_rates: answers",
        "ok    hcm: leave: answers",
    ]
    assert totals(first) == (3 + 9 + 6 + 6 + 2 + 60 + 66 + 20, 0)
    assert totals(second) == (0, 172)


def totals(result: Result) -> tuple[int, int]:
    streams = json.loads(result.stdout)["streams"]
    return (
        sum(stream["changed"] for stream in streams),
        sum(stream["unchanged"] for stream in streams),
    )


def test_a_sync_says_what_is_missing_and_where_it_waits(office: Office) -> None:
    office.connect("hcm")

    synced = office.run("sync")

    assert synced.exit_code == 1
    assert "What waits for whom: hourline exceptions list" in lines(synced)
    (employees,) = [line for line in lines(synced) if "employees" in line]
    cells = [cell.strip() for cell in employees.split("│")[1:-1]]
    assert cells == ["hcm", "employees", "0", "0", "60"]


def test_time_is_polled_on_request(office: Office) -> None:
    office.connect("psa")

    synced = office.run("sync", "--time", "--json")

    assert json.loads(synced.stdout)["polled"] == [
        {"connection": "psa", "records": 1278, "problem": None}
    ]


def test_a_wrong_secret_is_found_by_the_check_and_by_the_sync(office: Office) -> None:
    office.connect("psa", secret="not-the-secret")

    checked = office.run("connector", "check", "psa")
    with stamina.set_testing(True, attempts=1):
        synced = office.run("sync", "--time")

    assert (checked.exit_code, synced.exit_code) == (1, 1)
    assert lines(checked) == [
        "WRONG psa: resources: not_authorised",
        "WRONG psa: projects: not_authorised",
        "WRONG psa: assignments: not_authorised",
        "WRONG psa: time_entries: not_authorised",
    ]
    assert "Time entries could not be read: not_authorised." in lines(synced)


def test_a_system_that_is_only_written_to_is_asked_for_any_answer(
    office: Office,
) -> None:
    office.connect("billing")
    right = office.run("connector", "check", "--json")
    office.connect("billing", secret="not-the-secret")
    wrong = office.run("connector", "check", "--json")

    assert json.loads(right.stdout) == [
        {"connection": "billing", "what": "address", "found": "answers"}
        | {"answers": True}
    ]
    assert json.loads(wrong.stdout) == [
        {"connection": "billing", "what": "address", "found": "not_authorised"}
        | {"answers": False}
    ]


def test_a_connection_without_a_secret_says_how_to_set_it(office: Office) -> None:
    office.connect("psa")
    office.run("secret", "remove", "psa", "client_secret")

    checked = office.run("connector", "check")
    synced = office.run("sync", "--time")

    assert (checked.exit_code, synced.exit_code) == (1, 1)
    assert checked.stdout == (
        "WRONG psa: set-up: Connection psa has no client secret; set it with:"
        " hourline secret set psa client_secret\n"
    )


def test_what_is_set_again_replaces_what_was_set(office: Office) -> None:
    office.connect("atlas", "--entity", "US1")
    office.connect("atlas", "--entity", "GB1", "--entity", "DE1")

    listed = office.run("connection", "list", "--json")

    (found,) = json.loads(listed.stdout)
    assert (found["connection_no"], found["connector"]) == (1, "sandbox_atlas")
    assert found["settings"]["entities"] == ["GB1", "DE1"]


def test_a_system_that_only_sends_is_never_called(office: Office) -> None:
    made = office.run("connection", "set", "files", "--connector", "sandbox_psa")

    checked = office.run("connector", "check")
    synced = office.run("sync", "--time", "--json")

    assert lines(made) == ["Connection files has number 1."]
    assert lines(checked) == ["ok    files: address: only sends"]
    assert json.loads(synced.stdout) == {"streams": [], "polled": []}


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (["--connector", "nonesuch"], "no connector nonesuch; there are: "),
        (["--address", ""], "missing required field `address`"),
        (["--address", "http://10.0.0.1"], "an http address needs plain_http"),
        (["--address", "erp.example.org"], "is no http or https address"),
        (["--network", "10.0.0.0/99"], "does not appear to be an IPv4 or IPv6"),
    ],
)
def test_settings_that_lead_nowhere_are_refused_at_once(
    office: Office, options: Sequence[str], refusal: str
) -> None:
    right = ("--connector", "sandbox_atlas", "--address", "https://erp.example.org")

    refused = office.run(
        "connection", "set", "erp", "--client-id", "hourline", *right, *options
    )
    listed = office.run("connection", "list")

    assert isinstance(refused.exception, CannotOpen)
    assert refusal in str(refused.exception)
    assert listed.stdout == ""


def test_a_system_shown_a_key_needs_no_client_and_may_be_in_a_mode(
    office: Office,
) -> None:
    place = ("--connector", "tryton", "--address", "https://erp.example.com/firm")

    made = office.run("connection", "set", "erp", *place, "--mode", "unique_key")
    wrong = office.run("connection", "set", "erp", *place, "--mode", "fast")
    listed = json.loads(office.run("connection", "list", "--json").output)

    assert made.exit_code == 0
    assert isinstance(wrong.exception, CannotOpen)
    assert "tryton has no mode fast; it has: unique_key" in str(wrong.exception)
    (erp,) = listed
    assert erp["settings"]["mode"] == "unique_key"
    assert erp["settings"]["reading"]["status"] == "approved"


def test_a_check_of_an_unknown_connection_is_refused(office: Office) -> None:
    refused = office.run("connector", "check", "nowhere")

    assert str(refused.exception) == "The tenant has no connection 'nowhere'."


def test_the_list_shows_what_a_lost_reply_means_at_each_target() -> None:
    listed = CliRunner().invoke(main, ["connector", "list", "--json"])

    books = {row["name"]: row["books"] for row in json.loads(listed.stdout)}
    assert books["sandbox_borealis"] == [
        "invoice (D)",
        "credit_note (D)",
        "journal (D)",
    ]
    assert books["sandbox_crm"] == []
    assert CliRunner().invoke(main, ["connector", "list"]).exit_code == 0
