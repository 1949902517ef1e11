"""Judge replies: what proves a booking, what proves none, and what proves nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hourline.connectors.sdk.documents import Content, Document, content_of
from hourline.connectors.sdk.http import (
    Exchanged,
    HttpReply,
    Unknown,
    UnknownReason,
    Unreached,
    UnreachedReason,
)
from hourline.connectors.sdk.target import (
    AlreadyThere,
    Ask,
    Reading,
    Receipt,
    Refusal,
)
from hourline.kernel.capability import Capability
from hourline.posting.replies import (
    Learnt,
    cannot_write,
    learnt_from_call,
    learnt_from_lookup,
)
from hourline.posting.rules.events import (
    Absent,
    Answer,
    Booked,
    CannotTell,
    Differs,
    DraftKept,
    Exists,
    Later,
    Lost,
    Refused,
)

NOON = datetime(2026, 10, 31, 12, tzinfo=UTC)
OURS = Content(currency="EUR", total=Decimal("1600.00"), party="DE1", lines=2)


class Scripted:
    """Read every reply as told beforehand."""

    def __init__(
        self,
        reading: Reading | Exception | None = None,
        *,
        found: Sequence[Receipt] | Exception = (),
        capability: Capability | None = None,
    ) -> None:
        self.capability = capability or Capability()
        self._reading = reading
        self._found = found

    def content(self, document: Document) -> Content:
        return content_of(document)

    def book(self, document: Document, key: str) -> Ask:
        return Ask(method="POST", path=(key,), content=document)

    def read(self, reply: HttpReply) -> Reading:
        if isinstance(self._reading, Exception) or self._reading is None:
            raise self._reading or AssertionError(f"read {reply.status}")
        return self._reading

    def find(self, document: Document, key: str) -> Ask:
        return Ask(method="GET", path=(key,), content=document)

    def found(self, reply: HttpReply) -> Sequence[Receipt]:
        if isinstance(self._found, Exception):
            raise self._found
        assert reply.status in {200, 404}
        return self._found


def reply(status: int, retry_after_seconds: int | None = None) -> HttpReply:
    return HttpReply(
        status=status,
        headers={},
        body=b"{}",
        retry_after_seconds=retry_after_seconds,
    )


def receipt(
    external_id: str = "BO-1", *, draft: bool = False, content: Content = OURS
) -> Receipt:
    return Receipt(external_id=external_id, number="7", draft=draft, content=content)


def call(
    told: Exchanged, target: Scripted | None = None, *, draft_id: str | None = None
) -> Learnt:
    return learnt_from_call(told, target or Scripted(), OURS, draft_id=draft_id)


def look(
    target: Scripted, told: Exchanged | None = None, *, draft_id: str | None = None
) -> Learnt:
    return learnt_from_lookup(
        told or reply(200),
        target,
        OURS,
        draft_id=draft_id,
        asked_at=NOON,
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Unreached(UnreachedReason.CONNECT_FAILED), Later()),
        (Unknown(UnknownReason.DEADLINE), Lost()),
        (Unknown(UnknownReason.BODY_CUT, 201), Lost()),
        (reply(429, 7), Later(7)),
        (reply(429), Later()),
        (reply(401), Later()),
        (reply(500), Lost()),
        (reply(502), Lost()),
        (reply(503, 7), Lost()),
        (reply(302), Lost()),
        (reply(408), Lost()),
    ],
)
def test_a_reply_that_says_nothing_of_the_document_is_never_read(
    told: Exchanged, expected: Answer
) -> None:
    assert call(told).answer == expected


def test_a_busy_target_is_believed_where_its_vendor_documents_it() -> None:
    documented = Scripted(capability=Capability(unavailable_is_unprocessed=True))

    assert call(reply(503, 7), documented).answer == Later(7)


@pytest.mark.parametrize(
    "fault", [ValueError("no"), KeyError("id"), TypeError("no"), AttributeError("no")]
)
@pytest.mark.parametrize("status", [200, 201, 400, 422])
def test_an_unreadable_reply_is_neither_booked_nor_refused(
    status: int, fault: Exception
) -> None:
    assert call(reply(status), Scripted(fault)).answer == Lost()


@pytest.mark.parametrize(
    ("reading", "draft_id", "expected"),
    [
        (receipt(), None, Booked(external_id="BO-1", external_number="7")),
        (receipt(), "BO-1", Booked(external_id="BO-1", external_number="7")),
        (receipt(), "BO-2", Differs(external_id="BO-1")),
        (receipt(draft=True), None, DraftKept(draft_id="BO-1")),
        (receipt(draft=True), "BO-1", Lost()),
        (Refusal(reason="closed", sentence="October"), None, Refused()),
        (AlreadyThere(), None, Exists()),
    ],
)
def test_a_reading_becomes_an_answer(
    reading: Reading, draft_id: str | None, expected: Answer
) -> None:
    assert call(reply(201), Scripted(reading), draft_id=draft_id).answer == expected


@pytest.mark.parametrize(
    ("told", "difference"),
    [
        (Content(currency="USD", total=Decimal(1600)), "currency is USD, not EUR"),
        (Content(currency="EUR", total=Decimal(16)), "total is 16, not 1600.00"),
        (
            Content(currency="EUR", total=Decimal(1600), party="GB1"),
            "party is GB1, not DE1",
        ),
        (
            Content(currency="EUR", total=Decimal(1600), lines=3),
            "number of lines is 3, not 2",
        ),
    ],
)
@pytest.mark.parametrize("draft", [True, False])
def test_a_receipt_with_other_content_is_a_mismatch_and_says_where(
    told: Content, difference: str, *, draft: bool
) -> None:
    learnt = call(reply(201), Scripted(receipt(draft=draft, content=told)))

    assert learnt.answer == Differs(external_id="BO-1")
    assert learnt.evidence["sentence"] == difference


def test_equal_amounts_are_equal_however_they_are_written() -> None:
    told = Content(currency="EUR", total=Decimal(1600))

    assert OURS.differences(told) == []


@pytest.mark.parametrize(
    ("found", "draft_id", "expected"),
    [
        ([], None, Absent(asked_at=NOON)),
        ([receipt()], None, Booked(external_id="BO-1", external_number="7")),
        (
            [receipt("BO-10", draft=True), receipt("BO-9", draft=True)],
            None,
            DraftKept(draft_id="BO-9"),
        ),
        ([receipt(draft=True)], "BO-1", Absent(asked_at=NOON)),
        ([receipt("BO-2", draft=True)], "BO-1", CannotTell()),
        ([], "BO-1", CannotTell()),
        (
            [receipt("BO-2", draft=True), receipt()],
            "BO-1",
            Booked(external_id="BO-1", external_number="7"),
        ),
        ([receipt("BO-2")], "BO-1", Differs(external_id="BO-2")),
        ([receipt(), receipt("BO-2")], None, Differs(external_id="BO-1")),
    ],
)
def test_a_lookup_counts_documents_and_chooses_the_oldest_draft(
    found: list[Receipt], draft_id: str | None, expected: Answer
) -> None:
    assert look(Scripted(found=found), draft_id=draft_id).answer == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Unreached(UnreachedReason.CONNECT_FAILED), CannotTell()),
        (Unknown(UnknownReason.DEADLINE), CannotTell()),
        (reply(429, 7), CannotTell(7)),
        (reply(500), CannotTell()),
        (reply(404), Absent(asked_at=NOON)),
    ],
)
def test_a_lookup_that_fails_proves_nothing(told: Exchanged, expected: Answer) -> None:
    assert look(Scripted(), told).answer == expected


def test_a_lookup_that_cannot_be_read_proves_nothing() -> None:
    assert look(Scripted(found=KeyError("items"))).answer == CannotTell()


@pytest.mark.parametrize(
    ("looking", "expected"), [(False, Refused()), (True, CannotTell())]
)
def test_what_cannot_be_written_was_not_sent(
    expected: Answer, *, looking: bool
) -> None:
    assert cannot_write("no such kind", looking=looking).answer == expected
