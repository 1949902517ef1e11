"""Prove that a webhook call counts only with a good signature over its exact bytes."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from hourline.intake.webhook import (
    BODY_BYTES_MAX,
    WebhookRefusal,
    verify,
    webhook_delivery,
)
from hourline.kernel.codes import Method
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import RECEIVED_AT, record

SECRET = "whsec_" + base64.b64encode(b"a secret of at least 24 bytes").decode()
OTHER = "whsec_" + base64.b64encode(b"another one, also long enough").decode()
BODY = b'{"type":"time.approved","data":' + record() + b"}"


def signed(
    body: bytes = BODY,
    *,
    secret: str = SECRET,
    webhook_id: str = "msg_1",
    age: timedelta = timedelta(0),
) -> dict[str, str]:
    moment = datetime.now(UTC) - age
    signature = Webhook(secret).sign(webhook_id, moment, body.decode())
    return {
        "Webhook-Id": webhook_id,
        "Webhook-Timestamp": str(int(moment.timestamp())),
        "Webhook-Signature": signature,
    }


def test_a_signed_call_gives_its_id() -> None:
    assert verify([SECRET], signed(), BODY) == "msg_1"


def test_during_a_rotation_either_secret_will_do() -> None:
    assert verify([OTHER, SECRET], signed(), BODY) == "msg_1"
    assert verify([OTHER, SECRET], signed(secret=OTHER), BODY) == "msg_1"


def test_several_signatures_may_be_given() -> None:
    headers = signed()
    headers["Webhook-Signature"] = "v1,AAAA " + headers["Webhook-Signature"]

    assert verify([SECRET], headers, BODY) == "msg_1"


def test_no_bit_of_the_body_may_be_another() -> None:
    headers = signed()

    for index in range(len(BODY) * 8):
        flipped = bytearray(BODY)
        flipped[index // 8] ^= 1 << index % 8
        refusal = verify([SECRET], headers, bytes(flipped))
        assert refusal is WebhookRefusal.NOT_VERIFIED


@pytest.mark.parametrize("minutes", [6, -6, 600_000])
def test_a_timestamp_outside_five_minutes_is_refused(minutes: int) -> None:
    headers = signed(age=timedelta(minutes=minutes))

    assert verify([SECRET], headers, BODY) is WebhookRefusal.NOT_VERIFIED


@pytest.mark.parametrize("minutes", [4, -4])
def test_a_timestamp_within_five_minutes_is_taken(minutes: int) -> None:
    assert verify([SECRET], signed(age=timedelta(minutes=minutes)), BODY) == "msg_1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Webhook-Id", ""),
        ("Webhook-Id", "a.b"),
        ("Webhook-Timestamp", "1.5"),
        ("Webhook-Timestamp", "now"),
        ("Webhook-Timestamp", ""),
    ],
)
def test_headers_that_are_not_well_formed_are_refused(name: str, value: str) -> None:
    headers = {**signed(), name: value}

    assert verify([SECRET], headers, BODY) is WebhookRefusal.HEADERS_WRONG


@pytest.mark.parametrize(
    "signature", ["", "v1", "v1,a,b", "v1,!!!", "v2,AAAA", "v1,\N{SNOWMAN}"]
)
def test_signatures_that_are_not_well_formed_are_refused(signature: str) -> None:
    headers = {**signed(), "Webhook-Signature": signature}

    assert verify([SECRET], headers, BODY) is WebhookRefusal.NOT_VERIFIED


def test_a_signature_with_another_secret_is_refused() -> None:
    headers = signed(secret=OTHER)

    assert verify([SECRET], headers, BODY) is WebhookRefusal.NOT_VERIFIED


def test_a_body_that_is_no_text_is_refused() -> None:
    assert verify([SECRET], signed(), b"\xff") is WebhookRefusal.NOT_VERIFIED


def test_a_connection_without_secret_takes_no_calls() -> None:
    assert verify([], signed(), BODY) is WebhookRefusal.NO_SECRET


def test_a_body_over_one_mebibyte_is_refused_unread() -> None:
    body = b" " * (BODY_BYTES_MAX + 1)

    assert verify([SECRET], signed(body), body) is WebhookRefusal.TOO_LARGE
    assert verify([SECRET], signed(body[:-1]), body[:-1]) == "msg_1"


def test_one_or_many_records_are_kept_byte_for_byte() -> None:
    one, two = record(note="a  b"), record(id="te-2")
    single = b'{"data": ' + one + b"}"
    many = b'{"data": [ ' + one + b" ,\n" + two + b"]}"

    first, _ = webhook_delivery(1, "msg_1", single, received_at=RECEIVED_AT)
    second, problems = webhook_delivery(1, "msg_2", many, received_at=RECEIVED_AT)

    assert list(first.records) == [one]
    assert list(second.records) == [one, two]
    assert (second.method, second.delivery_id) == (Method.WEBHOOK, "msg_2")
    assert problems == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"type": "x"}', b'{"data": [1, }', b"{"]
)
def test_a_signed_body_without_records_is_to_be_refused_and_kept(body: bytes) -> None:
    delivery, problems = webhook_delivery(1, "msg_1", body, received_at=RECEIVED_AT)

    assert [problem.code for problem in problems] == [ProblemCode.RECORD_MALFORMED]
    assert list(delivery.records) == [body]
