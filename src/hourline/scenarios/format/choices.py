"""Name the words a place of the format allows, to tell whoever wrote another."""

import re
from typing import Any

from msgspec import inspect

_PART = re.compile(r"[^.\[\]]+")


def choices_at(kind: type[Any], path: str) -> str:
    """Return the words allowed at a path of a type, joined; empty where any text is."""
    place: inspect.Type | None = inspect.type_info(kind)
    for part in _PART.findall(path):
        place = _below(place, part)
    return " | ".join(_words(place))


def _below(place: inspect.Type | None, part: str) -> inspect.Type | None:
    match place:
        case inspect.StructType(fields=fields):
            return next((one.type for one in fields if one.encode_name == part), None)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return item
        case inspect.DictType(value_type=value):
            return value
        case inspect.UnionType(types=types):
            below = [_below(one, part) for one in types]
            return next((one for one in below if one is not None), None)
        case _:
            return None


def _words(place: inspect.Type | None) -> list[str]:
    match place:
        case inspect.LiteralType(values=values):
            return [str(value) for value in values]
        case inspect.UnionType(types=types):
            return [word for one in types for word in _words(one)]
        case inspect.IntType():
            return ["a whole number"]
        case _:
            return []
