"""Serve a sandbox vendor over HTTP: tokens, rate limit, faults, then its operations."""

import asyncio
import hmac
import inspect
import json
import math
import secrets
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from hourline.connectors.sandbox.calls import Answer, Call, Operation, Refused
from hourline.connectors.sandbox.faults import Fault, FaultPlan, FaultRule
from hourline.connectors.sandbox.storage import Storage

TOKEN_SECONDS = 600
BODY_BYTES_MAX = 20 * 1024 * 1024
_TOKEN_OPERATION = "token"


@dataclass(frozen=True)
class Credentials:
    """What a client shows at the token endpoint."""

    client_id: str
    client_secret: str = field(repr=False)


class RateLimit:
    """Let calls through a bucket that refills at a steady pace."""

    def __init__(self, *, per_second: int, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left = float(burst)
        self._filled_at = time.monotonic()

    def wait_seconds(self) -> int:
        """Return 0 and take one call, or the whole seconds to wait for it."""
        now = time.monotonic()
        gained = (now - self._filled_at) * self._per_second
        self._left = min(self._burst, self._left + gained)
        self._filled_at = now
        if self._left >= 1:
            self._left -= 1
            return 0
        return max(1, math.ceil((1 - self._left) / self._per_second))


class VendorServer:
    """Run one vendor's operations behind what all vendors have in common.

    Paths below /api need a token; those below /admin are the tester's levers.
    """

    def __init__(
        self,
        name: str,
        *,
        storage: Storage,
        credentials: Credentials,
        operations: Sequence[Operation],
        token_seconds: int = TOKEN_SECONDS,
    ) -> None:
        self.name = name
        self._storage = storage
        self._credentials = credentials
        self._operations = operations
        self._token_seconds = token_seconds
        self._usable_until: dict[str, float] = {}
        self._limit = RateLimit(per_second=500, burst=500)
        self._faults = FaultPlan(
            [_TOKEN_OPERATION, *(o.name for o in operations if _is_api(o))]
        )

    def application(self) -> web.Application:
        """Return the server as an aiohttp application."""
        application = web.Application(client_max_size=BODY_BYTES_MAX)
        application.router.add_post("/oauth/token", self._serve_token)
        for operation in (*self._operations, *self._levers()):
            serve = self._serving(operation)
            application.router.add_route(operation.method, operation.path, serve)
        return application

    def close(self) -> None:
        """Close the books."""
        self._storage.close()

    def _levers(self) -> tuple[Operation, ...]:
        return (
            Operation("add_fault", "POST", "/admin/faults", self._add_fault),
            Operation("show_faults", "GET", "/admin/faults", self._show_faults),
            Operation("clear_faults", "DELETE", "/admin/faults", self._clear_faults),
            Operation("set_rate_limit", "POST", "/admin/rate-limit", self._set_limit),
            Operation("show_books", "GET", "/admin/books", self._show_books),
        )

    def _serving(
        self, operation: Operation
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            if not _is_api(operation):
                return _response(await self._perform(operation, request))
            return await self._with_faults(
                operation.name,
                request,
                guard=lambda: self._refusal(request),
                perform=lambda: self._perform(operation, request),
            )

        return serve

    async def _serve_token(self, request: web.Request) -> web.StreamResponse:
        return await self._with_faults(
            _TOKEN_OPERATION,
            request,
            guard=lambda: None,
            perform=lambda: self._grant_token(request),
        )

    async def _with_faults(
        self,
        name: str,
        request: web.Request,
        *,
        guard: Callable[[], Answer | None],
        perform: Callable[[], Awaitable[Answer]],
    ) -> web.StreamResponse:
        await request.read()  # a fault must not cut off the sender
        rule = self._faults.bite(name)
        if rule and rule.fault is Fault.TOKEN_EXPIRED:
            self._usable_until.pop(_bearer(request), None)
        early = await _early_fault(rule, request)
        if early is not None:
            return early
        refusal = guard()
        if refusal is not None:
            return _response(refusal)
        return await _late_fault(rule, request, await perform())

    def _refusal(self, request: web.Request) -> Answer | None:
        """Return why a call is not let through, the rate limit first."""
        wait_seconds = self._limit.wait_seconds()
        if wait_seconds:
            return _too_many(wait_seconds)
        if self._usable_until.get(_bearer(request), 0) <= time.monotonic():
            return Answer(401, {"code": "token_invalid", "message": "get a new token"})
        return None

    async def _perform(self, operation: Operation, request: web.Request) -> Answer:
        """Run an operation and commit its effect before anything is answered."""
        body = await request.read()
        try:
            call = _call(request, body)
            with self._storage.writing():
                answer = operation.handler(call)
                if not inspect.isawaitable(answer):
                    return answer
            return await answer
        except Refused as refused:
            return refused.answer

    async def _grant_token(self, request: web.Request) -> Answer:
        form = await request.post()
        pair = f"{self._credentials.client_id}:{self._credentials.client_secret}"
        shown = request.headers.get("Authorization", "").encode()
        expected = b"Basic " + b64encode(pair.encode())
        if not hmac.compare_digest(shown, expected):
            return Answer(401, {"error": "invalid_client"})
        if form.get("grant_type") != "client_credentials":
            return Answer(400, {"error": "unsupported_grant_type"})
        token = secrets.token_urlsafe(24)
        self._usable_until[token] = time.monotonic() + self._token_seconds
        return Answer(
            200,
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": self._token_seconds,
            },
        )

    def _add_fault(self, call: Call) -> Answer:
        self._faults.add(call.content)
        return Answer(201, self._faults.counters())

    def _show_faults(self, _call: Call) -> Answer:
        return Answer(200, self._faults.counters())

    def _clear_faults(self, _call: Call) -> Answer:
        self._faults.clear()
        return Answer(200, self._faults.counters())

    def _set_limit(self, call: Call) -> Answer:
        try:
            limits = {name: int(call.content[name]) for name in ("per_second", "burst")}
        except (KeyError, TypeError, ValueError):
            raise Refused(422, "bad_limit", "state per_second and burst") from None
        if min(limits.values()) < 1:
            raise Refused(422, "bad_limit", "a limit lets at least one call through")
        self._limit = RateLimit(**limits)
        return Answer(200, limits)

    def _show_books(self, _call: Call) -> Answer:
        return Answer(200, {"documents": self._storage.documents()})


def _is_api(operation: Operation) -> bool:
    return operation.path.startswith("/api/")


def _call(request: web.Request, body: bytes) -> Call:
    try:
        content = json.loads(body) if body else None
    except ValueError:
        raise Refused(400, "bad_json", "the body is not JSON") from None
    return Call(
        path=dict(request.match_info),
        query=dict(request.query),
        headers=request.headers,
        body=body,
        content=content,
    )


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _too_many(wait_seconds: int) -> Answer:
    return Answer(
        429,
        {"code": "too_many_calls", "message": "slow down"},
        {"Retry-After": str(wait_seconds)},
    )


def _response(answer: Answer) -> web.Response:
    return web.Response(
        status=answer.status,
        body=json.dumps(answer.content, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", **answer.headers},
    )


async def _early_fault(
    rule: FaultRule | None, request: web.Request
) -> web.StreamResponse | None:
    """Return what a fault answers in place of the effect, if it prevents it."""
    if rule is None:
        return None
    await asyncio.sleep(rule.delay_milliseconds / 1000)
    match rule.fault:
        case Fault.RATE_LIMIT_429:
            return _response(_too_many(1))
        case Fault.ERROR_500_BEFORE:
            return _server_error()
        case Fault.TIMEOUT_BEFORE_EFFECT:
            return _hang_up(request)
        case _:
            return None


async def _late_fault(
    rule: FaultRule | None, request: web.Request, answer: Answer
) -> web.StreamResponse:
    """Return the answer, or what a fault makes of it once the effect is committed."""
    fault = rule.fault if rule else None
    match fault:
        case Fault.ERROR_500_AFTER:
            return _server_error()
        case Fault.TIMEOUT_AFTER_EFFECT:
            return _hang_up(request)
        case Fault.TRUNCATED_BODY:
            return await _half_of(_response(answer), request)
        case _:
            return _response(answer)


def _server_error() -> web.Response:
    return _response(Answer(500, {"code": "internal", "message": "something broke"}))


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection so that no reply is ever sent on it."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)  # never leaves: the transport is gone


async def _half_of(response: web.Response, request: web.Request) -> web.StreamResponse:
    body = response.body
    content = bytes(body) if isinstance(body, bytes | bytearray) else b""
    cut = web.StreamResponse(status=response.status, headers=response.headers)
    cut.content_length = len(content)
    await cut.prepare(request)
    await cut.write(content[: len(content) // 2])
    if request.transport is not None:
        request.transport.close()
    return cut
