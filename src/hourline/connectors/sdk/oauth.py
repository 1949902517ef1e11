"""Fetch and keep the OAuth 2 client-credentials token of one connection."""

import asyncio
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote_plus, urlencode

from hourline.connectors.sdk.http import Exchanged, HttpReply, HttpRequest, NotJson

Exchange = Callable[[HttpRequest], Awaitable[Exchanged]]

_LIFETIME_SECONDS_DEFAULT = 300
_LIFETIME_SECONDS_MAX = 86_400
_FETCH_DEADLINE = timedelta(seconds=20)
_STATUS_OK = 200


@dataclass(frozen=True, kw_only=True)
class ClientCredentials:
    """Name the token endpoint of a vendor and what Hourline shows there."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True, kw_only=True)
class FixedKey:
    """Hold a key that a vendor gave out once and is shown as a bearer token."""

    key: str = field(repr=False)


class TokenKeeper:
    """Keep one token and let no more than one fetch of it be under way.

    Used on the egress loop only, so it needs no lock.
    """

    def __init__(
        self,
        credentials: ClientCredentials,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials = credentials
        self._monotonic = monotonic
        self._token: str | None = None
        self._usable_until = 0.0
        self._flight: asyncio.Task[str | None] | None = None

    async def token(self, exchange: Exchange, *, refused: str | None) -> str | None:
        """Return a usable token other than `refused`, or None if none can be had.

        Callers that wait for the same fetch share it and its outcome; one that gives
        up at its deadline leaves the fetch to the others.
        """
        fresh = self._monotonic() < self._usable_until
        if self._token and fresh and self._token != refused:
            return self._token
        if self._flight is None:
            self._flight = asyncio.create_task(self._fetch(exchange))
            self._flight.add_done_callback(self._landed)
        return await asyncio.shield(self._flight)

    def _landed(self, _task: asyncio.Task[str | None]) -> None:
        self._flight = None

    async def _fetch(self, exchange: Exchange) -> str | None:
        asked_at = self._monotonic()
        reply = await exchange(_token_request(self._credentials))
        self._token, lifetime_seconds = _read_token(reply)
        # A tenth is kept back, so that a token does not expire on its way.
        self._usable_until = asked_at + lifetime_seconds * 9 // 10
        return self._token


def _token_request(credentials: ClientCredentials) -> HttpRequest:
    form = {"grant_type": "client_credentials"}
    if credentials.scope:
        form["scope"] = credentials.scope
    # RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
    pair = ":".join(
        quote_plus(part) for part in (credentials.client_id, credentials.client_secret)
    )
    return HttpRequest(
        method="POST",
        url=credentials.token_url,
        headers={
            "Authorization": f"Basic {b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
        body=urlencode(form).encode(),
        deadline=_FETCH_DEADLINE,
    )


def _read_token(reply: Exchanged) -> tuple[str | None, int]:
    if not isinstance(reply, HttpReply) or reply.status != _STATUS_OK:
        return None, 0
    try:
        content = reply.json()
    except NotJson:
        return None, 0
    token = content.get("access_token") if isinstance(content, dict) else None
    # A token that cannot stand in a header is none.
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        return None, 0
    return token or None, _lifetime_seconds(content.get("expires_in"))


def _lifetime_seconds(stated: object) -> int:
    if isinstance(stated, str) and stated.isdecimal() and stated.isascii():
        stated = int(stated[:9])
    if isinstance(stated, bool) or not isinstance(stated, int | Decimal):
        return _LIFETIME_SECONDS_DEFAULT
    return int(max(0, min(stated, _LIFETIME_SECONDS_MAX)))
