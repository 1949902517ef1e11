"""Describe `expect`: what the books must look like; only what is named is compared."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from hourline.kernel.codes import Fate, Role
from hourline.scenarios.format.figures import Figure
from hourline.scenarios.format.group_rows import ExpectedGroup
from hourline.scenarios.format.rows import Row

HoursAndAmount: TypeAlias = tuple[Figure, Figure]
Effects: TypeAlias = Mapping[Literal["invoice_lines", "journals_of_cost"], int]
RoleFigures: TypeAlias = Mapping[str, Figure]
ByDimension: TypeAlias = Mapping[
    Literal["cost_centre", "service_line"], Mapping[str, RoleFigures]
]
StateName: TypeAlias = Literal[
    "submitted",
    "waiting",
    "approved",
    "billed",
    "posted",
    "rejected",
    "corrected",
    "recalled",
    "exception",
]
# Names of portions in a file, and the fates they stand for.
FATES: Mapping[str, Fate] = {
    "billable": Fate.BILLABLE,
    "non_billable": Fate.NON_BILLABLE,
    "covered": Fate.COVERED,
    "over_limit": Fate.OVER_LIMIT,
    "prepaid": Fate.PREPAID,
    "held": Fate.HELD,
    "postponed": Fate.POSTPONED,
    "written_off": Fate.WRITTEN_OFF,
}


class ExpectedEntry(Row, frozen=True, kw_only=True):
    """The portions of an entry and its state."""

    state: StateName | None = None
    billable: HoursAndAmount | None = None
    non_billable: HoursAndAmount | None = None
    covered: HoursAndAmount | None = None
    over_limit: HoursAndAmount | None = None
    prepaid: HoursAndAmount | None = None
    held: HoursAndAmount | None = None
    postponed: HoursAndAmount | None = None
    written_off: HoursAndAmount | None = None


class ExpectedInvoice(Row, frozen=True, kw_only=True):
    """The figures of the last invoice issued, in its currency."""

    contract: str | None = None
    net: Figure | None = None
    tax: Figure | None = None
    total: Figure | None = None
    due: Figure | None = None
    retained: Figure | None = None
    lines: int | None = None
    purchase_order: str | None = None


class ExpectedCreditNote(Row, frozen=True, kw_only=True):
    """The figures of the last credit note, below zero."""

    contract: str | None = None
    net: Figure | None = None
    tax: Figure | None = None
    total: Figure | None = None
    lines: int | None = None


class ExpectedDraft(Row, frozen=True, kw_only=True):
    """The figures of the open draft of a contract."""

    contract: str
    net: Figure | None = None
    tax: Figure | None = None
    total: Figure | None = None
    lines: int | None = None


class ExpectedException(Row, frozen=True, kw_only=True):
    """The named fields of one open exception."""

    entry: str | None = None
    queue: str | None = None
    code: str | None = None


class Expect(Row, frozen=True, kw_only=True):
    """Hold what a step expects."""

    balances: Mapping[str, Mapping[str, Figure]] | None = None
    balances_on: Mapping[date, Mapping[str, Mapping[str, Figure]]] | None = None
    entries: Mapping[str, ExpectedEntry] | None = None
    invoice: ExpectedInvoice | None = None
    draft: ExpectedDraft | None = None
    invoices: int | None = None
    credit_note: ExpectedCreditNote | None = None
    credit_notes: int | None = None
    open_to_bill: Mapping[str, HoursAndAmount] | None = None
    exceptions: tuple[ExpectedException, ...] | None = None
    accounting_date: Mapping[str, date] | None = None
    late: tuple[str, ...] | None = None
    journals_balance: bool | None = None
    effects: Mapping[str, Effects] | None = None
    rate: Mapping[str, Figure] | None = None
    unreconciled: int | None = None
    departments: Mapping[str, Mapping[str, Figure]] | None = None
    balances_by: Mapping[str, ByDimension] | None = None
    group_balances: Mapping[str, Mapping[date, ExpectedGroup]] | None = None

    def __post_init__(self) -> None:
        for named in (self.balances or {}, *(self.balances_on or {}).values()):
            _refuse_other_roles(named)
        for dimensions in (self.balances_by or {}).values():
            for named in dimensions.values():
                _refuse_other_roles(named)
        if all(value is None for value in msgspec.structs.astuple(self)):
            raise ValueError("expected at least one thing to compare")


def _refuse_other_roles(balances: Mapping[str, RoleFigures]) -> None:
    for roles in balances.values():
        for role in roles:
            if role.upper() not in Role.__members__:
                raise ValueError(f"expected an account role, found '{role}'")


def expected_portions(entry: ExpectedEntry) -> dict[Fate, HoursAndAmount]:
    """Return the portions that are named."""
    named: dict[Fate, HoursAndAmount] = {}
    for name, fate in FATES.items():
        portion = msgspec.structs.asdict(entry)[name]
        if portion is not None:
            named[fate] = portion
    return named
