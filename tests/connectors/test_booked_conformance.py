"""Hold every connector that shows its system's books to what it declares."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hourline.connectors.sandbox.admin import (
    Sandbox,
    set_period,
    start_sandbox,
    stop_sandbox,
)
from hourline.connectors.sdk.booked import (
    BookedPage,
    BookedPort,
    BookedSpan,
    BookedStream,
    as_ledger_entry,
)
from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.documents import Document
from hourline.connectors.sdk.http import Exchanged, HttpReply, HttpRequest
from hourline.connectors.sdk.registry import connectors
from hourline.connectors.sdk.source import NotRead
from hourline.connectors.sdk.target import Ask, Drafting, Receipt
from hourline.kernel.booked import BookedDocument
from hourline.kernel.codes import DocumentKind
from hourline.proof.rules.compare_pair import compare_pair
from tests.connectors.test_target_conformance import (
    CLASSES,
    Line,
    document_of,
    new_key,
    target_of,
)
from tests.proof.booked import booked

SHOWN = [
    (connector.name, kind)
    for connector in connectors().values()
    for kind in connector.booked
]
SPAN = BookedSpan(date(2025, 1, 1), date(2027, 1, 1))
EVER = BookedSpan(date(2000, 1, 1), date(2100, 1, 1))


def stream_of(name: str, kind: DocumentKind) -> BookedStream:
    return connectors()[name].booked[kind]


def port(stream: BookedStream, answer: Exchanged) -> BookedPort:
    return BookedPort(
        stream=stream, address="https://erp.test", send=lambda _request: answer
    )


def reply(content: object, status: int = 200) -> HttpReply:
    return HttpReply(status=status, headers={}, body=json.dumps(content).encode())


@pytest.mark.parametrize(("name", "kind"), SHOWN)
def test_a_page_is_asked_for_by_get_alone_and_the_same_way_every_time(
    name: str, kind: DocumentKind
) -> None:
    stream = stream_of(name, kind)

    first, again, next_page = (stream.page(cursor, SPAN) for cursor in ("", "", "7"))

    assert first.method == next_page.method == "GET"
    assert first.content is None
    assert first == again != next_page


@pytest.mark.parametrize(("name", "kind"), SHOWN)
def test_our_document_is_shown_under_our_number_and_balances(
    name: str, kind: DocumentKind
) -> None:
    document = document_of(name, kind)

    shown = stream_of(name, kind).expected(document)

    assert shown.kind is kind
    assert shown.external_id in shown.references
    assert sum(line.debit - line.credit for line in shown.lines) == 0
    assert shown.total == Decimal("1600.00")


@pytest.mark.parametrize(("name", "kind"), SHOWN)
def test_billing_status_is_shown_by_no_ledger(name: str, kind: DocumentKind) -> None:
    told = document_of(name, DocumentKind.WRITE_BACK)

    with pytest.raises(ValueError, match="keeps no billing status"):
        stream_of(name, kind).expected(told)


@pytest.mark.parametrize(("name", "kind"), SHOWN)
@pytest.mark.parametrize(
    "answer",
    [
        HttpReply(status=200, headers={}, body=b"<html>Please log in</html>"),
        reply([7]),
        reply({"items": 7}),
        reply({"items": [{}], "next_cursor": "1", "has_more": False}),
    ],
)
def test_what_is_no_page_is_never_read_as_one(
    name: str, kind: DocumentKind, answer: HttpReply
) -> None:
    read = port(stream_of(name, kind), answer).fetch_page("", SPAN)

    assert isinstance(read, NotRead)
    assert read.reason.startswith("unreadable page")


@pytest.mark.parametrize(
    "wrong",
    [
        replace(booked(), external_id=""),
        replace(booked(), entity="x" * 301),
        replace(booked(), references=("",)),
        replace(booked(), total=Decimal("NaN")),
        replace(booked(), tax=Decimal("Infinity")),
        replace(booked(), party="a\x00b"),
    ],
)
def test_a_document_that_could_not_be_kept_is_refused(wrong: BookedDocument) -> None:
    with pytest.raises(ValueError, match=r"usable id|none|NUL"):
        BookedPage(documents=(wrong,), next_cursor=None)


class Meddling:
    """Ask for a page in a way that could change something."""

    def page(self, cursor: str, span: BookedSpan) -> Ask:
        return Ask(method="POST", path=("books", cursor or "0", str(span.since)))

    def read(self, reply: HttpReply) -> BookedPage:
        raise AssertionError(reply)

    def expected(self, document: Document) -> BookedDocument:
        return as_ledger_entry(document)


def test_a_connector_that_would_post_to_read_is_not_heard() -> None:
    sent: list[HttpRequest] = []

    def send(request: HttpRequest) -> Exchanged:
        sent.append(request)
        return reply({})

    meddling = BookedPort(stream=Meddling(), address="https://erp.test", send=send)
    read = meddling.fetch_page("", SPAN)

    assert read == NotRead("POST is no way to read books", lasting=True)
    assert sent == []


def test_what_is_never_booked_cannot_be_shown() -> None:
    with pytest.raises(ValueError, match="JOURNAL is shown but never booked"):
        Connector(name="half", title="Half", booked={DocumentKind.JOURNAL: Meddling()})


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder: Path = tmp_path_factory.mktemp("booked")
    running = start_sandbox(folder / "state", folder / "ports.json")
    for entity in ("US1", "DE1"):
        for name in ("atlas", "borealis"):
            place = running.servers[name]
            set_period(place, entity=entity, period="2025-03", status="open")
    yield running
    assert stop_sandbox(running) == 0


def post(line: Line, document: Document, key: str) -> str:
    """Book a document to its end and return its id."""
    receipt = line.book(document, key)
    assert isinstance(receipt, Receipt)
    if receipt.draft:
        assert isinstance(line.target, Drafting)
        line.tell(line.target.post(document, receipt.external_id))
    return receipt.external_id


def books(line: Line, name: str, kind: DocumentKind) -> list[BookedDocument]:
    """Read the whole books of a kind, three documents at a time."""
    stream = stream_of(name, kind)
    found: list[BookedDocument] = []
    cursor: str | None = ""
    while cursor is not None:
        ask = stream.page(cursor, EVER)
        told = line.tell(replace(ask, query={**dict(ask.query), "limit": "3"}))
        page = stream.read(told)
        assert len(page.documents) <= 3
        found += page.documents
        cursor = page.next_cursor
    return found


@pytest.mark.integration
@pytest.mark.parametrize(("name", "kind"), [one for one in SHOWN if one[0] in CLASSES])
def test_what_was_booked_is_shown_as_the_connector_expects_it(
    sandbox: Sandbox, name: str, kind: DocumentKind
) -> None:
    line, document = Line(sandbox, name, kind), document_of(name, kind)
    before = {one.external_id for one in books(line, name, kind)}
    keys = [new_key() for _ in range(4)]
    ids = [post(line, document, key) for key in keys]
    if isinstance(target_of(name, kind), Drafting):
        line.book(document, new_key())  # a draft, which no books show

    everything = books(line, name, kind)
    shown = [one for one in everything if one.external_id not in before]

    expected = stream_of(name, kind).expected(document)
    assert [one.external_id for one in shown] == ids
    for one, key in zip(shown, keys, strict=True):
        assert compare_pair((expected,), (one,)) == ()
        assert (one.kind, one.entity) == (kind, expected.entity)
        assert {key, expected.external_id} <= set(one.references)


@pytest.mark.integration
@pytest.mark.parametrize(("name", "kind"), [one for one in SHOWN if one[0] in CLASSES])
def test_the_last_day_asked_for_is_left_out(
    sandbox: Sandbox, name: str, kind: DocumentKind
) -> None:
    line, document = Line(sandbox, name, kind), document_of(name, kind)
    booked_id = post(line, document, new_key())
    stream = stream_of(name, kind)
    day = stream.expected(document).booked_on

    def ids(since: date, until: date) -> set[str]:
        page = stream.read(line.tell(stream.page("", BookedSpan(since, until))))
        return {one.external_id for one in page.documents}

    assert booked_id in ids(day, date(2100, 1, 1))
    assert booked_id not in ids(date(2000, 1, 1), day)
