"""Refuse what no record may hold (ids, texts and figures nothing can be done with)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import msgspec

ID_LENGTH_MAX = 300
# No rate, price or budget of this world has more digits on either side.
DIGITS_MAX = 15
# What no text of a database holds: a zero byte, and half of a character.
_BROKEN = re.compile("[\x00\ud800-\udfff]")


def unsound_id(id_: str | None) -> str | None:
    """Return what is wrong with an id, None where nothing is or none is given."""
    if id_ is None:
        return None
    if not 0 < len(id_) <= ID_LENGTH_MAX:
        return f"its id has {len(id_)} characters, not 1 to {ID_LENGTH_MAX}"
    return "its id contains a character no text may have" if _is_broken(id_) else None


def unsound_days(effective_from: date, effective_until: date) -> str | None:
    """Return what is wrong with the days a record holds, None where nothing is."""
    if effective_from < effective_until:
        return None
    return f"it holds until {effective_until}, which is not after {effective_from}"


def unsound_text(fields: Mapping[str, object]) -> str | None:
    """Return which field holds a text no database keeps, None where none does."""
    for name, value in fields.items():
        if any(isinstance(leaf, str) and _is_broken(leaf) for leaf in _leaves(value)):
            return f"{name} contains a character no text may have"
    return None


def unsound_number(record: msgspec.Struct) -> str | None:
    """Return which field holds a figure of no use, None where none does."""
    for name, value in msgspec.structs.asdict(record).items():
        if any(
            isinstance(leaf, Decimal) and _is_absurd(leaf) for leaf in _leaves(value)
        ):
            return f"{name} is not a usable number"
    return None


def readable(text: str) -> str:
    """Return a text as it can be shown and stored: cut, and of whole characters."""
    shown = text[:ID_LENGTH_MAX]
    return "".join("\ufffd" if _is_broken(one) else one for one in shown)


def _leaves(value: object) -> Iterator[object]:
    match value:
        case msgspec.Struct():
            yield from _leaves(msgspec.structs.asdict(value))
        case Mapping():
            for inner in value.values():
                yield from _leaves(inner)
        case tuple() | list():
            for inner in value:
                yield from _leaves(inner)
        case _:
            yield value


def _is_broken(text: str) -> bool:
    return _BROKEN.search(text) is not None


def _is_absurd(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return (
        not isinstance(exponent, int)
        or exponent < -DIGITS_MAX
        or number.adjusted() >= DIGITS_MAX
    )
