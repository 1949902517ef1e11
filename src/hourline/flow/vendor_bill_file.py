"""Read vendor bills from a CSV file: a row for each line, its bill named in each."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.flow.vendor_bills import StatedBill, StatedLine

_NEEDED = ("vendor", "bill", "entity", "date", "person", "project", "from", "until")
_PRICES = ("rate", "amount")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
_SECONDS_PER_HOUR = 3_600
_OF_BILL = ("entity", "date", "currency")


class BillFileRefused(ValueError):
    """Say which row of a file cannot be read; nothing of the file is taken."""


def read_vendor_bills(content: bytes) -> list[StatedBill]:
    """Return the bills of a file in the order of their first rows.

    Rows of one vendor and bill are its lines. Columns: vendor, bill, entity, date,
    currency (optional), person, project, from, until (exclusive), hours, and rate or
    amount; others are passed over. Numbers have a decimal point. Raises
    BillFileRefused.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        msg = "The file is not UTF-8 text."
        raise BillFileRefused(msg) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [
        name for name in (*_NEEDED, "hours") if name not in (rows.fieldnames or [])
    ]
    if missing:
        msg = f"The file lacks the columns {', '.join(missing)}."
        raise BillFileRefused(msg)
    heads: dict[tuple[str, str], dict[str, str]] = {}
    lines: dict[tuple[str, str], list[StatedLine]] = {}
    for row in rows:
        try:
            stated = _stated(row)
            key = stated["vendor"], stated["bill"]
            _keep_head(heads, key, {name: stated.get(name, "") for name in _OF_BILL})
            lines.setdefault(key, []).append(_line(stated))
        except ValueError as fault:
            msg = f"Row {rows.line_num} of the file cannot be read: {fault}."
            raise BillFileRefused(msg) from None
    return [_bill(key, head, lines[key]) for key, head in heads.items()]


def _keep_head(
    heads: dict[tuple[str, str], dict[str, str]],
    key: tuple[str, str],
    head: dict[str, str],
) -> None:
    if heads.setdefault(key, head) != head:
        raise ValueError("its bill has another entity, date or currency above")


def _stated(row: Mapping[str | None, object]) -> dict[str, str]:
    stated = {
        name: value.strip()
        for name, value in row.items()
        if name is not None and isinstance(value, str) and value.strip()
    }
    for name in (*_NEEDED, "hours"):
        if name not in stated:
            raise ValueError(f"{name} is empty")
    if sum(name in stated for name in _PRICES) != 1:
        raise ValueError("it needs a rate or an amount, and not both")
    _day(stated, "date")
    return stated


def _line(stated: Mapping[str, str]) -> StatedLine:
    seconds = Fraction(_number(stated, "hours") or 0) * _SECONDS_PER_HOUR
    if seconds.denominator != 1:
        raise ValueError(f"{stated['hours']} hours are no whole seconds")
    starts, ends = _day(stated, "from"), _day(stated, "until")
    if starts >= ends:
        raise ValueError("until is not after from")
    return StatedLine(
        person=stated["person"],
        project=stated["project"],
        worked_from=starts,
        worked_until=ends,
        seconds=seconds.numerator,
        rate=_number(stated, "rate"),
        amount=_number(stated, "amount"),
    )


def _bill(
    key: tuple[str, str], head: Mapping[str, str], lines: list[StatedLine]
) -> StatedBill:
    return StatedBill(
        vendor=key[0],
        reference=key[1],
        entity=head["entity"],
        billed_on=date.fromisoformat(head["date"]),
        currency=head["currency"] or None,
        lines=tuple(lines),
    )


def _number(stated: Mapping[str, str], name: str) -> Decimal | None:
    text = stated.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{name} '{text}' is no number such as 7.5")
    return Decimal(text)


def _day(stated: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(stated[name])
    except ValueError:
        msg = f"{name} '{stated[name]}' is no day such as 2026-10-31"
        raise ValueError(msg) from None
