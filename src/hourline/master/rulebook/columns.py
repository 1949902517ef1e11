"""Say which columns a table has, and read and write their cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from hourline.kernel.countries import COUNTRIES
from hourline.kernel.money import CurrencyNotKnown, currency_of
from hourline.master.rulebook.model import Table
from hourline.master.rules.sound import DIGITS_MAX, unsound_text

ANY = "*"
ID, FROM, UNTIL = "id", "from", "until"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WITH_COMMA = re.compile(r"-?[0-9.]+,[0-9.,]*|-?[0-9]+(,[0-9]{3})+(\.[0-9]+)?")


class NotReadable(ValueError):
    """Say what a cell holds that its column does not take, and what to write."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Column:
    """Hold a column of a table: the type of its cells and whether it must be filled.

    `matched` columns take `*` for any. `words` are the only texts it takes, if any.
    """

    name: str
    type: Any
    required: bool
    matched: bool
    default: object
    words: tuple[str, ...]
    refers_to: str | None
    currency: bool
    country: bool

    @property
    def takes(self) -> str:
        """Say in words what the column takes, for the reference and for remedies."""
        if self.words:
            return " \\| ".join(f"`{word}`" for word in self.words)
        if self.refers_to:
            return f"id of a {self.refers_to.replace('_', ' ')}"
        if self.currency:
            return "ISO 4217 code"
        if self.country:
            return "ISO 3166 code of two letters"
        plain = _plain(self.type)
        return {
            Decimal: "number",
            int: "whole number",
            bool: "`true` \\| `false`",
            date: "day, such as 2026-10-31",
        }.get(plain, "text")


@cache
def columns_of(table: Table) -> Mapping[str, Column]:
    """Return the columns of a table by name: what it matches by, then what it says.

    `id`, `from` and `until` are apart.
    """
    fields = {field.name: field for field in msgspec.structs.fields(table.kind)}
    matched = [
        name for name in table.shape.columns if name not in {ID, table.shape.flag}
    ]
    names = [*matched, *(name for name in fields if name not in matched)]
    return {
        name: Column(
            name=name,
            type=fields[name].type,
            required=fields[name].required and name != table.order,
            matched=name in matched,
            default=None if fields[name].required else fields[name].default,
            words=table.choices.get(name) or _words(fields[name].type),
            refers_to=table.kind.references.get(name),
            currency=name in table.currencies,
            country=name in table.countries,
        )
        for name in names
    }


def header_of(table: Table) -> tuple[str, ...]:
    """Return the columns of a table in the order they are exported."""
    return (ID, *columns_of(table), FROM, UNTIL)


def needs_id(table: Table) -> bool:
    """Say whether rows are matched by their id, so that each must state it."""
    return ID in table.shape.columns


def _plain(kind: Any) -> Any:  # noqa: ANN401 - a type annotation is any shape
    choices = [one for one in get_args(kind) if one is not type(None)]
    union = choices and get_origin(kind) is not Literal
    return choices[0] if union else kind


def _words(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type annotation is any shape
    plain = _plain(kind)
    if get_origin(plain) is Literal:
        return tuple(str(word) for word in get_args(plain))
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return tuple(plain)
    return ()


def read_cell(column: Column, text: str) -> str:
    """Return what a cell says, in its one spelling; empty for nothing.

    Raises NotReadable.
    """
    said = text.strip()
    if said == ANY and column.matched:
        said = ""
    if not said:
        if column.required:
            raise NotReadable(
                f"{column.name} is empty", f"Fill it in: {_unescaped(column.takes)}."
            )
        return text_of(column.default)
    broken = unsound_text({column.name: said})
    if broken is not None:
        raise NotReadable(broken, "Type the cell anew.")
    if column.words and said not in column.words:
        raise NotReadable(
            f"{column.name} is '{said[:60]}', which it does not take",
            f"Write one of: {', '.join(column.words)}.",
        )
    if column.currency:
        return _currency(said)
    if column.country and said not in COUNTRIES:
        raise NotReadable(
            f"{column.name} is '{said[:60]}', which is no code of a country",
            "Write its two letters in capitals, such as DE.",
        )
    return _typed(column, said)


def _typed(column: Column, said: str) -> str:
    plain = _plain(column.type)
    if plain is Decimal:
        return text_of(_number(column.name, said))
    return _converted(column, plain, said)


def _unescaped(text: str) -> str:
    return text.replace("\\|", "or").replace("`", "")


def _currency(said: str) -> str:
    try:
        return currency_of(said).code
    except CurrencyNotKnown as fault:
        raise NotReadable(str(fault), "Write the code in capitals.") from None


def _number(name: str, said: str) -> Decimal:
    if _WITH_COMMA.fullmatch(said):
        raise NotReadable(
            f"{name} is '{said[:60]}', with a comma",
            "Write the decimals after a point and leave out separators of thousands:"
            " 1250.50.",
        )
    if not _NUMBER.fullmatch(said):
        raise NotReadable(
            f"{name} is '{said[:60]}', which is no number",
            "Write a number such as 120.50, without a sign of currency or a blank.",
        )
    whole, _, part = said.lstrip("-").partition(".")
    if len(whole.lstrip("0")) > DIGITS_MAX or len(part.rstrip("0")) > DIGITS_MAX:
        raise NotReadable(
            f"{name} is '{said[:60]}', which is not a usable number",
            f"Use at most {DIGITS_MAX} digits on either side of the point.",
        )
    return Decimal(said)


def _converted(column: Column, plain: Any, said: str) -> str:  # noqa: ANN401 - a type
    try:
        return text_of(msgspec.convert(said, plain, strict=False))
    except msgspec.ValidationError:
        raise NotReadable(
            f"{column.name} is '{said[:60]}', which it does not take",
            f"Write: {_unescaped(column.takes)}.",
        ) from None


def read_day(name: str, text: str, *, open_: date) -> date:
    """Return a day, `open_` where the cell is empty; raise NotReadable."""
    said = text.strip()
    if said in {"", ANY}:
        return open_
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise NotReadable(
            f"{name} is '{said[:60]}', which is no day",
            "Write a day as 2026-10-31.",
        ) from None


def text_of(value: object) -> str:
    """Return a value in its one spelling: 100 for 100.00, true, empty for None."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value.normalize():f}" if value else "0"
        case _:
            return str(value)


def as_record(table: Table, cells: Mapping[str, str]) -> Any:  # noqa: ANN401 - of the kind
    """Return the record that a row's cells say; raise msgspec.ValidationError."""
    stated = {name: cells[name] for name in columns_of(table) if cells[name]}
    return msgspec.convert(stated, table.kind, strict=False)
