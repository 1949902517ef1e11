"""What the egress client says about each way in which a call can end."""

import asyncio
import json
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_network

import pytest

from hourline.connectors.sdk.egress import (
    LOOPBACK,
    AddressPolicy,
    ClientCredentials,
    Egress,
    HttpReply,
    HttpRequest,
    Unknown,
    UnknownReason,
    Unreached,
    UnreachedReason,
)
from hourline.connectors.sdk.http import NotJson, parse_json, retry_after_seconds
from tests.connectors.raw_server import (
    loopback_egress,
    ok,
    raw_server,
    saying,
)

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TOKEN = ok(b'{"access_token": "t-1", "token_type": "Bearer", "expires_in": 600}')
OTHER_TOKEN = ok(b'{"access_token": "t-2", "token_type": "Bearer"}')
UNAUTHORISED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


def get(url: str, *, seconds: float = 5) -> HttpRequest:
    return HttpRequest(method="GET", url=url, deadline=timedelta(seconds=seconds))


@pytest.mark.integration
def test_a_full_reply_is_a_reply_whatever_its_status() -> None:
    teapot = b"HTTP/1.1 418 Short\r\nX-Kind: Pot\r\nContent-Length: 2\r\n\r\nhi"

    with raw_server(saying(teapot)) as server:
        reply = loopback_egress().send(get(server.url))

    assert isinstance(reply, HttpReply)
    assert (reply.status, reply.body, reply.headers["x-kind"]) == (418, b"hi", "Pot")


@pytest.mark.integration
def test_the_body_arrives_as_it_was_given() -> None:
    body = b"x" * 3_000_000

    with raw_server(saying(ok(b""))) as server:
        loopback_egress().send(HttpRequest(method="POST", url=server.url, body=body))

    head, _, sent = server.asked[0].partition(b"\r\n\r\n")
    assert sent == body
    assert b"Content-Length: 3000000" in head


@pytest.mark.integration
def test_a_refused_connection_is_unreached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]

    outcome = loopback_egress().send(get(f"http://127.0.0.1:{port}/"))

    assert outcome == Unreached(UnreachedReason.CONNECT_FAILED)


@pytest.mark.integration
def test_a_failed_tls_handshake_is_unreached() -> None:
    with raw_server(saying(b"this is not TLS")) as server:
        outcome = loopback_egress().send(get(f"https://127.0.0.1:{server.port}/"))

    assert outcome == Unreached(UnreachedReason.TLS_FAILED)


@pytest.mark.integration
def test_a_name_that_does_not_exist_is_unreached() -> None:
    outcome = Egress().send(get("https://nowhere.invalid/"))

    assert outcome == Unreached(UnreachedReason.NAME_NOT_RESOLVED)


@pytest.mark.integration
def test_a_deadline_that_has_passed_before_connecting_is_unreached() -> None:
    with raw_server(saying(ok(b"{}"))) as server:
        outcome = loopback_egress().send(get(server.url, seconds=0))

    assert outcome == Unreached(UnreachedReason.DEADLINE)
    assert b"".join(server.asked) == b""


@pytest.mark.integration
def test_a_deadline_after_sending_is_unknown() -> None:
    def stall(connection: socket.socket, _asked: bytes) -> None:
        connection.recv(1)  # until the client gives up

    with raw_server(stall) as server:
        outcome = loopback_egress().send(get(server.url, seconds=0.2))

    assert outcome == Unknown(UnknownReason.DEADLINE)
    assert len(server.asked) == 1


@pytest.mark.integration
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_a_connection_closed_without_a_reply_is_unknown_and_not_tried_again(
    method: str,
) -> None:
    with raw_server(saying(b""), saying(ok(b"{}"))) as server:
        outcome = loopback_egress().send(HttpRequest(method=method, url=server.url))

    assert outcome == Unknown(UnknownReason.CONNECTION_LOST)
    assert len(server.asked) == 1


@pytest.mark.integration
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (
            b"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{}",
            Unknown(UnknownReason.BODY_CUT, 201),
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
            Unknown(UnknownReason.BODY_CUT, 200),
        ),
        (
            b"HTTP/1.1 200 OK\r\n\r\n{}",
            Unknown(UnknownReason.LENGTH_NOT_STATED, 200),
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
            Unknown(UnknownReason.BODY_TOO_LARGE, 200),
        ),
        (b"SMTP ready\r\n\r\n", Unknown(UnknownReason.NOT_HTTP)),
        (
            ok(b"\x1f\x8b", b"Content-Encoding: gzip"),
            Unknown(UnknownReason.NOT_HTTP, 200),
        ),
    ],
)
def test_a_reply_that_is_not_whole_is_unknown(reply: bytes, outcome: Unknown) -> None:
    with raw_server(saying(reply)) as server:
        found = loopback_egress().send(get(server.url))

    assert found == outcome


@pytest.mark.integration
def test_an_endless_body_is_cut_off_at_ten_mebibytes() -> None:
    def flood(connection: socket.socket, _asked: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        part = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        try:
            for _ in range(400):
                connection.sendall(part)
        except OSError:
            return

    with raw_server(flood) as server:
        outcome = loopback_egress().send(get(server.url))

    assert outcome == Unknown(UnknownReason.BODY_TOO_LARGE, 200)


@pytest.mark.integration
def test_a_redirect_is_a_reply_and_not_followed() -> None:
    moved = (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/x\r\n"
        b"Content-Length: 0\r\n\r\n"
    )

    with raw_server(saying(moved)) as server:
        reply = loopback_egress().send(get(server.url))

    assert isinstance(reply, HttpReply)
    assert reply.status == 302
    assert len(server.asked) == 1


@pytest.mark.integration
def test_proxies_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    with raw_server(saying(ok(b"{}"))) as server:
        reply = loopback_egress().send(get(server.url))

    assert isinstance(reply, HttpReply)


@pytest.mark.integration
def test_a_429_is_a_reply_with_its_waiting_time() -> None:
    busy = b"HTTP/1.1 429 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"

    with raw_server(saying(busy)) as server:
        reply = loopback_egress().send(get(server.url))

    assert isinstance(reply, HttpReply)
    assert (reply.status, reply.retry_after_seconds) == (429, 7)


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
    ("name", "text"), [("X-A", "b\r\nX-C: d"), ("X A", "b"), ("", "b"), ("X-A", "\0")]
)
def test_a_header_that_cannot_be_sent_is_refused_before_connecting(
    name: str, text: str
) -> None:
    with pytest.raises(ValueError, match="header"):
        HttpRequest(method="GET", url="https://a.example/", headers={name: text})


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
    224.0.0.1 240.0.0.1 255.255.255.255 192.0.0.9 192.88.99.1 198.18.0.1 203.0.113.5
    168.63.129.16 ::1 :: ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 fe80::1
    fe80::1%1 fd00:ec2::254 ff02::1 ff0e::1 64:ff9b::7f00:1 64:ff9b:1::1 2001::1
    2002:7f00:1:: 2001:db8::1""".split(),
)
def test_what_is_not_a_public_address_needs_a_grant(address: str) -> None:
    assert not AddressPolicy().permits(address, port=443, scheme="https")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111"])
def test_a_public_address_is_reached_by_https_at_443_only(address: str) -> None:
    policy = AddressPolicy(plain_http=True)

    assert policy.permits(address, port=443, scheme="https")
    assert not policy.permits(address, port=8443, scheme="https")
    assert not policy.permits(address, port=443, scheme="http")


def test_a_granted_network_is_reached_at_any_port() -> None:
    policy = AddressPolicy(networks=(ip_network("10.1.0.0/16"),))

    assert policy.permits("10.1.2.3", port=8443, scheme="https")
    assert policy.permits("::ffff:10.1.2.3", port=8443, scheme="https")
    assert not policy.permits("10.2.0.1", port=443, scheme="https")
    assert not policy.permits("10.1.2.3", port=80, scheme="http")


@pytest.mark.integration
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://127.0.0.1:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://[::ffff:127.0.0.1]:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://localhost:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("http://localhost:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://127.1:{port}/", UnreachedReason.URL_REFUSED),
        ("https://2130706433:{port}/", UnreachedReason.URL_REFUSED),
        ("https://a:b@127.0.0.1:{port}/", UnreachedReason.URL_REFUSED),
        ("ftp://127.0.0.1:{port}/", UnreachedReason.URL_REFUSED),
        ("https:///nobody", UnreachedReason.URL_REFUSED),
        ("https://127.0.0.1:99999/", UnreachedReason.URL_REFUSED),
        ("https://127.0.0.1/a b", UnreachedReason.URL_REFUSED),
    ],
)
def test_without_a_grant_nothing_of_this_machine_is_reached(
    url: str, reason: UnreachedReason
) -> None:
    with raw_server(saying(ok(b"{}"))) as server:
        outcome = Egress().send(get(url.format(port=server.port)))

    assert outcome == Unreached(reason)
    assert server.asked == []


@pytest.mark.integration
def test_a_name_is_refused_by_the_worst_of_its_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answers(*_args: object, **_named: object) -> list[object]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("93.184.215.14", 443)), (*kind, ("10.0.0.1", 443))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", answers)

    outcome = Egress().send(get("https://two-faced.example/"))

    assert outcome == Unreached(UnreachedReason.ADDRESS_REFUSED)


def egress_with_token(token_url: str) -> Egress:
    return Egress(
        LOOPBACK,
        credentials=ClientCredentials(
            token_url=token_url, client_id="hour line", client_secret="a:b"
        ),
    )


@pytest.mark.integration
def test_a_token_is_fetched_once_and_kept() -> None:
    with raw_server(saying(TOKEN)) as tokens, raw_server(saying(ok(b"{}"))) as api:
        egress = egress_with_token(tokens.url)
        egress.send(get(api.url))
        egress.send(get(api.url))

    assert len(tokens.asked) == 1
    assert b"grant_type=client_credentials" in tokens.asked[0]
    assert b"Basic aG91citsaW5lOmElM0Fi" in tokens.asked[0]
    assert [b"Bearer t-1" in asked for asked in api.asked] == [True, True]


@pytest.mark.integration
def test_callers_at_the_same_moment_share_one_token_fetch() -> None:
    def slowly(connection: socket.socket, _asked: bytes) -> None:
        time.sleep(0.3)
        connection.sendall(TOKEN)

    replies = []
    with raw_server(slowly) as tokens, raw_server(saying(ok(b"{}"))) as api:
        egress = egress_with_token(tokens.url)
        threads = [
            threading.Thread(target=lambda: replies.append(egress.send(get(api.url))))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(tokens.asked) == 1
    assert [reply.status for reply in replies if isinstance(reply, HttpReply)] == (
        [200] * 8
    )


@pytest.mark.integration
def test_a_401_renews_the_token_and_sends_once_more() -> None:
    with (
        raw_server(saying(TOKEN), saying(OTHER_TOKEN)) as tokens,
        raw_server(saying(UNAUTHORISED), saying(ok(b"{}"))) as api,
    ):
        reply = egress_with_token(tokens.url).send(get(api.url))

    assert isinstance(reply, HttpReply)
    assert reply.status == 200
    assert [b"t-1" in api.asked[0], b"t-2" in api.asked[1]] == [True, True]


@pytest.mark.integration
def test_a_second_401_is_returned_as_it_is() -> None:
    with (
        raw_server(saying(TOKEN), saying(OTHER_TOKEN)) as tokens,
        raw_server(saying(UNAUTHORISED)) as api,
    ):
        reply = egress_with_token(tokens.url).send(get(api.url))

    assert isinstance(reply, HttpReply)
    assert reply.status == 401
    assert len(api.asked) == 2


@pytest.mark.integration
@pytest.mark.parametrize(
    "answer",
    [
        UNAUTHORISED,
        ok(b"not json"),
        ok(b"[]"),
        ok(b'{"access_token": "a\\r\\nX-Evil: 1"}'),
        ok(b'{"access_token": ""}'),
        b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n",
    ],
)
def test_without_a_token_the_request_is_not_sent(answer: bytes) -> None:
    with raw_server(saying(answer)) as tokens, raw_server(saying(ok(b"{}"))) as api:
        outcome = egress_with_token(tokens.url).send(get(api.url))

    assert outcome == Unreached(UnreachedReason.NOT_AUTHORISED)
    assert api.asked == []


@pytest.mark.integration
def test_an_expired_token_is_renewed_before_use() -> None:
    clock = [0.0]
    with (
        raw_server(saying(TOKEN), saying(OTHER_TOKEN)) as tokens,
        raw_server(saying(ok(b"{}"))) as api,
    ):
        egress = Egress(
            LOOPBACK,
            credentials=ClientCredentials(
                token_url=tokens.url, client_id="a", client_secret="b"
            ),
            monotonic=lambda: clock[0],
        )
        egress.send(get(api.url))
        clock[0] = 539
        egress.send(get(api.url))
        clock[0] = 541
        egress.send(get(api.url))

    assert [b"t-1" in asked for asked in api.asked] == [True, True, False]
    assert len(tokens.asked) == 2


@pytest.mark.integration
def test_a_json_body_is_sent_with_amounts_as_decimal_strings() -> None:
    with raw_server(saying(ok(b"{}"))) as server:
        loopback_egress().send(
            HttpRequest.with_json("POST", server.url, {"net": Decimal("1600.10")})
        )

    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"net": "1600.10"}
