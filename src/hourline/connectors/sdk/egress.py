"""Send HTTP requests for all connectors, each once, and say what became of them."""

import asyncio
import os
import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO

import aiohttp
from yarl import URL

from hourline.connectors.sdk.addresses import (
    LOOPBACK,
    AddressPolicy,
    AddressRefused,
    CheckedResolver,
    is_numeric,
)
from hourline.connectors.sdk.http import (
    Exchanged,
    HttpReply,
    HttpRequest,
    Unknown,
    UnknownReason,
    Unreached,
    UnreachedReason,
    retry_after_seconds,
)
from hourline.connectors.sdk.oauth import ClientCredentials, FixedKey, TokenKeeper

__all__ = [
    "LOOPBACK",
    "AddressPolicy",
    "ClientCredentials",
    "Egress",
    "FixedKey",
    "HttpReply",
    "HttpRequest",
    "Unknown",
    "UnknownReason",
    "Unreached",
    "UnreachedReason",
]

BODY_BYTES_MAX = 10 * 1024 * 1024
_STATUS_UNAUTHORISED = 401
_BODILESS_STATUSES = frozenset({204, 304})
_URL = re.compile(r"https?://[\x21-\x7e]+")


class Egress:
    """Send the requests of one connection, within what its policy grants.

    Never retries, never follows a redirect, ignores proxies of the environment, and
    opens a new, newly checked connection for each call: a kept one may already be
    closed at the other end, which would make a lost request look like an unknown one.
    With credentials, a request without Authorization gets the connection's token; a
    401 is answered before any effect, so the token is then renewed and the request
    sent once more, and only once. A fixed key is shown as it is, and never renewed.
    """

    def __init__(
        self,
        policy: AddressPolicy | None = None,
        *,
        credentials: ClientCredentials | FixedKey | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy or AddressPolicy()
        self._tokens = (
            TokenKeeper(credentials, monotonic=monotonic)
            if isinstance(credentials, ClientCredentials)
            else None
        )
        self._key = credentials.key if isinstance(credentials, FixedKey) else None
        self._now = now

    def send(self, request: HttpRequest) -> HttpReply | Unreached | Unknown:
        """Send one request and return the full reply or how far it provably got.

        Blocks the calling thread until the reply or the deadline; callable from any
        thread except the egress loop's own.
        """
        not_after = time.monotonic() + request.deadline.total_seconds()
        flight = asyncio.run_coroutine_threadsafe(
            self._send(request, not_after), _egress_loop()
        )
        try:
            return flight.result()
        except BaseException:
            flight.cancel()
            raise

    async def _send(self, request: HttpRequest, not_after: float) -> Exchanged:
        given = {name.lower() for name in request.headers}
        tokens = self._tokens
        if self._key is not None and "authorization" not in given:
            return await self._exchange(_bearing(request, self._key), not_after)
        if tokens is None or "authorization" in given:
            return await self._exchange(request, not_after)
        token = await self._token(tokens, not_after, refused=None)
        if token is None:
            return Unreached(UnreachedReason.NOT_AUTHORISED)
        outcome = await self._exchange(_bearing(request, token), not_after)
        if not (
            isinstance(outcome, HttpReply) and outcome.status == _STATUS_UNAUTHORISED
        ):
            return outcome
        renewed = await self._token(tokens, not_after, refused=token)
        if renewed is None:
            return outcome
        return await self._exchange(_bearing(request, renewed), not_after)

    async def _token(
        self, tokens: TokenKeeper, not_after: float, *, refused: str | None
    ) -> str | None:
        try:
            async with asyncio.timeout(not_after - time.monotonic()):
                return await tokens.token(self._fetch_token, refused=refused)
        except TimeoutError:
            return None

    async def _fetch_token(self, request: HttpRequest) -> Exchanged:
        return await self._exchange(
            request, time.monotonic() + request.deadline.total_seconds()
        )

    async def _exchange(self, request: HttpRequest, not_after: float) -> Exchanged:
        target = self._checked_target(request.url)
        if isinstance(target, Unreached):
            return target
        progress = _Progress(not_after=not_after)
        try:
            async with asyncio.timeout(not_after - time.monotonic()):
                return await self._call(target, request, progress)
        except (aiohttp.ClientError, OSError) as fault:
            return _outcome_of(fault, progress)

    def _checked_target(self, text: str) -> URL | Unreached:
        """Check all that can be checked without resolving a name."""
        try:
            target = URL(text, encoded=True) if _URL.fullmatch(text) else URL()
            host, port = target.host or "", target.port
        except ValueError:
            return Unreached(UnreachedReason.URL_REFUSED)
        if not host or port is None or target.user or target.password:
            return Unreached(UnreachedReason.URL_REFUSED)
        if is_numeric(host) and not self._policy.permits(
            host, port=port, scheme=target.scheme
        ):
            return Unreached(UnreachedReason.ADDRESS_REFUSED)
        return target

    async def _call(
        self, target: URL, request: HttpRequest, progress: "_Progress"
    ) -> Exchanged:
        connector = aiohttp.TCPConnector(
            resolver=CheckedResolver(self._policy, target.scheme),
            use_dns_cache=False,
            force_close=True,
        )
        async with (
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                auto_decompress=False,
                trace_configs=[_connection_trace(progress)],
            ) as session,
            session.request(
                request.method,
                target,
                headers={
                    "Accept-Encoding": "identity",
                    "User-Agent": "hourline",
                    **request.headers,
                },
                # As a stream: aiohttp warns of large bodies given as bytes.
                data=BytesIO(request.body) if request.body else None,
                skip_auto_headers=("Content-Type",),
                allow_redirects=False,
            ) as response,
        ):
            progress.status = response.status
            return await self._read(response)

    async def _read(self, response: aiohttp.ClientResponse) -> Exchanged:
        unreadable = _unreadable(response)
        if unreadable:
            return Unknown(unreadable, response.status)
        body = bytearray()
        async for part in response.content.iter_any():
            body += part
            if len(body) > BODY_BYTES_MAX:
                return Unknown(UnknownReason.BODY_TOO_LARGE, response.status)
        headers = {name.lower(): text for name, text in response.headers.items()}
        return HttpReply(
            status=response.status,
            headers=headers,
            body=bytes(body),
            retry_after_seconds=retry_after_seconds(headers, now=self._now()),
        )


@dataclass
class _Progress:
    """Know how far one call has got; from `connected` on, bytes may have left."""

    not_after: float
    connected: bool = False
    status: int | None = None


def _bearing(request: HttpRequest, token: str) -> HttpRequest:
    return replace(
        request, headers={**request.headers, "Authorization": f"Bearer {token}"}
    )


def _connection_trace(progress: _Progress) -> aiohttp.TraceConfig:
    """Return a trace that lets one connection through, and that only in time.

    aiohttp repeats GET, PUT and DELETE by itself on a lost connection: the trace stops
    the second connection. It is the send guard as well: a process that was paused
    while connecting must not send on waking.
    """

    async def connecting(*_details: object) -> None:
        if progress.connected:
            raise ConnectionResetError

    async def connected(*_details: object) -> None:
        if time.monotonic() >= progress.not_after:
            raise TimeoutError  # aiohttp drops the connection unused
        progress.connected = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(connecting)
    trace.on_connection_create_end.append(connected)
    return trace


def _unreadable(response: aiohttp.ClientResponse) -> UnknownReason | None:
    """Say why a reply cannot be read in full, so far as its headers tell."""
    if response.method == "HEAD" or response.status in _BODILESS_STATUSES:
        return None
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return UnknownReason.NOT_HTTP  # identity was asked for
    stated = response.content_length
    if stated is not None:
        return UnknownReason.BODY_TOO_LARGE if stated > BODY_BYTES_MAX else None
    chunked = response.headers.get("Transfer-Encoding", "").lower().endswith("chunked")
    # Without either, a body cut by a lost connection looks complete.
    return None if chunked else UnknownReason.LENGTH_NOT_STATED


def _outcome_of(fault: Exception, progress: _Progress) -> Unreached | Unknown:
    if not progress.connected:
        return Unreached(_unreached_reason(fault))
    return Unknown(_unknown_reason(fault), progress.status)


def _unreached_reason(fault: Exception) -> UnreachedReason:
    match fault:
        case TimeoutError():
            return UnreachedReason.DEADLINE
        case aiohttp.InvalidURL():
            return UnreachedReason.URL_REFUSED
        case aiohttp.ClientConnectorDNSError(os_error=AddressRefused()):
            return UnreachedReason.ADDRESS_REFUSED
        case aiohttp.ClientConnectorDNSError():
            return UnreachedReason.NAME_NOT_RESOLVED
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return UnreachedReason.TLS_FAILED
        case _:
            return UnreachedReason.CONNECT_FAILED


def _unknown_reason(fault: Exception) -> UnknownReason:
    match fault:
        case TimeoutError():
            return UnknownReason.DEADLINE
        case aiohttp.ClientPayloadError():
            return UnknownReason.BODY_CUT
        case aiohttp.ClientConnectionError() | OSError():
            return UnknownReason.CONNECTION_LOST
        case _:
            return UnknownReason.NOT_HTTP


_loop_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def _egress_loop() -> asyncio.AbstractEventLoop:
    """Return the one egress loop of this process, started on first use.

    Keyed by process, because a forked child has the loop but not its thread.
    """
    with _loop_lock:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = _loops[os.getpid()] = asyncio.new_event_loop()
            threading.Thread(
                target=loop.run_forever, name="egress", daemon=True
            ).start()
        return loop
