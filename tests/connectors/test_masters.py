"""Read what the vendors say of master data, and refuse what cannot be read."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.http import (
    Exchanged,
    HttpReply,
    Unreached,
    UnreachedReason,
)
from hourline.connectors.sdk.master import MasterPage, MasterPort, MasterStream
from hourline.connectors.sdk.patience import Patience, fetch_patiently
from hourline.connectors.sdk.registry import connectors
from hourline.connectors.sdk.source import NotRead
from hourline.master.model import KIND_BY_NAME
from tools import connector_reference
from tools.linters.source import ROOT

STREAMS = [
    (connector.name, name)
    for connector in connectors().values()
    for name in connector.masters
]


def stream_of(name: str, stream: str) -> MasterStream:
    return connectors()[name].masters[stream]


def reply(content: object, status: int = 200) -> HttpReply:
    return HttpReply(status=status, headers={}, body=json.dumps(content).encode())


def listed(*items: object) -> HttpReply:
    return reply({"items": items, "next_cursor": "7", "has_more": False})


def fetched(name: str, stream: str, answer: Exchanged) -> MasterPage | NotRead:
    port = MasterPort(
        stream=stream_of(name, stream),
        address="https://vendor.test",
        send=lambda _request: answer,
    )
    return port.fetch_page("")


def changes(name: str, stream: str, *items: object) -> tuple[MasterChange, ...]:
    page = fetched(name, stream, listed(*items))
    assert isinstance(page, MasterPage)
    return page.changes


@pytest.mark.parametrize("name", sorted(connectors()))
def test_a_connector_reads_and_owns_kinds_that_exist(name: str) -> None:
    connector = connectors()[name]
    read = {kind for one in connector.masters.values() for kind in one.kinds}

    assert read <= set(KIND_BY_NAME)
    assert set(connector.owns) <= read
    assert not set(connector.masters) & set(connector.sources)


@pytest.mark.parametrize(("name", "stream"), STREAMS)
@pytest.mark.parametrize(
    "answer",
    [
        HttpReply(status=200, headers={}, body=b"<html>Please log in</html>"),
        reply([7]),  # an empty list is a page of nothing to some vendors
        reply({"items": 7}),
        listed({}),
        listed("text"),
    ],
)
def test_a_page_of_another_shape_is_never_guessed_at(
    name: str, stream: str, answer: HttpReply
) -> None:
    page = fetched(name, stream, answer)

    assert isinstance(page, NotRead)
    assert page.reason.startswith("unreadable page: ")


@pytest.mark.parametrize(("name", "stream"), STREAMS)
def test_reading_asks_and_never_tells(name: str, stream: str) -> None:
    ask = stream_of(name, stream).page("")

    assert (ask.method, ask.content) == ("GET", None)


@pytest.mark.parametrize("wrong", [7, "", "x" * 301, "a\x00b", None])
def test_an_id_that_cannot_be_kept_is_refused_with_its_page(wrong: object) -> None:
    row = {"id": wrong, "employee_number": "E-1"}

    page = fetched("sandbox_psa", "resources", listed(row))

    assert isinstance(page, NotRead)
    assert page.reason.startswith("unreadable page: ValueError: a ")


def test_a_page_names_the_next_until_the_last() -> None:
    row = {"id": "r-7", "employee_number": "E-1007"}
    more = reply({"items": [row], "next_cursor": 500, "has_more": True})

    first = fetched("sandbox_psa", "resources", more)
    last = fetched("sandbox_psa", "resources", listed(row))
    ask = stream_of("sandbox_psa", "resources").page("500")

    assert isinstance(first, MasterPage)
    assert isinstance(last, MasterPage)
    assert (first.next_cursor, last.next_cursor) == ("500", None)
    assert ask.query == {"limit": "500", "cursor": "500"}


def test_a_resource_of_the_psa_is_only_another_id_of_a_person() -> None:
    row = {"id": "r-7", "employee_number": "E-1007", "name": "Ada Berg"}

    found = changes("sandbox_psa", "resources", row)

    assert found == (MasterChange("person", "r-7", "E-1007"),)
    assert dict(found[0].fields) == {}


def test_a_contract_brings_its_lines_with_their_milestones() -> None:
    contract, line = changes(
        "sandbox_crm",
        "contracts",
        {
            "id": "C-1",
            "title": "Relaunch",
            "customer": "0015A",
            "entity": "GB1",
            "currency": "GBP",
            "effective_from": "2026-01-01",
            "effective_until": "2027-07-01",
            "limit": "20000.00",
            "terms": {"month_limit": "9000.00", "retainage_percent": 10},
            "lines": [
                {
                    "id": "C-1-1",
                    "method": "fixed_price",
                    "price": "9000.00",
                    "milestones": [
                        {"id": "M1", "amount": "9000.00", "due_on": "2026-10-15"}
                    ],
                    "terms": {
                        "recognition": "straight_line",
                        "starts_on": "2026-10-01",
                        "ends_on": "2026-12-31",
                    },
                }
            ],
        },
    )

    assert (contract.kind, contract.fields["customer"]) == ("contract", "0015A")
    assert contract.fields["limit"] == "20000.00"
    assert contract.fields["month_limit"] == "9000.00"
    assert contract.fields["retainage_percent"] == 10
    assert contract.effective_from == date(2026, 1, 1)
    assert contract.effective_until == date(2027, 7, 1)
    assert (line.kind, line.source_id) == ("contract_line", "C-1-1")
    assert dict(line.fields) == {
        "contract": "C-1",
        "method": "fixed_price",
        "price": "9000.00",
        "milestones": [
            {"id": "M1", "amount": "9000.00", "date": date(2026, 10, 15)},
        ],
        "recognition": "straight_line",
        "start": date(2026, 10, 1),
        "end": date(2026, 12, 31),
    }


def test_working_minutes_become_seconds() -> None:
    minutes = [450, 450, 450, 450, 450, 0, 0]
    row = {"id": "gb", "weekday_minutes": minutes, "holidays": ["2026-12-25"]}

    (calendar,) = changes("sandbox_hcm", "calendars", row)

    assert calendar.fields["weekday_seconds"] == [27000] * 5 + [0, 0]


def test_a_person_is_known_from_the_first_day_of_employment() -> None:
    row = {
        "employee_number": "E-1",
        "name": "Ada Berg",
        "entity": "GB1",
        "role": "designer",
        "cost_centre": "CC-GB1-10",
        "calendar": "gb",
        "supplier": None,
        "provided_by": "DE1",
        "employed_from": "2026-10-28",
    }

    (person,) = changes("sandbox_hcm", "employees", row)

    assert (person.fields["entity"], person.fields["resourcing_entity"]) == (
        "GB1",
        "DE1",
    )
    assert (person.effective_from, person.effective_until) == (
        date(2026, 10, 28),
        date.max,
    )


def test_a_cost_rate_holds_from_its_day_until_the_next() -> None:
    row = {
        "employee_number": "E-1",
        "rate_per_hour": "52.00",
        "effective_from": "2026-01-01",
        "effective_until": None,
    }

    (rate,) = changes("sandbox_hcm", "cost_rates", row)

    assert rate.source_id == "E-1 from 2026-01-01"
    assert rate.effective_from == date(2026, 1, 1)
    assert rate.effective_until == date.max


@pytest.mark.parametrize(
    ("answer", "lasting"),
    [
        (reply({}, 401), True),
        (reply({}, 404), True),
        (reply({}, 410), True),
        (reply({}, 408), False),
        (reply({}, 429), False),
        (reply({}, 503), False),
        (Unreached(UnreachedReason.ADDRESS_REFUSED), True),
        (Unreached(UnreachedReason.CONNECT_FAILED), False),
    ],
)
def test_what_may_be_over_later_is_told_from_what_lasts(
    answer: Exchanged, *, lasting: bool
) -> None:
    page = fetched("sandbox_crm", "customers", answer)

    assert isinstance(page, NotRead)
    assert page.lasting is lasting


@pytest.fixture
def pauses() -> Iterator[list[float]]:
    """Give the pauses that were asked for; nobody waits for them."""
    noted: list[float] = []

    def note(details: RetryDetails) -> None:
        noted.append(details.wait_for)

    set_on_retry_hooks([note])
    yield noted
    set_on_retry_hooks(None)


@pytest.mark.parametrize(("asked", "kept"), [(0, 0.0), (1, 0.25), (60, 0.25)])
def test_the_pause_a_vendor_asks_for_is_kept_up_to_the_longest(
    asked: int, kept: float, pauses: list[float]
) -> None:
    answers = iter([NotRead("status 429", asked), "page"])

    found = fetch_patiently(
        lambda: next(answers),
        Patience(tries_max=2, pause_seconds_max=0.25),
    )

    assert (found, pauses) == ("page", [kept])


def test_what_lasts_is_not_asked_for_again() -> None:
    asked: list[str] = []

    def fetch() -> str | NotRead:
        asked.append("page")
        return NotRead("status 404", lasting=True)

    found = fetch_patiently(fetch, Patience(tries_max=5, pause_seconds_max=0))

    assert found == NotRead("status 404", lasting=True)
    assert asked == ["page"]


def test_patience_ends_with_the_last_reason() -> None:
    asked: list[str] = []

    def fetch() -> str | NotRead:
        asked.append("page")
        return NotRead(f"status 50{len(asked)}")

    with stamina.set_testing(True, attempts=3):
        found = fetch_patiently(fetch)

    assert found == NotRead("status 503")


def test_the_reference_page_shows_what_the_connectors_declare() -> None:
    written = (ROOT / connector_reference.PAGE).read_text(encoding="utf-8")

    assert written == connector_reference.page(), (
        "run: python -m tools.connector_reference"
    )
