"""Speak to Tryton over JSON-RPC with the standard library alone.

The judge of Hourline's bookings reads through this; it shares no line with what posts.
"""

import base64
import gzip
import http.client as http_client
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from typing import Any

from tools.tryton.wire import Answer, decode, encode

CALL_SECONDS_MAX = 120
_UNAUTHORIZED = 401


class ErpRefused(Exception):
    """Hold what Tryton said instead of doing what was asked."""

    def __init__(self, kind: str, said: str, details: object = None) -> None:
        """Keep the kind, such as UserError, apart from the words."""
        super().__init__(f"{kind}: {said}")
        self.kind = kind
        self.said = said
        self.details = details


class ErpUnreachable(Exception):
    """Say that no answer came; what was asked may still have been done."""


@dataclass(frozen=True)
class Session:
    """Sign in to one database of one server, and call what its models offer."""

    url: str
    database: str
    login: str
    password: str = field(repr=False)
    context: dict[str, object] = field(default_factory=dict)
    token: str = field(default="", repr=False)

    def opened(self) -> "Session":
        """Return this session, signed in.

        Raises:
            ErpRefused: name or password is wrong.
        """
        secret = {"password": self.password}
        user, token, *_ = self._send("common.db.login", [self.login, secret, "en"])
        sign = f"{self.login}:{user}:{token}".encode()
        return replace(self, token=base64.b64encode(sign).decode())

    def within(self, **context: object) -> "Session":
        """Return this session with more context, such as `company`."""
        return replace(self, context={**self.context, **context})

    def call(self, method: str, *parameters: object) -> Answer:
        """Call a method; the context, which Tryton wants last, is added.

        Raises:
            ErpRefused: Tryton says no.
            ErpUnreachable: no answer came.
        """
        try:
            return self._send(method, [*parameters, self.context])
        except ErpRefused as refused:
            if refused.details != _UNAUTHORIZED or not self.token:
                raise
            # Posting wants a session that was used in the last five minutes.
            return self._send(
                method, [*parameters, self.context], token=self.opened().token
            )

    def create(self, model: str, *values: dict[str, object]) -> list[int]:
        """Create records and return their ids."""
        ids: list[int] = self.call(f"model.{model}.create", list(values))
        return ids

    def create_one(self, model: str, **values: object) -> int:
        """Create one record and return its id."""
        return self.create(model, values)[0]

    def write(self, model: str, ids: list[int], **values: object) -> None:
        """Change records."""
        self.call(f"model.{model}.write", ids, values)

    def press(self, model: str, button: str, ids: list[int]) -> None:
        """Press a button such as `post`."""
        self.call(f"model.{model}.{button}", ids)

    def count(self, model: str, domain: list[object]) -> int:
        """Return how many records a condition finds."""
        found: int = self.call(f"model.{model}.search_count", domain)
        return found

    def find(
        self, model: str, domain: list[object], fields: tuple[str, ...] = ()
    ) -> list[dict[str, Any]]:
        """Return the records a condition finds, in the order of their ids."""
        rows: list[dict[str, Any]] = self.call(
            f"model.{model}.search_read",
            domain,
            0,
            None,
            [["id", "ASC"]],
            ["id", *fields],
        )
        return rows

    def find_id(self, model: str, domain: list[object]) -> int:
        """Return the id of the one record a condition finds.

        Raises:
            LookupError: none or several are found.
        """
        rows = self.find(model, domain)
        if len(rows) != 1:
            raise LookupError(f"{len(rows)} records of {model} for {domain}")
        found: int = rows[0]["id"]
        return found

    def _send(
        self, method: str, parameters: list[object], *, token: str = ""
    ) -> Answer:
        body = encode({"id": 1, "method": method, "params": parameters})
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        if signed := token or self.token:
            headers["Authorization"] = f"Session {signed}"
        url = f"{self.url}/{self.database}/rpc/"
        # The address is that of a test server this program started.
        request = urllib.request.Request(url, body, headers)  # noqa: S310 - see above
        answer = decode(fetch(request))
        if "error" in answer:
            raise _refusal(answer["error"])
        return answer["result"]


def fetch(request: urllib.request.Request) -> bytes:
    """Return the body of an answer, unpacked.

    Raises:
        ErpRefused: any status but success.
        ErpUnreachable: no answer, or half of one.
    """
    try:
        # The URL is that of a test server this program started.
        with urllib.request.urlopen(  # noqa: S310 - see above
            request, timeout=CALL_SECONDS_MAX
        ) as answer:
            return _unpacked(answer.read(), answer.headers.get("Content-Encoding"))
    except urllib.error.HTTPError as refused:
        with refused:
            packed = refused.headers.get("Content-Encoding")
            said = _unpacked(refused.read(), packed).decode(errors="replace")
        raise ErpRefused(f"HTTP {refused.code}", said, refused.code) from refused
    except (OSError, http_client.HTTPException) as reason:
        raise ErpUnreachable(str(reason)) from reason


def _unpacked(body: bytes, encoding: str | None) -> bytes:
    return gzip.decompress(body) if encoding == "gzip" else body


def _refusal(error: list[Any]) -> ErpRefused:
    kind, details = error[0], error[1:]
    if kind == "UserWarning":
        name, said, *_ = details[0] if isinstance(details[0], list) else details
        return ErpRefused(kind, said, name)
    said = details[0][0] if details and isinstance(details[0], list) else str(details)
    return ErpRefused(str(kind), str(said), details)
