"""Give a document a new key, where its target repeats stored errors under the old."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from hourline.connectors.sdk.documents import Content, Document, content_of
from hourline.connectors.sdk.http import (
    Exchanged,
    HttpReply,
    HttpRequest,
    Unknown,
    UnknownReason,
)
from hourline.connectors.sdk.target import Ask, Reading, Receipt, TargetPort
from hourline.kernel.capability import Capability, IdempotencyKey, Probe
from hourline.kernel.codes import DocumentKind
from hourline.posting.rules.capability import Timing
from hourline.posting.service import run_due
from tests.posting.desk import ATLAS, Desk, journal

pytestmark = pytest.mark.integration

QUICK = Timing(
    lease_seconds=2,
    margin_seconds=1,
    first_check_seconds=0,
    check_seconds=(1,) * 12,
    retry_seconds=(0,),
)
BOOKED = Content(currency="USD", total=Decimal(1600), party="US1", lines=2)


class Stubborn:
    """Fail for ever under the first key, and book under any other."""

    capability = Capability(
        idempotency=IdempotencyKey(
            length_max=255, retention_seconds=3600, compares_body=True
        ),
        probe=Probe(lag_seconds=0),
        request_lifetime_seconds=0,
    )

    def __init__(self) -> None:
        self.keys: list[str] = []

    def content(self, document: Document) -> Content:
        return content_of(document)

    def book(self, document: Document, key: str) -> Ask:
        return Ask(method="POST", path=(key,), content=document)

    def read(self, reply: HttpReply) -> Reading:
        return Receipt(external_id=reply.body.decode(), content=BOOKED)

    def find(self, document: Document, key: str) -> Ask:
        return Ask(method="GET", path=(key,), query={"kind": type(document).__name__})

    def found(self, reply: HttpReply) -> Sequence[Receipt]:
        assert reply.status == 404
        return []

    def send(self, request: HttpRequest) -> Exchanged:
        key = request.url.partition("?")[0].rpartition("/")[2]
        if request.method == "GET":
            return HttpReply(status=404, headers={}, body=b"")
        self.keys.append(key)
        if key == self.keys[0]:
            return Unknown(UnknownReason.CONNECTION_LOST)
        return HttpReply(status=201, headers={}, body=b"S-1")


def test_a_new_key_follows_proven_absence_and_the_document_keeps_one_intent(
    desk: Desk,
) -> None:
    target = Stubborn()
    port = TargetPort(
        targets={DocumentKind.JOURNAL: target},
        address="https://stubborn.test",
        send=target.send,
    )
    intent_no = desk.plan(ATLAS, 1, journal())

    while desk.due_soon() is not None:
        run_due(desk.database, desk.tenant, lambda _: port, timing=QUICK)
    again = desk.plan(ATLAS, 1, journal())

    [intent] = desk.intents()
    assert again == intent_no
    assert (intent.state_name, intent.generation) == ("CONFIRMED", 1)
    assert intent.external_id == "S-1"
    assert intent.key == target.keys[-1]
    assert set(target.keys[:-1]) == {target.keys[0]}
    assert target.keys[0] != target.keys[-1]
