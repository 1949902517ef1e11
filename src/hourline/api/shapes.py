"""Describe what the API replies; amounts are exact strings with their currency."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from msgspec import UNSET, UnsetType

from hourline.api.problems import Finding
from hourline.intake.model import TimeRecord
from hourline.kernel.money import Currency, major_units
from hourline.kernel.quantity import HOUR_SECONDS, PRICE_SCALE


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Be a part of a reply; UNSET fields are left out of it."""


class Amount(Shape, frozen=True, kw_only=True):
    """Be an amount in major units: a string with the currency's decimals."""

    amount: str
    currency: str

    @classmethod
    def of(cls, minor: int, currency: Currency) -> "Amount":
        """Return minor units as the API writes them."""
        return cls(amount=f"{major_units(minor, currency):f}", currency=currency.code)


class RateShape(Shape, frozen=True, kw_only=True):
    """Be an exact price: an amount for every so many seconds."""

    amount: str
    currency: str
    per_seconds: int

    @classmethod
    def of(cls, rate_amount: int, rate_seconds: int, currency: Currency) -> "RateShape":
        """Return a price kept in 1/10000 minor units, without needless digits."""
        finest = Decimal(rate_amount) / PRICE_SCALE
        major = finest.scaleb(-currency.decimals).normalize()
        least = Decimal(1).scaleb(-currency.decimals)
        exponent = major.as_tuple().exponent
        if isinstance(exponent, int) and exponent > -currency.decimals:
            major = major.quantize(least)
        return cls(
            amount=f"{major:f}", currency=currency.code, per_seconds=rate_seconds
        )


class Hours(Shape, frozen=True, kw_only=True):
    """Be a quantity of time: exact seconds, and hours rounded for reading."""

    seconds: int
    hours: str

    @classmethod
    def of(cls, seconds: int) -> "Hours":
        """Return seconds with the hours they are, to two decimals, half up."""
        hours = (Decimal(seconds) / HOUR_SECONDS).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
        return cls(seconds=seconds, hours=f"{hours:f}")


class WorkShape(Shape, frozen=True, kw_only=True):
    """Be an amount of work; the amount only for keys with billing:read."""

    time: Hours
    amount: Amount | UnsetType = UNSET


class SentRecord(TimeRecord, frozen=True, kw_only=True):
    """Be approved time, or an expense where `kind` says so, in the wire shape.

    The last seven fields are an expense's, which needs the first two of them; its
    seconds are passed over and may be left out.
    """

    cost: Decimal | None = None
    currency: str | None = None
    markup_percent: Decimal | None = None
    tax: Decimal | None = None
    recoverable: bool | None = None
    recoverable_percent: Decimal | None = None
    receipt: str | None = None


class RecordOutcome(Shape, frozen=True, kw_only=True):
    """Be what became of one record of a delivery."""

    position: int
    id: str | None
    outcome: str
    problems: list[Finding] = []


class Acknowledgement(Shape, frozen=True, kw_only=True):
    """Be the reply to a delivery: every record has exactly one outcome."""

    delivery: int
    known_before: bool
    counts: dict[str, int]
    outcomes: list[RecordOutcome]


class RowOutcome(Shape, frozen=True, kw_only=True):
    """Be what became of one row of a file."""

    line: int
    id: str | None
    outcome: str
    problems: list[Finding] = []


class FileAcknowledgement(Shape, frozen=True, kw_only=True):
    """Be the reply to a file: every row has exactly one outcome."""

    file: str
    sha256: str
    counts: dict[str, int]
    rows: list[RowOutcome]


class KeptEvents(Shape, frozen=True, kw_only=True):
    """Be the reply to events: how many are new, and how many were there before."""

    kept: int
    known_before: int


class MasterReply(Shape, frozen=True, kw_only=True):
    """Be the reply to a change of master data."""

    kind: str
    id: str
    changed: bool


class PortionShape(Shape, frozen=True, kw_only=True):
    """Be a portion of an entry; amount with billing:read, rate with rates:read."""

    fate: str
    seconds: int
    seconds_billed: int
    amount: Amount | UnsetType = UNSET
    bill_rate: RateShape | UnsetType = UNSET


class DocumentShape(Shape, frozen=True, kw_only=True):
    """Be a line of an invoice or credit note; amounts with billing:read."""

    kind: str
    number: str
    dated: date
    line: int
    revision: int
    seconds: int
    net: Amount | UnsetType = UNSET
    tax: Amount | UnsetType = UNSET


class ExceptionShape(Shape, frozen=True, kw_only=True):
    """Be an exception item: something a person must decide."""

    item: int
    queue: str
    code: str
    subject_kind: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    sentence: str
    remedy: str | UnsetType = UNSET
    owner: str
    state: str
    opened_at: datetime
    due_at: datetime
    resolved_at: datetime | None = None
    resolution: str | None = None


class ExpenseShape(Shape, frozen=True, kw_only=True):
    """Be what only an expense has; cost, tax and markup only with rates:read.

    `tax` is the input tax in the cost; where it is `recoverable`, so many percent of it
    are no cost.
    """

    cost: Amount | UnsetType = UNSET
    markup_percent: str | UnsetType = UNSET
    tax: Amount | UnsetType = UNSET
    recoverable: bool | UnsetType = UNSET
    recoverable_percent: str | UnsetType = UNSET
    receipt: str | UnsetType = UNSET


class EntryReply(Shape, frozen=True, kw_only=True):
    """Be where an entry stands; cost only with rates:read, `expense` null for time.

    `parts` are the ids of what was taken out of it and is an entry of its own;
    `part_of` the id of the whole, where it is such a part.
    """

    source: str
    id: str
    state: str
    revision: int | None
    person: str | None
    project: str | None
    work_date: date | None
    worked: Hours | None
    expense: ExpenseShape | None
    contract: str | None
    contract_line: str | None
    accounting_date: date | None
    cost: Amount | UnsetType = UNSET
    portions: list[PortionShape]
    documents: list[DocumentShape]
    waits_for: list[Finding]
    exceptions: list[ExceptionShape]
    parts: list[str]
    part_of: str | None


class BudgetShape(Shape, frozen=True, kw_only=True):
    """Be a project's budget or what remains of it; null where it has none."""

    time: Hours | None
    amount: Amount | UnsetType | None = UNSET


class MilestonesShape(Shape, frozen=True, kw_only=True):
    """Be the milestones of the project's contract line."""

    reached: Amount
    billed: Amount
    open: Amount


class ReasonShape(Shape, frozen=True, kw_only=True):
    """Be a reason why a project is not ready; `entries` counts the entries it stops."""

    code: str
    sentence: str
    remedy: str
    entries: int


class NewestShape(Shape, frozen=True, kw_only=True):
    """Be the revision that was recorded last."""

    source: str
    id: str
    revision: int
    recorded_at: datetime


class VersionShape(Shape, frozen=True, kw_only=True):
    """Say what a reply was computed from: master data and the newest entry."""

    change_no: int
    newest_entry: NewestShape | None


class WaitingShape(Shape, frozen=True, kw_only=True):
    """Be the approved work that is not decided yet."""

    entries: int
    time: Hours


class ProjectReply(Shape, frozen=True, kw_only=True):
    """Be where a project stands."""

    id: str
    status: str
    contract: str | None
    contract_line: str | None
    method: str | None
    worked: Hours
    approved: WorkShape
    billed: WorkShape
    open: WorkShape
    waiting: WaitingShape
    milestones: MilestonesShape | UnsetType = UNSET
    budget: BudgetShape
    remaining: BudgetShape
    ready_to_bill: bool
    reasons: list[ReasonShape]
    version: VersionShape


class ExceptionPage(Shape, frozen=True, kw_only=True):
    """Be a page of exceptions; no `next_cursor` on the last one."""

    items: list[ExceptionShape]
    next_cursor: str | None


class PaymentReply(Shape, frozen=True, kw_only=True):
    """Be the reply to a payment; what is due now only with billing:read.

    The outcome is `recorded`, or `known_before` where it changed nothing.
    """

    number: str
    reference: str
    outcome: str
    due: Amount | UnsetType = UNSET


class PaidShape(Shape, frozen=True, kw_only=True):
    """Be a payment of an invoice."""

    reference: str
    date: date
    amount: Amount
    recorded_at: datetime


class DueReply(Shape, frozen=True, kw_only=True):
    """Be what is due of an invoice: its total less what follows; of a credit note 0."""

    number: str
    kind: str
    dated: date
    due_date: date
    total: Amount
    credited: Amount
    drawn: Amount
    paid: Amount
    written_off: Amount
    retained: Amount
    due: Amount
    payments: list[PaidShape]


class Health(Shape, frozen=True, kw_only=True):
    """Be a sign of life."""

    status: str
