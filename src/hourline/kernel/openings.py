"""Describe the rows of an opening file: what an acquired unit brings along."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum

from hourline.kernel.problems import Problem


class OpeningKind(IntEnum):
    """Name what a row of an opening file brings along."""

    OPEN_WORK = 1
    OPEN_AMOUNT = 2
    DEFERRED = 3
    RECOGNISED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """Hold a row whose cells can be read; amounts are minor units of its currency.

    `reference` is the id of the old system. `entity_amount` is what the old books
    have for it, in minor units of the entity's currency, where the file states it.
    """

    line: int
    kind: OpeningKind
    reference: str
    currency: int
    contract: str | None = None
    contract_line: str | None = None
    person: str | None = None
    project: str | None = None
    dated: date | None = None
    seconds: int = 0
    rate: Decimal | None = None
    amount: int | None = None
    contract_asset: int = 0
    contract_liability: int = 0
    entity_amount: Decimal | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Hold what is wrong with a row, and in which column; no line: the whole file."""

    line: int | None
    column: str | None
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPosition:
    """Hold a row with the records and figures that the master data gives it.

    Amounts are minor units: `entity_amount` of the entity's currency, all others of
    the contract's. `accrued` is what of an open row is in the books as work in
    progress; it is the value of the row, or nothing.
    """

    row: OpeningRow
    entity_no: int
    employing_entity_no: int
    resourcing_entity_no: int
    contract_no: int
    contract_line_no: int | None
    project_no: int | None
    person_no: int | None
    tax_rule_no: int | None
    dated: date
    rate_amount: int
    rate_seconds: int
    amount: int
    accrued: int
    entity_currency: int
    entity_amount: int

    @property
    def booked(self) -> int:
        """Return what of the row is in the books: of one role, or nothing."""
        return self.accrued or self.row.contract_asset or self.liability

    @property
    def liability(self) -> int:
        """Return what was billed before it was earned."""
        if self.row.kind is OpeningKind.DEFERRED:
            return self.amount
        return self.row.contract_liability
