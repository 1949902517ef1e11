"""Describe the actions of `steps`: what happens, in the order it happens."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from hourline.scenarios.format.added_steps import ADDED_ACTIONS, AddedAction
from hourline.scenarios.format.figures import (
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
    Currency,
    Figure,
    Instant,
    midnight,
    whole_seconds,
)
from hourline.scenarios.format.given import MasterRow, RateRow
from hourline.scenarios.format.period_steps import (
    ClosePeriod,
    Into,
    Recall,
    ReopenPeriod,
)
from hourline.scenarios.format.rows import Row

MethodName: TypeAlias = Literal["webhook", "poll", "batch", "file", "event"]


class Approve(Row, frozen=True, kw_only=True):
    """An approved time entry arrives."""

    entry: str
    person: str
    project: str
    worked_on: date = msgspec.field(name="date")
    hours: Figure | None = None
    minutes: Figure | None = None
    seconds: Figure | None = None
    activity: str | None = None
    hour_type: str | None = None
    billable_hours: Figure | None = None
    note: str | None = None
    price: Figure | None = None
    revision: int = 1
    received: Instant | None = None
    approved_at: Instant | None = None

    def __post_init__(self) -> None:
        if sum(amount is not None for amount, _ in self._durations) != 1:
            raise ValueError("expected one of hours, minutes and seconds")
        if self.revision < 1:
            raise ValueError(f"expected a revision from 1 on, found {self.revision}")
        _ = self.worked_seconds, self.billable_seconds

    @property
    def _durations(self) -> tuple[tuple[Decimal | None, int], ...]:
        return (
            (self.hours, SECONDS_PER_HOUR),
            (self.minutes, SECONDS_PER_MINUTE),
            (self.seconds, 1),
        )

    @property
    def worked_seconds(self) -> int:
        """Return the time worked."""
        return sum(
            whole_seconds(amount, seconds_each)
            for amount, seconds_each in self._durations
            if amount is not None
        )

    @property
    def billable_seconds(self) -> int | None:
        """Return what the approver decided to bill, if anything was decided."""
        if self.billable_hours is None:
            return None
        return whole_seconds(self.billable_hours, SECONDS_PER_HOUR)

    @property
    def approved(self) -> datetime:
        """Return when it was approved."""
        return self.approved_at or midnight(self.worked_on)

    @property
    def arrived(self) -> datetime:
        """Return when it was received."""
        return self.received or midnight(self.worked_on)


class Deliver(Approve, frozen=True, kw_only=True):
    """The same entry arrives once by each method named."""

    by: tuple[MethodName, ...]


class Expense(Row, frozen=True, kw_only=True):
    """An approved expense arrives, once by each method named."""

    entry: str
    person: str
    project: str
    worked_on: date = msgspec.field(name="date")
    cost: Figure
    currency: Currency
    markup_percent: Figure = Figure(0)
    tax: Figure | None = None
    recoverable: bool | None = None
    recoverable_percent: Figure | None = None
    receipt: str | None = None
    activity: str | None = None
    note: str | None = None
    revision: int = 1
    received: Instant | None = None
    approved_at: Instant | None = None
    by: tuple[MethodName, ...] = ("webhook",)

    def __post_init__(self) -> None:
        if self.revision < 1:
            raise ValueError(f"expected a revision from 1 on, found {self.revision}")

    @property
    def approved(self) -> datetime:
        """Return when it was approved."""
        return self.approved_at or midnight(self.worked_on)

    @property
    def arrived(self) -> datetime:
        """Return when it was received."""
        return self.received or midnight(self.worked_on)


class ReachMilestone(Row, frozen=True, kw_only=True):
    """A milestone is reached."""

    contract_line: str
    milestone: str
    reached_on: date = msgspec.field(name="date")


class Adjust(Row, frozen=True, kw_only=True):
    """What is billed of one entry instead of all of it."""

    entry: str
    hours: Figure | None = None
    amount: Figure | None = None

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.amount is None):
            raise ValueError("expected one of hours and amount")
        if min(self.hours or 0, self.amount or 0) < 0:
            raise ValueError("expected a figure of 0 or more")
        _ = self.billed_seconds

    @property
    def billed_seconds(self) -> int | None:
        """Return the hours to bill in seconds."""
        if self.hours is None:
            return None
        return whole_seconds(self.hours, SECONDS_PER_HOUR)


class Bill(Row, frozen=True, kw_only=True):
    """All open work of a contract is billed, or stands on a draft."""

    contract: str
    through: date
    invoice_date: date = msgspec.field(name="date")
    draft: bool = False
    adjust: tuple[Adjust, ...] = ()
    into_soft_closed: Into | None = None

    def __post_init__(self) -> None:
        entries = [one.entry for one in self.adjust]
        if len(set(entries)) < len(entries):
            raise ValueError("expected one row of adjust for an entry, found two")


class Issue(Row, frozen=True, kw_only=True):
    """The draft of a contract is issued."""

    contract: str
    into_soft_closed: Into | None = None


class CreditedLine(Row, frozen=True, kw_only=True):
    """What is credited of one line: some hours, an amount, or all of it."""

    entry: str | None = None
    milestone: str | None = None
    hours: Figure | None = None
    amount: Figure | None = None

    def __post_init__(self) -> None:
        if (self.entry is None) == (self.milestone is None):
            raise ValueError("expected one of entry and milestone")
        if self.hours is not None and self.amount is not None:
            raise ValueError("expected hours or amount, found both")
        _ = self.credited_seconds

    @property
    def credited_seconds(self) -> int | None:
        """Return the hours to credit in seconds."""
        if self.hours is None:
            return None
        return whole_seconds(self.hours, SECONDS_PER_HOUR)


class Credit(Row, frozen=True, kw_only=True):
    """An invoice is credited, or some of its lines."""

    invoice: Literal["last"] | int
    lines: tuple[CreditedLine, ...] = ()
    credit_date: date | None = msgspec.field(name="date", default=None)
    into_soft_closed: Into | None = None


class Hold(Row, frozen=True, kw_only=True):
    """An entry is taken out of billing."""

    entry: str


class Release(Row, frozen=True, kw_only=True):
    """A held entry is billed again."""

    entry: str


class WriteOff(Row, frozen=True, kw_only=True):
    """An entry is written off before billing."""

    entry: str
    hours: Figure | None = None

    def __post_init__(self) -> None:
        if self.hours is not None and self.hours <= 0:
            raise ValueError(f"expected hours above 0, found {self.hours}")
        _ = self.written_off_seconds

    @property
    def written_off_seconds(self) -> int | None:
        """Return the hours to write off in seconds."""
        if self.hours is None:
            return None
        return whole_seconds(self.hours, SECONDS_PER_HOUR)


class SetRate(RateRow, frozen=True, kw_only=True):
    """A bill rate is published while running."""


class SetMaster(Row, frozen=True, kw_only=True):
    """A master record arrives or changes; `row` is all that is known of it then."""

    row: MasterRow


class Recognise(Row, frozen=True, kw_only=True):
    """Revenue is recognised up to a day."""

    entity: str
    through: date
    into_soft_closed: Into | None = None


class Estimate(Row, frozen=True, kw_only=True):
    """A line gets a new estimate at completion or a modified price."""

    contract_line: str
    estimate_hours: Figure | None = None
    estimate_cost: Figure | None = None
    price: Figure | None = None
    treatment: Literal["catch_up", "prospective"] = "catch_up"

    def __post_init__(self) -> None:
        if self.treatment == "prospective" and self.price is None:
            raise ValueError("expected the field price for a prospective treatment")
        if (self.estimate_hours, self.estimate_cost, self.price) == (None, None, None):
            raise ValueError("expected one of estimate_hours, estimate_cost and price")


class IntercompanyInvoice(Row, frozen=True, kw_only=True):
    """The lender invoices the borrower."""

    lender: str
    borrower: str
    through: date
    invoice_date: date = msgspec.field(name="date")
    into_soft_closed: Into | None = None


class ReceivePayment(Row, frozen=True, kw_only=True):
    """The ERP reports a payment in the invoice's currency."""

    invoice: Literal["last"] | int
    amount: Figure
    paid_on: date = msgspec.field(name="date")

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError(f"expected a payment above 0, got {self.amount:f}")


Action: TypeAlias = (
    Approve
    | Deliver
    | Recall
    | Expense
    | ReachMilestone
    | Bill
    | Issue
    | Credit
    | Hold
    | Release
    | WriteOff
    | SetRate
    | SetMaster
    | ClosePeriod
    | ReopenPeriod
    | Recognise
    | Estimate
    | IntercompanyInvoice
    | ReceivePayment
    | AddedAction
)

ACTIONS: Mapping[str, type[Action]] = {
    "approve": Approve,
    "deliver": Deliver,
    "recall": Recall,
    "expense": Expense,
    "milestone": ReachMilestone,
    "bill": Bill,
    "issue": Issue,
    "credit": Credit,
    "hold": Hold,
    "release": Release,
    "write_off": WriteOff,
    "set_rate": SetRate,
    "set_master": SetMaster,
    "close_period": ClosePeriod,
    "reopen_period": ReopenPeriod,
    "recognise": Recognise,
    "estimate": Estimate,
    "intercompany_invoice": IntercompanyInvoice,
    "receive_payment": ReceivePayment,
    **ADDED_ACTIONS,
}

# What a step dates when it happens, not what it is about in time.
_DAYS = (
    "worked_on",
    "received",
    "approved_at",
    "reached_on",
    "through",
    "invoice_date",
    "credit_date",
    "cancel_date",
    "dated",
    "paid_on",
)


def days_of(action: Action) -> list[date]:
    """Return the days an action names that have come when it happens."""
    named = [getattr(action, name, None) for name in _DAYS]
    return [
        value.date() if isinstance(value, datetime) else value
        for value in named
        if isinstance(value, date)
    ]
