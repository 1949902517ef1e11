"""Hold the values of the ledger: what is unbalanced, and journals as ERPs book them."""

from dataclasses import dataclass
from datetime import date

from hourline.kernel.codes import Effect


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
    """Hold what a journal is: one entity, one effect, one accounting date."""

    journal_no: int
    entity_no: int
    kind: int
    accounting_date: date
    sequence: int
    currency: int
    total: int
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class RoleSum:
    """Hold an amount moved between two account roles (numbers of `Role`).

    In entity currency, for one project where the line has one.
    """

    debit: int
    credit: int
    project_no: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Hold the canonical ids of the dimensions of a journal line."""

    service_line: str | None = None
    cost_centre: str | None = None


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
