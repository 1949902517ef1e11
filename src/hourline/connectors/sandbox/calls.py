"""Hold what a sandbox operation is given and gives back, and read it strictly."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hourline.connectors.sandbox.storage import Content, Storage

LIMIT_DEFAULT = 100
LIMIT_MAX = 500
_AMOUNT = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request, authorised and parsed; `content` is its JSON body or None."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    content: Any


@dataclass(frozen=True)
class Answer:
    """A reply: a status and JSON content."""

    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """Answer a call by an error with a code; nothing of the call takes effect."""

    def __init__(self, status: int, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.answer = Answer(status, {"code": code, "message": reason})


Handler = Callable[[Call], Answer | Awaitable[Answer]]


@dataclass(frozen=True)
class Operation:
    """A named operation of a server; faults are aimed at the name."""

    name: str
    method: str
    path: str
    handler: Handler


def stated(content: Any, name: str) -> Any:  # noqa: ANN401 - JSON as it came
    """Return a field of a JSON object, None where it or the object is missing."""
    return content.get(name) if isinstance(content, dict) else None


def required(content: Any, name: str) -> str:  # noqa: ANN401 - JSON as it came
    """Return a text field of a JSON object.

    Raises Refused if there is no such object or the field no text.
    """
    text = stated(content, name)
    if not isinstance(text, str) or not text:
        raise Refused(422, "field_missing", f"{name} must be a text")
    return text


def minor_units(text: object) -> int:
    """Return a decimal string in major units as minor units.

    Raises Refused for anything else, JSON numbers among it.
    """
    figure = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if not figure:
        raise Refused(422, "bad_amount", f"not a decimal string: {text!r}")
    sign, whole, fraction = figure.groups()
    units = int(whole) * 100 + int((fraction or "").ljust(2, "0"))
    return -units if sign else units


def page(items: Sequence[object], call: Call) -> Answer:
    """Return the items after the call's cursor.

    `next_cursor` is always stated and never falls, so a later call goes on from it.
    """
    start, limit = cursor_and_limit(call)
    end = min(start + limit, max(start, len(items)))
    return Answer(
        200,
        {
            "items": list(items[start:end]),
            "next_cursor": str(end),
            "has_more": end < len(items),
        },
    )


def cursor_and_limit(call: Call) -> tuple[int, int]:
    """Return where a page begins and how long it may be.

    Raises Refused for what is no number, or too much.
    """
    start = _whole(call.query.get("cursor", "0"), "cursor")
    limit = _whole(call.query.get("limit", str(LIMIT_DEFAULT)), "limit")
    if not 1 <= limit <= LIMIT_MAX:
        raise Refused(400, "bad_limit", f"limit is 1 to {LIMIT_MAX}")
    return start, limit


def once_per_key(
    operation: str, storage: Storage, handler: Callable[[Call], Answer]
) -> Callable[[Call], Answer]:
    """Return a handler that answers a known Idempotency-Key by its stored reply.

    Only effects are stored: a refused call may be repeated with another body.
    """

    def keyed(call: Call) -> Answer:
        key = call.headers.get("Idempotency-Key")
        if key is None:
            return handler(call)
        known = storage.reply(f"{operation}:{key}")
        request_sha256 = hashlib.sha256(
            repr(sorted(call.path.items())).encode() + call.body
        ).hexdigest()
        if known is None:
            answer = handler(call)
            storage.keep_reply(
                f"{operation}:{key}",
                request_sha256=request_sha256,
                status=answer.status,
                content=answer.content,
            )
            return answer
        if known[0] != request_sha256:
            raise Refused(422, "idempotency_key_reused", "the key had another body")
        return Answer(known[1], known[2], {"Idempotent-Replayed": "true"})

    return keyed


def day_of(content: Any, name: str) -> str:  # noqa: ANN401 - JSON as it came
    """Return an ISO day of a JSON object.

    Raises Refused for anything else.
    """
    text = required(content, name)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused(422, "bad_date", f"{name} is not a day: {text!r}") from None


def existing(document: Content | None, name: str) -> Content:
    """Return a document that must exist.

    Raises Refused with status 404.
    """
    if document is None:
        raise Refused(404, "not_found", f"no such {name}")
    return document


def document_no(document_id: str) -> int:
    """Return the number in an id such as `AT-000042`, 0 where there is none."""
    digits = document_id.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdecimal() else 0


def shown(prefix: str, document: Content) -> Content:
    """Return a stored document as its server shows it, under its id."""
    rest = {name: value for name, value in document.items() if name != "no"}
    return {**rest, "id": f"{prefix}-{document['no']:06d}"}


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(400, f"bad_{name}", f"not a {name}: {text!r}")
    return int(text)
