"""What the egress client says about each way in which a call can end."""

import asyncio
import json
import socket
import time
from decimal import Decimal

import pytest

from hourline.connectors.sdk.egress import (
    Egress,
    HttpReply,
    HttpRequest,
    Unknown,
    UnknownReason,
    Unreached,
    UnreachedReason,
)
from tests.connectors.raw_server import get, loopback_egress, ok, raw_server, saying


@pytest.mark.integration
def test_a_full_reply_is_a_reply_whatever_its_status() -> None:
    teapot = b"HTTP/1.1 418 Short\r\nX-Kind: Pot\r\nContent-Length: 2\r\n\r\nhi"

    with raw_server(saying(teapot)) as server:
        reply = loopback_egress().send(get(server.url))

    assert isinstance(reply, HttpReply)
    assert (reply.status, reply.body, reply.headers["x-kind"]) == (418, b"hi", "Pot")


@pytest.mark.integration
@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\n\r\n"),
    ],
)
def test_a_reply_that_has_no_body_is_complete_without_one(
    method: str, said: bytes
) -> None:
    with raw_server(saying(said)) as server:
        reply = loopback_egress().send(HttpRequest(method=method, url=server.url))

    assert isinstance(reply, HttpReply)
    assert reply.body == b""


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
def test_a_process_paused_while_connecting_sends_nothing_on_waking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with raw_server(saying(ok(b"{}"))) as server:

        async def answer_after_a_pause(*_: object, **_named: object) -> list[object]:
            time.sleep(0.3)  # noqa: ASYNC251 - the pause stops the whole loop
            place = ("127.0.0.1", server.port)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place)]

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", answer_after_a_pause)
        url = f"http://localhost:{server.port}/"
        outcome = loopback_egress().send(get(url, seconds=0.1))

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


@pytest.mark.integration
def test_a_json_body_is_sent_with_amounts_as_decimal_strings() -> None:
    with raw_server(saying(ok(b"{}"))) as server:
        loopback_egress().send(
            HttpRequest.with_json("POST", server.url, {"net": Decimal("1600.10")})
        )

    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"net": "1600.10"}
