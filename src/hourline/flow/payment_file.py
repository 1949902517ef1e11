"""Record the payments of a CSV file, and tell of each row what became of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hourline.billing.model import Because
from hourline.billing.rules.payable import StatedPayment
from hourline.flow.payments import Paid, record_payments
from hourline.infra.database import Database
from hourline.intake.sheets import Sheet, SheetCell, SheetRow, read_sheets
from hourline.intake.table import FileRefused, refused
from hourline.kernel.problems import Problem, ProblemCode

__all__ = ["COLUMNS", "FileRefused", "PaymentRow", "record_payment_file"]

COLUMNS = ("number", "date", "amount", "currency", "reference")
ROWS_MAX = 100_000
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_REMEDY = "Correct the row and run the file again; what is recorded stays as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """Hold what became of a row, and where it stands, such as `row 3`."""

    place: str
    number: str
    reference: str
    outcome: Paid | Problem


def record_payment_file(
    database: Database,
    tenant: int,
    content: bytes,
    because: Because,
    *,
    all_or_nothing: bool = False,
) -> list[PaymentRow]:
    """Record the payments of a file with the columns `COLUMNS`; others are passed over.

    Amounts have a decimal point and are in the currency of their row. Wrong rows stop
    no other, unless `all_or_nothing`: then nothing is recorded. Raises FileRefused for
    what is no such file.
    """
    [sheet] = read_sheets("csv", content)
    _check(sheet)
    cells = [_cells(row) for row in sheet.rows]
    stated = [_stated(row, texts) for row, texts in zip(sheet.rows, cells, strict=True)]
    outcomes = record_payments(
        database, tenant, stated, because=because, all_or_nothing=all_or_nothing
    )
    return [
        PaymentRow(
            place=row.place,
            number=texts["number"],
            reference=texts["reference"],
            outcome=outcome,
        )
        for row, texts, outcome in zip(sheet.rows, cells, outcomes, strict=True)
    ]


def _check(sheet: Sheet) -> None:
    missing = [name for name in COLUMNS if name not in sheet.columns]
    twice = [name for name in COLUMNS if sheet.columns.count(name) > 1]
    if missing or twice:
        fault = "are there twice" if twice else "are missing"
        raise refused(
            ProblemCode.COLUMNS_WRONG,
            f"Columns {fault}: {', '.join(twice or missing)}.",
            f"Give the file a header with {', '.join(COLUMNS)}, each once.",
        )
    if len(sheet.rows) > ROWS_MAX:
        raise refused(
            ProblemCode.FILE_REFUSED,
            f"The file has more than {ROWS_MAX} rows.",
            "Report the payments in several files.",
        )


def _cells(row: SheetRow) -> dict[str, str]:
    return {name: _text(row.cells.get(name, "")) for name in COLUMNS}


def _text(cell: SheetCell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _stated(row: SheetRow, texts: Mapping[str, str]) -> StatedPayment | Problem:
    if row.beyond:
        return Problem(
            ProblemCode.RECORD_MALFORMED,
            "The row has more cells than the header.",
            f"Write 1200.50 without separators of thousands. {_REMEDY}",
        )
    faults = _faults(texts)
    if faults:
        return _invalid("; ".join(faults))
    try:
        return StatedPayment(
            number=texts["number"],
            paid_on=date.fromisoformat(texts["date"]),
            amount=Decimal(texts["amount"]),
            currency=texts["currency"],
            reference=texts["reference"],
        )
    except ValueError as fault:
        return _invalid(str(fault))


def _faults(texts: Mapping[str, str]) -> list[str]:
    faults = [f"{name} is empty" for name in COLUMNS if not texts[name]]
    amount, day = texts["amount"], texts["date"]
    if amount and not _AMOUNT.fullmatch(amount):
        faults.append(f"amount '{amount[:40]}' is no number such as 1200.50")
    if day and not _is_day(day):
        faults.append(f"date '{day[:40]}' is no day such as 2026-10-31")
    return faults


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _invalid(fault: str) -> Problem:
    sentence = f"{fault[:1].upper()}{fault[1:]}."
    return Problem(ProblemCode.FIELD_INVALID, sentence, _REMEDY)
