"""Hold the values of one HTTP exchange: the request and what became of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, NoReturn, Self

import msgspec

RETRY_AFTER_SECONDS_MAX = 3600
_DIGITS_SECONDS_MAX = 9  # longer figures are absurd, and slow to convert
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_TEXT = re.compile(r"[\t\x20-\x7e]*")
_SECRET_NAME = re.compile(
    r"auth|cookie|key|token|secret|signature|password", re.IGNORECASE
)
_SECONDS = re.compile(r"(-?)0*([0-9]+)(\.[0-9]+)?")
_encoder = msgspec.json.Encoder(decimal_format="string", order="deterministic")


class NotJson(ValueError):
    """Say that a body which should be JSON is not."""


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """Describe one call; its text never shows credentials, query or body.

    `url` is percent-encoded ASCII. `deadline` covers everything, the token included.
    Raises ValueError for headers that cannot be sent.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    deadline: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        """Refuse what would fail, or smuggle a header, after connecting."""
        if not _HEADER_NAME.fullmatch(self.method):
            raise ValueError(f"not an HTTP method: {self.method!r}")
        for name, text in self.headers.items():
            if not (_HEADER_NAME.fullmatch(name) and _HEADER_TEXT.fullmatch(text)):
                raise ValueError(f"not a sendable header: {name!r}")

    @classmethod
    def with_json(
        cls,
        method: str,
        url: str,
        content: object,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: timedelta = timedelta(seconds=30),
    ) -> Self:
        """Return a request whose body is `content` as JSON with sorted keys."""
        return cls(
            method=method,
            url=url,
            headers={"Content-Type": "application/json", **(headers or {})},
            body=_encoder.encode(content),
            deadline=deadline,
        )

    def __repr__(self) -> str:
        target = self.url.partition("?")[0]
        return (
            f"HttpRequest({self.method} {_without_userinfo(target)}, "
            f"headers={redacted(self.headers)}, {len(self.body)} bytes)"
        )


@dataclass(frozen=True, kw_only=True)
class HttpReply:
    """Hold a full reply; header names are lower case.

    `retry_after_seconds` is within 0 to 3600, or None when the vendor states none.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    retry_after_seconds: int | None = None

    def json(self) -> Any:  # noqa: ANN401 - JSON is any shape
        """Return the body's content; whole numbers are int, others Decimal.

        Raises NotJson.
        """
        return parse_json(self.body)

    def __repr__(self) -> str:
        return (
            f"HttpReply({self.status}, headers={redacted(self.headers)}, "
            f"{len(self.body)} bytes)"
        )


class UnreachedReason(StrEnum):
    """Say why provably nothing was sent."""

    URL_REFUSED = "url_refused"
    ADDRESS_REFUSED = "address_refused"
    NAME_NOT_RESOLVED = "name_not_resolved"
    CONNECT_FAILED = "connect_failed"
    TLS_FAILED = "tls_failed"
    DEADLINE = "deadline"
    NOT_AUTHORISED = "not_authorised"


class UnknownReason(StrEnum):
    """Say how the reply got lost after something may have been sent."""

    DEADLINE = "deadline"
    CONNECTION_LOST = "connection_lost"
    BODY_CUT = "body_cut"
    BODY_TOO_LARGE = "body_too_large"
    LENGTH_NOT_STATED = "length_not_stated"
    NOT_HTTP = "not_http"


@dataclass(frozen=True)
class Unreached:
    """Say that the vendor provably received nothing of the request."""

    reason: UnreachedReason


@dataclass(frozen=True)
class Unknown:
    """Say that the request may have taken effect; `status` if one was read."""

    reason: UnknownReason
    status: int | None = None


Exchanged = HttpReply | Unreached | Unknown


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - JSON is any shape
    """Return the content of JSON bytes without ever making a float.

    Raises NotJson.
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise NotJson("the body is not JSON") from fault


def retry_after_seconds(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """Return the stated waiting time, clamped to 0..3600; None if none is readable.

    A date counts from the vendor's own Date header, as clocks differ; else from `now`.
    """
    text = headers.get("retry-after", "").strip()
    figure = _SECONDS.fullmatch(text)
    if figure:
        sign, whole, fraction = figure.groups()
        if sign:
            return 0
        if len(whole) > _DIGITS_SECONDS_MAX:
            return RETRY_AFTER_SECONDS_MAX
        return min(int(whole) + bool(fraction), RETRY_AFTER_SECONDS_MAX)
    until = _http_date(text)
    if until is None:
        return None
    since = _http_date(headers.get("date", "")) or now
    return max(0, min(int((until - since).total_seconds()), RETRY_AFTER_SECONDS_MAX))


def redacted(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with everything that smells of a credential blanked."""
    return {
        name: "[redacted]" if _SECRET_NAME.search(name) else text
        for name, text in headers.items()
    }


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _without_userinfo(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return scheme + mark + authority.rpartition("@")[2] + slash + path
