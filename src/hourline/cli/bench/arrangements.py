"""Make up what the benchmark's firm agreed: between entities, limits, prepaid hours."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import cycle, permutations

from hourline.cli.bench.recorder import Recorder
from hourline.master.model import (
    PrepaidBlock,
    TimeRounding,
    TransferPrice,
    TransferPriceModel,
)

# Value and currency go with the model; money without one is as the model says.
_MODELS: tuple[tuple[TransferPriceModel, str, str | None], ...] = (
    ("unit_price", "95", "EUR"),
    ("cost_plus_percent", "12.5", None),
    ("percent_of_bill_rate", "70", None),
    ("cost_plus_amount", "15", None),
    ("bill_rate_less_amount", "20", None),
    ("contribution_ratio", "35", None),
)
# The last pair of entities has agreed on two roles only, and lends others in vain.
_AGREED_ROLES = ("senior", "principal")
_YEAR_START, _MID_YEAR = date(2026, 1, 1), date(2026, 7, 1)
_YEAR_END = date(2026, 12, 31)
# An entry takes so many hours on average and is sold at such a rate.
_HOURS_MEAN = Decimal("4.125")
_RATE_MEAN = 190


def arrange_lending(record: Recorder, entities: list[str]) -> None:
    """Add a row for what each entity charges each other, 56 for eight entities."""
    models = cycle(_MODELS)
    pairs = list(permutations(entities, 2))
    rows: list[tuple[str, str, str | None]] = [
        *((lender, borrower, None) for lender, borrower in pairs[:-2]),
        *((*pairs[-1], role) for role in _AGREED_ROLES),
    ]
    for number, (lender, borrower, role) in enumerate(rows):
        model, value, currency = next(models)
        price = TransferPrice(
            lender=lender,
            borrower=borrower,
            role=role,
            model=model,
            value=Decimal(value),
            currency=currency,
        )
        record.add(f"ic-{number:02}", price)


def limit_of(contract_number: int, entries_mean: Decimal) -> Decimal | None:
    """Return the limit of every fourth contract, about half of what its work is worth.

    `entries_mean` is how many entries a contract has, so that limits bite at any size.
    """
    if contract_number % 4:
        return None
    worth = entries_mean * _HOURS_MEAN * _RATE_MEAN
    share = Decimal(30 + contract_number % 40) / 100
    return Decimal(round(worth * share))


def prepay(record: Recorder, line_id: str, entries_mean: Decimal) -> None:
    """Add two blocks of a contract line, together about half of its hours."""
    hours = Decimal(max(1, round(entries_mean * _HOURS_MEAN / 4)))
    for number, (purchased, expires) in enumerate(_block_days()):
        block = PrepaidBlock(
            contract_line=line_id, hours=hours, purchased=purchased, expires=expires
        )
        record.add(f"{line_id}-block{number}", block)


def _block_days() -> Iterator[tuple[date, date]]:
    yield _YEAR_START, _MID_YEAR
    yield date(2026, 3, 1), _YEAR_END


def round_time(record: Recorder, project_id: str, order: int) -> None:
    """Add a row by which each entry of a project is billed in half hours."""
    row = TimeRounding(
        order=order,
        project=project_id,
        increment_minutes=Decimal(30),
        minimum_minutes=Decimal(60),
        mode="up",
    )
    record.add(f"{project_id}-rounding", row)
