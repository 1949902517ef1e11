"""Apply streams page by page, in an order and from a place that is always known."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.http import (
    Exchanged,
    HttpReply,
    HttpRequest,
    Unreached,
    UnreachedReason,
)
from hourline.connectors.sdk.master import Listing, MasterPort
from hourline.connectors.sdk.patience import Patience
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.service import Applied, Refusal
from hourline.master.sync import (
    ConnectedStream,
    Synced,
    in_dependency_order,
    sync_streams,
)

ONCE = Patience(tries_max=1, pause_seconds_max=0)
DOWN = Unreached(UnreachedReason.CONNECT_FAILED)
GONE = HttpReply(status=410, headers={}, body=b"{}")


def page(*ids: str, then: str | None = None, **fields: str) -> HttpReply:
    items = [{"id": one, **fields} for one in ids]
    body = {"items": items, "next_cursor": then, "has_more": then is not None}
    return HttpReply(status=200, headers={}, body=json.dumps(body).encode())


def stream(
    kind: str,
    pages: Mapping[str, Exchanged],
    *,
    connection_no: int = 1,
    owns: tuple[str, ...] = (),
    entities: Sequence[str] = (),
) -> ConnectedStream:
    def send(request: HttpRequest) -> Exchanged:
        query = parse_qs(urlsplit(request.url).query)
        return pages[query.get("cursor", [""])[0]]

    listing = Listing(
        (kind,),
        (kind,),
        lambda row: [
            MasterChange(
                kind,
                row["id"],
                fields={name: row[name] for name in row if name != "id"},
            )
        ],
    )
    port = MasterPort(stream=listing, address="https://vendor.test", send=send)
    return ConnectedStream(
        connection_no,
        f"system {connection_no}",
        kind,
        port,
        owns=owns,
        entities=frozenset(entities),
    )


@dataclass
class Books:
    """Take every change except those whose needed record is not there yet."""

    needs: Mapping[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    pages: list[list[str]] = field(default_factory=list)

    def apply(self, _connection_no: int, changes: Sequence[MasterChange]) -> Applied:
        self.pages.append([change.source_id for change in changes])
        problem = Problem(ProblemCode.MASTER_REFERENCE_MISSING, "Missing.", "Wait.")
        refusals = []
        for change in changes:
            if self.needs.get(change.source_id, change.source_id) in (
                *self.taken,
                change.source_id,
            ):
                self.taken.append(change.source_id)
            else:
                refusals.append(Refusal(change, problem))
        return Applied(len(changes) - len(refusals), 0, refusals)


@dataclass
class Kept:
    """Keep positions in memory."""

    places: dict[str, str] = field(default_factory=dict)

    def read(self, stream: ConnectedStream) -> str:
        return self.places.get(stream.name, "")

    def keep(self, stream: ConnectedStream, cursor: str | None) -> None:
        self.places.pop(stream.name, None)
        if cursor is not None:
            self.places[stream.name] = cursor


def sync(*streams: ConnectedStream, books: Books, kept: Kept | None = None) -> Synced:
    return sync_streams(streams, books.apply, positions=kept or Kept(), patience=ONCE)


def test_a_record_comes_after_those_it_refers_to_and_its_owner_first() -> None:
    streams = [
        stream("assignment", {}, connection_no=3),
        stream("person", {}, connection_no=1),
        stream("project", {}, connection_no=3),
        stream("person", {}, connection_no=2, owns=("person",)),
        stream("legal_entity", {}, connection_no=9),
    ]

    ordered = in_dependency_order(streams)

    assert [(one.connection_no, one.name) for one in ordered] == [
        (9, "legal_entity"),
        (2, "person"),
        (1, "person"),
        (3, "project"),
        (3, "assignment"),
    ]


def test_each_page_is_applied_before_the_next_is_asked_for() -> None:
    books, kept = Books(), Kept()
    pages = {"": page("a", "b", then="2"), "2": page("c")}

    synced = sync(stream("customer", pages), books=books, kept=kept)

    assert books.pages == [["a", "b"], ["c"]]
    assert (synced.changed, kept.places) == (3, {})


def test_a_sync_that_broke_off_goes_on_behind_the_last_page_it_applied() -> None:
    books, kept = Books(), Kept()
    broken: dict[str, Exchanged] = {"": page("a", then="2"), "2": DOWN}
    whole = {"": page("a", then="2"), "2": page("b")}

    first = sync(stream("customer", broken), books=books, kept=kept)
    place = dict(kept.places)
    second = sync(stream("customer", whole), books=books, kept=kept)

    assert [problem.sentence for problem in first.problems] == [
        "customer of system 1 could not be read: connect_failed."
    ]
    assert place == {"customer": "2"}
    assert (books.taken, second.problems, kept.places) == (["a", "b"], (), {})


def test_a_place_the_vendor_forgot_is_given_up_for_the_beginning() -> None:
    books, kept = Books(), Kept({"customer": "old"})
    pages: dict[str, Exchanged] = {"": page("a"), "old": GONE}

    first = sync(stream("customer", pages), books=books, kept=kept)
    second = sync(stream("customer", pages), books=books, kept=kept)

    assert len(first.problems) == 1
    assert (books.taken, second.problems) == (["a"], ())


def test_pages_that_lead_back_to_one_another_come_to_an_end() -> None:
    books, kept = Books(), Kept()
    pages = {"": page("a", then="1"), "1": page("b", then="2"), "2": page(then="1")}

    synced = sync(stream("customer", pages), books=books, kept=kept)

    assert [problem.sentence for problem in synced.problems] == [
        "customer of system 1 could not be read: its pages lead back to one another."
    ]
    assert (books.taken, kept.places) == (["a", "b"], {})


def test_what_was_refused_is_tried_again_once_everything_is_read() -> None:
    books = Books(needs={"contract-1": "late", "customer-2": "never"})
    streams = [
        stream("customer", {"": page("customer-1", "customer-2")}),
        stream("contract", {"": page("contract-1")}),
        stream("project", {"": page("late")}),
    ]

    synced = sync(*streams, books=books)

    assert books.taken == ["customer-1", "late", "contract-1"]
    assert [(one.stream, one.changed, one.refused) for one in synced.streams] == [
        ("customer", 1, 1),
        ("contract", 1, 0),
        ("project", 1, 0),
    ]


def test_a_stream_that_cannot_be_read_does_not_stop_the_others() -> None:
    books = Books()

    synced = sync(
        stream("customer", {"": DOWN}),
        stream("person", {"": page("p")}),
        books=books,
    )

    assert [bool(one.problem) for one in synced.streams] == [True, False]
    assert books.taken == ["p"]


@pytest.mark.parametrize(
    ("entities", "taken"), [(["DE1"], ["DE1", "x"]), ([], ["DE1", "US1", "x", "y"])]
)
def test_a_system_is_heard_for_the_entities_it_speaks_for(
    entities: list[str], taken: list[str]
) -> None:
    books = Books()
    periods = {"": page("x", entity="DE1", then="1"), "1": page("y", entity="US1")}

    sync(
        stream("legal_entity", {"": page("DE1", "US1")}, entities=entities),
        stream("posting_period", periods, entities=entities),
        books=books,
    )

    assert books.taken == taken
