"""Hold the values of the ledger: what is unbalanced, and journals as ERPs book them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hourline.kernel.codes import Effect
from hourline.master.snapshot import RouteScope


class Grain(StrEnum):
    """Name what a journal gathers: the lines of a day, of a month or of one cause."""

    DAY = "day"
    MONTH = "month"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Say which lines go to a ledger (a connection), and in which detail.

    `besides` is what a more specific gathering of the same ledger takes.
    """

    connection_no: int
    grain: Grain
    scope: RouteScope
    besides: tuple[RouteScope, ...] = ()


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """Name an entity, currency and month (its first day) with unequal sides."""

    entity_no: int
    currency: int
    period: date
    debit: int | None
    credit: int | None


@dataclass(frozen=True, slots=True)
class JournalHead:
    """Hold what a journal is: one ledger, entity and effect; a day, month or cause.

    `group_key` says which day, month or cause.
    """

    journal_no: int
    connection_no: int
    entity_no: int
    kind: int
    grain: str
    group_key: str
    accounting_date: date
    sequence: int
    currency: int
    total: int
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class RoleSum:
    """Hold an amount moved between two account roles (numbers of `Role`).

    In entity currency, for one project where the line has one. Of what a department
    charges another, the cost centres of the person and of the project.
    """

    debit: int
    credit: int
    project_no: int | None
    amount: int
    person_cost_centre_no: int | None = None
    project_cost_centre_no: int | None = None


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Hold the canonical ids of the dimensions of a journal line."""

    service_line: str | None = None
    cost_centre: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """Return the dimensions there are, by their names."""
        found = {"service_line": self.service_line, "cost_centre": self.cost_centre}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Hold one line of a journal for an ERP; one of debit and credit is zero."""

    account: str
    dimensions: Dimensions
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class JournalDocument:
    """Hold a journal as an ERP shall book it, in minor units of one currency."""

    journal_no: int
    entity_no: int
    effect: Effect
    grain: Grain
    group_key: str
    accounting_date: date
    sequence: int
    currency: str
    lines: tuple[DocumentLine, ...]
    content_hash: bytes

    @property
    def total(self) -> int:
        """Return the sum of the debits, which is that of the credits."""
        return sum(line.debit for line in self.lines)


@dataclass(frozen=True, slots=True)
class Moved:
    """Hold an amount moved between two accounts, with the project's dimensions.

    Where a department charges another, the side of the person's department has its own.
    """

    debit_account: str
    credit_account: str
    dimensions: Dimensions
    amount: int
    debit_dimensions: Dimensions | None = None
    credit_dimensions: Dimensions | None = None

    @property
    def debited(self) -> tuple[str, Dimensions]:
        """Return account and dimensions of the debit."""
        return self.debit_account, self.debit_dimensions or self.dimensions

    @property
    def credited(self) -> tuple[str, Dimensions]:
        """Return account and dimensions of the credit."""
        return self.credit_account, self.credit_dimensions or self.dimensions


@dataclass(frozen=True, slots=True)
class JournalMember:
    """Hold one line of a journal with what caused it.

    `cause`, `effect`, `debit` and `credit` are numbers of kernel.codes.
    """

    line_no: int
    cause: int
    cause_no: int
    cause_revision: int
    part: int
    effect: int
    mirror: bool
    contract_no: int | None
    project_no: int | None
    person_no: int | None
    debit: int
    credit: int
    currency: int
    amount: int
    entity_amount: int
    accounting_date: date
    document_date: date
    cause_name: str
    person_cost_centre_no: int | None = None
    project_cost_centre_no: int | None = None

    @property
    def role_sum(self) -> RoleSum:
        """Return what the line moves, as a sum of one."""
        return RoleSum(
            self.debit,
            self.credit,
            self.project_no,
            self.entity_amount,
            self.person_cost_centre_no,
            self.project_cost_centre_no,
        )


@dataclass(frozen=True, slots=True)
class JournalPart:
    """Hold a line of a journal with what it moves, in entity currency."""

    member: JournalMember
    moved: Moved
