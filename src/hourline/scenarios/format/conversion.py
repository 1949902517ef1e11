"""Convert plain values of a file to typed ones; name the exact place of an error."""

import re
from typing import Any, TypeVar

import msgspec

from hourline.scenarios.format.choices import choices_at
from hourline.scenarios.format.figures import found, read_special
from hourline.scenarios.format.refusal import InvalidScenario

T = TypeVar("T")

_AT = re.compile(r" - at `(?P<path>[^`]*)`$")
_ENUM = re.compile(r"^Invalid enum value ")
_EXPECTED = re.compile(r"^Expected `(?P<kind>[^`]+)`(, got `[^`]+`)?$")
_PAIR = re.compile(r"^Expected `array` of length 2")
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<field>[^`]+)`$")
_MISSING = re.compile(r"^Object missing required field `(?P<field>[^`]+)`$")
_PART = re.compile(r"\.(?P<field>[^.\[]+)|\[(?P<index>\d+)\]|(?P<any>\[\.\.\.\])")
_WORDS = {
    "str": "a text",
    "object": "a mapping of fields",
    "array": "a list",
    "bool": "true or false",
    "int": "a whole number",
    "str | null": "a text",
    "bool | null": "true or false",
    "int | null": "a whole number",
    "array | null": "a list",
    "object | null": "a mapping of fields",
}


def convert(value: object, kind: type[T], place: str) -> T:
    """Return the value as `kind`; `place` is where it stands in the scenario.

    Raises InvalidScenario with the path of what is wrong and what was expected.
    """
    try:
        return _typed(value, kind)
    except msgspec.ValidationError as reason:
        path, wrong = _taken_apart(_with_keys(value, kind, str(reason)))
        sentence = _sentence(wrong, _value_at(value, path), choices_at(kind, path))
        raise InvalidScenario(f"{place}{path}".lstrip("."), sentence) from reason


def _typed(value: object, kind: type[T]) -> T:
    return msgspec.convert(value, kind, strict=False, dec_hook=read_special)


def _taken_apart(message: str) -> tuple[str, str]:
    match = _AT.search(message)
    if match is None:
        return "", message
    return match["path"].removeprefix("$"), message[: match.start()]


def _with_keys(value: object, kind: type[Any], message: str) -> str:
    """Put the keys for each `[...]` that msgspec writes for any key of a mapping."""
    path, wrong = _taken_apart(message)
    while "[...]" in path:
        before, _, after = path.partition("[...]")
        holder = _value_at(value, before)
        if not isinstance(holder, dict):
            return message
        for key in holder:
            narrowed = _replaced(value, before, {key: holder[key]})
            if _refusal(narrowed, kind) == message:
                break
        else:
            return message
        value, path = narrowed, f"{before}.{key}{after}"
    return f"{wrong} - at `${path}`"


def _refusal(value: object, kind: type[Any]) -> str:
    try:
        _typed(value, kind)
    except msgspec.ValidationError as reason:
        return str(reason)
    return ""


def _replaced(value: Any, path: str, new: object) -> object:  # noqa: ANN401 - plain
    """Return the value with something else at a path."""
    match = _PART.match(path)
    if match is None:
        return new
    rest = path[match.end() :]
    if match["index"] is not None:
        at = int(match["index"])
        return [*value[:at], _replaced(value[at], rest, new), *value[at + 1 :]]
    return {**value, match["field"]: _replaced(value[match["field"]], rest, new)}


def _value_at(value: Any, path: str) -> object:  # noqa: ANN401 - plain values
    for match in _PART.finditer(path):
        if match["any"]:
            return value
        try:
            value = value[int(match["index"]) if match["index"] else match["field"]]
        except (KeyError, IndexError, TypeError):
            return value
    return value


def _sentence(wrong: str, at_fault: object, choices: str) -> str:
    if match := _UNKNOWN.match(wrong):
        return f"the field {match['field']} is not part of the format"
    if match := _MISSING.match(wrong):
        return f"expected the field {match['field']}, which is missing"
    expected = _expected(wrong, choices)
    if expected is None:
        return wrong[:1].lower() + wrong[1:]
    return f"expected {expected}, found {found(at_fault)}"


def _expected(wrong: str, choices: str) -> str | None:
    if wrong.startswith("Invalid RFC3339 encoded date"):
        return "a day such as 2025-04-30"
    if _ENUM.match(wrong):
        return choices
    if _PAIR.match(wrong):
        return "two figures: [hours, amount]"
    if match := _EXPECTED.match(wrong):
        return _WORDS.get(match["kind"], match["kind"])
    return None
