"""What a request and a reply say and, of credentials, never say."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hourline.connectors.sdk.egress import ClientCredentials, HttpReply, HttpRequest
from hourline.connectors.sdk.http import NotJson, parse_json, retry_after_seconds

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("0", 0),
        ("17", 17),
        ("1.5", 2),
        ("-5", 0),
        ("86400", 3600),
        ("9" * 5000, 3600),
        ("Mon, 02 Nov 2026 09:01:30 GMT", 90),
        ("Mon, 02 Nov 2020 09:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        ("soon", None),
        ("", None),
        ("\u0663", None),
    ],
)
def test_a_waiting_time_is_seconds_or_a_date_within_an_hour(
    stated: str, seconds: int | None
) -> None:
    assert retry_after_seconds({"retry-after": stated}, now=NOW) == seconds


def test_a_waiting_date_counts_from_the_clock_of_the_vendor() -> None:
    headers = {
        "retry-after": "Mon, 02 Nov 2026 10:00:30 GMT",
        "date": "Mon, 02 Nov 2026 10:00:00 GMT",
    }

    assert retry_after_seconds(headers, now=NOW) == 30


def test_json_numbers_are_exact() -> None:
    content = parse_json(b'{"net": 1600.10, "lines": 3, "huge": 1e400}')

    assert content == {"net": Decimal("1600.10"), "lines": 3, "huge": Decimal("1E+400")}
    assert isinstance(content["net"], Decimal)
    assert isinstance(content["lines"], int)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"NaN", b"[Infinity]", b"\xff", b"[" * 200_000]
)
def test_what_is_not_json_is_said_so(body: bytes) -> None:
    with pytest.raises(NotJson):
        parse_json(body)


def test_credentials_query_and_body_never_show_in_texts() -> None:
    request = HttpRequest(
        method="POST",
        url="https://u:canary@vendor.example/invoices?token=canary",
        headers={"Authorization": "Bearer canary", "X-Api-Key": "canary", "X-A": "b"},
        body=b"canary",
    )
    reply = HttpReply(status=200, headers={"set-cookie": "canary"}, body=b"canary")
    credentials = ClientCredentials(
        token_url="https://vendor.example/t", client_id="a", client_secret="canary"
    )

    texts = repr(request) + repr(reply) + repr(credentials)

    assert "canary" not in texts
    assert "https://vendor.example/invoices" in texts
    assert "'X-A': 'b'" in texts


@pytest.mark.parametrize(
    ("name", "text"),
    [("X-A", "b\r\nX-C: d"), ("X A", "b"), ("", "b"), ("X-A", "\0"), ("X-A", "é")],
)
def test_a_header_that_cannot_be_sent_is_refused_before_connecting(
    name: str, text: str
) -> None:
    with pytest.raises(ValueError, match="header"):
        HttpRequest(method="GET", url="https://a.example/", headers={name: text})
