"""Hold what the firm's expense tool keeps, as plain frozen values."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class SourceExpense:
    """An expense as the tool states it, by whatever method it leaves.

    `paid_minor` and the tax in it are minor units of the currency; `receipt` names the
    scan, where there is one.
    """

    id: str
    version: int
    state: str
    employee_number: str
    project: str
    spent_on: date
    purpose: str
    paid_minor: int
    currency: str
    tax_minor: int
    tax_reclaimable: bool
    markup_percent: int
    receipt: str | None
    approved_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class MonthOfExpenses:
    """The month's expenses by the method that delivers them.

    The tool's feed serves `by_poll` and `drafts`; `by_file` are the statements of the
    company cards, the last `repeated` of which the feed serves too. `changes` appear in
    the feed when they are released.
    """

    by_poll: tuple[SourceExpense, ...]
    by_file: tuple[SourceExpense, ...]
    repeated: int
    drafts: tuple[SourceExpense, ...]
    changes: tuple[SourceExpense, ...]

    def released(self) -> tuple[SourceExpense, ...]:
        """Return the first version of every released expense, each once."""
        return (*self.by_poll, *self.by_file[: len(self.by_file) - self.repeated])
