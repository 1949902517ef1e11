"""Rule: a row of an opening file says all that its kind needs, and nothing else."""

from collections.abc import Mapping
from decimal import Decimal

from hourline.intake.model import SourceReading
from hourline.intake.rules.fields import Fields
from hourline.intake.rules.quantities import number_of
from hourline.kernel.money import (
    AmountTooFine,
    Currency,
    CurrencyNotKnown,
    currency_of,
    minor_units,
)
from hourline.kernel.openings import OpeningKind, OpeningRow, RowProblem

COLUMNS = (
    "kind",
    "reference",
    "contract",
    "contract_line",
    "person",
    "project",
    "date",
    "hours",
    "rate",
    "amount",
    "currency",
    "contract_asset",
    "contract_liability",
    "entity_amount",
    "description",
)
_EVERY = ("kind", "reference", "currency", "entity_amount", "description")
# What each kind needs, and what it may have beside what every kind may.
_NEEDS: Mapping[OpeningKind, tuple[str, ...]] = {
    OpeningKind.OPEN_WORK: ("person", "project", "date", "hours"),
    OpeningKind.OPEN_AMOUNT: ("contract_line", "date", "amount"),
    OpeningKind.DEFERRED: ("contract", "amount"),
    OpeningKind.RECOGNISED: ("contract_line", "amount"),
}
_MAY: Mapping[OpeningKind, tuple[str, ...]] = {
    OpeningKind.OPEN_WORK: ("contract_line", "rate", "amount"),
    OpeningKind.OPEN_AMOUNT: (),
    OpeningKind.DEFERRED: ("date",),
    OpeningKind.RECOGNISED: ("date", "contract_asset", "contract_liability"),
}


def read_opening_row(
    line: int, cells: Mapping[str, object], reading: SourceReading
) -> OpeningRow | list[RowProblem]:
    """Return what a row says, or everything that is wrong with it."""
    fields = Fields(cells, reading, cells=True)
    kind = _kind(fields)
    currency = _currency(fields)
    if kind is None or currency is None:
        return _found(line, fields)
    _check_presence(fields, kind)
    row = _row(line, fields, kind, currency)
    return _found(line, fields) if fields.problems else row


def _found(line: int, fields: Fields) -> list[RowProblem]:
    return [
        RowProblem(line, problem.detail["source_field"], problem)
        for problem in fields.problems
    ]


def _kind(fields: Fields) -> OpeningKind | None:
    stated = fields.present("kind")
    name = stated.strip().upper() if isinstance(stated, str) else ""
    if name in OpeningKind.__members__:
        return OpeningKind[name]
    if stated is not None:
        kinds = ", ".join(kind.name.lower() for kind in OpeningKind)
        fields.wrong("kind", stated, f"is none of {kinds}")
    return None


def _currency(fields: Fields) -> Currency | None:
    stated = fields.present("currency")
    if not isinstance(stated, str):
        return None
    try:
        return currency_of(stated.strip().upper())
    except CurrencyNotKnown:
        fields.wrong("currency", stated, "is no code of ISO 4217 such as EUR")
        return None


def _check_presence(fields: Fields, kind: OpeningKind) -> None:
    allowed = {*_EVERY, *_NEEDS[kind], *_MAY[kind]}
    for column in COLUMNS:
        stated = fields.value(_field(column))
        if stated is not None and column not in allowed:
            fault = f"does not belong to {kind.name.lower()}"
            fields.wrong(_field(column), stated, fault)
    for column in _NEEDS[kind]:
        if column not in {"date", "hours"}:
            fields.present(_field(column))
    if kind is OpeningKind.OPEN_WORK:
        priced = [name for name in ("rate", "amount") if fields.value(name) is not None]
        if not priced:
            fields.present("amount")
        elif len(priced) > 1:
            fields.wrong("rate", fields.value("rate"), "stands beside an amount")


def _field(column: str) -> str:
    return {"hours": "seconds", "reference": "id"}.get(column, column)


def _row(
    line: int, fields: Fields, kind: OpeningKind, currency: Currency
) -> OpeningRow:
    reference = fields.identifier("id", required=True)
    needs_day = "date" in _NEEDS[kind] or fields.value("date") is not None
    dated = fields.day("date") if needs_day else None
    works = kind is OpeningKind.OPEN_WORK
    seconds = (fields.duration("seconds", required=True) or 0) if works else 0
    if works and seconds == 0 and not fields.problems:
        fields.wrong("seconds", fields.value("seconds"), "is not above zero")
    return OpeningRow(
        line=line,
        kind=kind,
        reference=reference or "",
        currency=currency.number,
        contract=fields.identifier("contract", required=False),
        contract_line=fields.identifier("contract_line", required=False),
        person=fields.identifier("person", required=False),
        project=fields.identifier("project", required=False),
        dated=dated,
        seconds=seconds,
        rate=_number(fields, "rate"),
        amount=_minor(fields, "amount", currency),
        contract_asset=_minor(fields, "contract_asset", currency) or 0,
        contract_liability=_minor(fields, "contract_liability", currency) or 0,
        entity_amount=_number(fields, "entity_amount"),
        description=fields.text("description") or "",
    )


def _number(fields: Fields, column: str) -> Decimal | None:
    stated = fields.value(column)
    if stated is None:
        return None
    number = number_of(stated.strip(), ".") if isinstance(stated, str) else None
    if number is None or number <= 0:
        fields.wrong(column, stated, "is not a number above zero such as 1234.50")
        return None
    return number


def _minor(fields: Fields, column: str, currency: Currency) -> int | None:
    number = _number(fields, column)
    if number is None:
        return None
    try:
        return minor_units(number, currency)
    except AmountTooFine:
        fault = f"is finer than {currency.code} is counted"
        fields.wrong(column, fields.value(column), fault)
        return None
