"""Read the PSA's feed as it came, and say why where it cannot be read."""

import json

import pytest

from hourline.connectors.sandbox_psa import CONNECTOR
from hourline.connectors.sdk.http import (
    Exchanged,
    HttpReply,
    HttpRequest,
    Unreached,
    UnreachedReason,
)
from hourline.connectors.sdk.source import NotRead, Page, SourcePort

FEED = '{"items": [{"id":"TE-1",  "hours": 1.50}, {"id": "TE/2"}], "next_cursor": "2"'


def port(told: Exchanged, asked: list[HttpRequest]) -> SourcePort:
    def send(request: HttpRequest) -> Exchanged:
        asked.append(request)
        return told

    return SourcePort(
        source=CONNECTOR.sources["time_entries"], address="https://psa.test", send=send
    )


def replied(body: str, status: int = 200, **more: int) -> HttpReply:
    return HttpReply(status=status, headers={}, body=body.encode(), **more)


def test_records_stay_the_bytes_they_were() -> None:
    asked: list[HttpRequest] = []

    page = port(replied(FEED + ', "has_more": true}'), asked).fetch_page("")

    assert page == Page(
        records=(b'{"id":"TE-1",  "hours": 1.50}', b'{"id": "TE/2"}'),
        next_cursor="2",
        more=True,
    )
    assert [request.url for request in asked] == [
        "https://psa.test/api/time-entries?limit=500"
    ]


def test_a_poll_goes_on_from_its_cursor() -> None:
    asked: list[HttpRequest] = []
    empty = json.dumps({"items": [], "next_cursor": "2", "has_more": False})

    page = port(replied(empty), asked).fetch_page("2")

    assert page == Page(records=(), next_cursor="2", more=False)
    assert asked[0].url == "https://psa.test/api/time-entries?limit=500&cursor=2"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Unreached(UnreachedReason.CONNECT_FAILED), NotRead("connect_failed")),
        (replied("{}", 429, retry_after_seconds=7), NotRead("status 429", 7)),
        (replied("{}", 500), NotRead("status 500")),
    ],
)
def test_a_page_that_cannot_be_had_says_why(told: Exchanged, expected: NotRead) -> None:
    assert port(told, []).fetch_page("") == expected


@pytest.mark.parametrize("body", ["<html>", FEED + "}", '{"items": 7}'])
def test_a_page_of_another_shape_is_never_guessed_at(body: str) -> None:
    page = port(replied(body), []).fetch_page("")

    assert isinstance(page, NotRead)
    assert page.reason.startswith("unreadable page")
