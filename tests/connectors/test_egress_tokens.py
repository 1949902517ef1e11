"""How the egress client gets, shares and renews the token of a connection."""

import socket
import threading
import time

import pytest

from hourline.connectors.sdk.egress import (
    LOOPBACK,
    ClientCredentials,
    Egress,
    FixedKey,
    HttpReply,
    Unreached,
    UnreachedReason,
)
from tests.connectors.raw_server import get, ok, raw_server, saying

TOKEN = ok(b'{"access_token": "t-1", "token_type": "Bearer", "expires_in": 600}')
OTHER_TOKEN = ok(b'{"access_token": "t-2", "token_type": "Bearer"}')
UNAUTHORISED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


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
def test_a_401_stands_when_no_other_token_can_be_had() -> None:
    with (
        raw_server(saying(TOKEN), saying(UNAUTHORISED)) as tokens,
        raw_server(saying(UNAUTHORISED)) as api,
    ):
        reply = egress_with_token(tokens.url).send(get(api.url))

    assert isinstance(reply, HttpReply)
    assert reply.status == 401
    assert len(api.asked) == 1


@pytest.mark.integration
def test_a_token_that_comes_too_late_sends_nothing_and_serves_the_next() -> None:
    def slowly(connection: socket.socket, _asked: bytes) -> None:
        time.sleep(0.4)
        connection.sendall(TOKEN)

    with raw_server(slowly) as tokens, raw_server(saying(ok(b"{}"))) as api:
        egress = egress_with_token(tokens.url)
        first = egress.send(get(api.url, seconds=0.1))
        second = egress.send(get(api.url))

    assert first == Unreached(UnreachedReason.NOT_AUTHORISED)
    assert isinstance(second, HttpReply)
    assert (len(tokens.asked), len(api.asked)) == (1, 1)


@pytest.mark.integration
def test_a_fixed_key_is_shown_as_it_is_and_never_renewed() -> None:
    with raw_server(saying(UNAUTHORISED)) as api:
        egress = Egress(LOOPBACK, credentials=FixedKey(key="k-1"))
        reply = egress.send(get(api.url))

    assert isinstance(reply, HttpReply)
    assert reply.status == 401
    assert [b"Authorization: Bearer k-1" in asked for asked in api.asked] == [True]


def test_a_fixed_key_is_not_shown_in_texts() -> None:
    assert "k-1" not in repr(FixedKey(key="k-1"))
