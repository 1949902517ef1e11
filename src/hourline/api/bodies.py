"""Read what clients write: JSON with the place of a fault, names, ids of any kind."""

import re
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec

from hourline.api.problems import ApiProblem, Code, Finding

T = TypeVar("T")
_BYTE = re.compile(r"\(byte (\d+)\)")
_DEPTH = "it is nested too deeply"


def read_json(body: bytes, kind: type[T]) -> T:
    """Return a body as a value of a type; unknown fields are refused by name.

    Raises ApiProblem: 400 for what is no JSON, 422 for JSON of another shape.
    """
    try:
        body.decode()
        found: T = msgspec.json.Decoder(kind, float_hook=Decimal).decode(body)
    except msgspec.ValidationError as fault:
        finding = Finding(
            code="field_invalid",
            sentence=f"{fault}.",
            remedy="Write the body as the reference of the API shows.",
        )
        raise ApiProblem(
            Code.REFUSED, "The body has another shape.", findings=[finding]
        ) from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise malformed(body, fault) from fault
    _assert_storable(found)
    return found


def malformed(body: bytes, fault: Exception) -> ApiProblem:
    """Return the refusal of a body that is no JSON, naming the line and the column."""
    match fault:
        case UnicodeDecodeError(start=at):
            what = "a byte is not UTF-8"
        case RecursionError():
            at, what = 0, _DEPTH
        case _:
            found = _BYTE.search(str(fault))
            at = int(found[1]) if found else len(body)
            what = _BYTE.sub("", str(fault)).removeprefix("JSON is malformed: ").strip()
    line = body.count(b"\n", 0, at) + 1
    column = at - body.rfind(b"\n", 0, at)
    return ApiProblem(Code.MALFORMED_JSON, f"Line {line}, column {column}: {what}.")


def _assert_storable(value: Any) -> None:  # noqa: ANN401 - JSON is any shape
    """Refuse the one character that no text in the database can hold."""
    match value:
        case str() if "\x00" in value:
            finding = Finding(
                code="field_invalid",
                sentence="A text contains the character NUL.",
                remedy="Leave the character out.",
            )
            raise ApiProblem(
                Code.REFUSED, "A text cannot be stored.", findings=[finding]
            )
        case dict():
            for name, inner in value.items():
                _assert_storable(name)
                _assert_storable(inner)
        case list() | tuple():
            for inner in value:
                _assert_storable(inner)
        case msgspec.Struct():
            _assert_storable(msgspec.structs.asdict(value))
        case _:
            pass  # numbers, truth values and dates hold no text


def id_in_path(segment: str) -> str:
    """Return the id a segment of a path stands for; raise ApiProblem for none.

    Paths are routed as they were written, so an id may contain an encoded slash.
    """
    try:
        text = unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        raise not_found() from None
    if "\x00" in text:
        raise not_found()
    return text


def not_found() -> ApiProblem:
    """Return the one refusal for everything that is not there, or not for this key."""
    return ApiProblem(Code.NOT_FOUND, Code.NOT_FOUND.value.title)
