"""Hold what the simulated firm consists of, as plain frozen values.

Amounts are minor units of the currency beside them; spans exclude their last day.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hourline.kernel.codes import Role


@dataclass(frozen=True)
class LegalEntity:
    """A company of the firm and the ERP that keeps its books.

    An expense above `receipts_above`, whole units of its currency, needs a receipt. A
    vendor may bill that many hundredths of an hour, and that many percent, more than
    was approved.
    """

    entity: str
    name: str
    country: str
    currency: str
    tax_id: str | None
    erp: str
    receipts_above: int
    vendor_hours_hundredths: int = 5
    vendor_percent: int = 5


@dataclass(frozen=True)
class WorkingCalendar:
    """The minutes usually worked from Monday to Sunday, and the days off."""

    calendar: str
    weekday_minutes: tuple[int, ...]
    holidays: tuple[date, ...]


@dataclass(frozen=True)
class CostRate:
    """What an hour of a person costs from a day on."""

    rate_minor: int
    effective_from: date
    effective_until: date | None


@dataclass(frozen=True)
class Leave:
    """Days on which a person does not work."""

    kind: str
    effective_from: date
    effective_until: date


@dataclass(frozen=True)
class Person:
    """Someone employed: `employee_number` in the HCM, `psa_id` in the PSA.

    Who belongs to a vendor is its subcontractor. `provided_by` is the entity in whose
    team the person is, where that is not the one that employs.
    """

    employee_number: str
    psa_id: str
    name: str
    entity: str
    role: str
    cost_centre: str
    calendar: str
    employed_from: date
    cost_rates: tuple[CostRate, ...]
    leave: tuple[Leave, ...]
    vendor: str | None = None
    provided_by: str | None = None

    @property
    def provider(self) -> str:
        """Give the entity that provides the person for work."""
        return self.provided_by or self.entity


@dataclass(frozen=True)
class Customer:
    """Someone who is billed; an internal one stands for an entity's own work."""

    customer: str
    name: str
    country: str
    tax_id: str | None
    payment_days: int
    internal: bool


@dataclass(frozen=True)
class Milestone:
    """A part of a fixed price, billed when it is reached."""

    milestone: str
    name: str
    amount_minor: int
    due_on: date


@dataclass(frozen=True)
class ContractLine:
    """A part of a contract that is billed by one method; both days are inclusive."""

    line: str
    method: str
    service_line: str
    price_minor: int | None
    milestones: tuple[Milestone, ...]
    recognition: str | None = None
    estimate_hours: int | None = None
    estimate_cost_minor: int | None = None
    amount_minor: int | None = None
    discount_percent: int | None = None
    cost_plus_percent: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Contract:
    """What a customer and a legal entity have agreed on."""

    contract: str
    title: str
    customer: str
    entity: str
    currency: str
    effective_from: date
    effective_until: date
    lines: tuple[ContractLine, ...]
    limit_minor: int | None = None
    month_limit_minor: int | None = None
    person_day_limit_hours: int | None = None
    retainage_percent: int | None = None


@dataclass(frozen=True)
class ContractShare:
    """The percent of a contract's amounts that one of several customers owes."""

    contract: str
    customer: str
    percent: str
    order: int
    takes_difference: bool


@dataclass(frozen=True)
class PrepaidHours:
    """Hours of a contract line paid in advance, elsewhere if there is no price."""

    block: str
    contract_line: str
    hours: int
    purchased_on: date
    expires_on: date
    price_minor: int | None


@dataclass(frozen=True)
class RoundedTime:
    """A customer whose time is billed in increments begun."""

    customer: str
    increment_minutes: int


@dataclass(frozen=True)
class TransferPrice:
    """What an entity charges another for an hour of its people's work."""

    lender: str
    borrower: str
    model: str
    value: str
    currency: str | None


@dataclass(frozen=True)
class Project:
    """What people record time on, under one line of a contract."""

    project: str
    name: str
    entity: str
    contract_line: str
    status: str
    closed_on: date | None
    cost_centre: str | None = None


@dataclass(frozen=True)
class Assignment:
    """Say that a person (by `psa_id`) may work on a project."""

    person: str
    project: str
    effective_from: date
    effective_until: date | None


@dataclass(frozen=True)
class BillRate:
    """A price per hour; contract and employee narrow it, role is the standard.

    One that is blended is the price of everybody on its contract.
    """

    currency: str
    rate_minor: int
    effective_from: date
    role: str | None = None
    contract: str | None = None
    employee_number: str | None = None
    effective_until: date | None = None
    blended: bool = False


@dataclass(frozen=True)
class CrossCharge:
    """What a department of an entity charges others for an hour of its people.

    Without a department the row is of every other; without a price the hour's cost.
    """

    entity: str
    cost_centre: str | None = None
    price_minor: int | None = None


@dataclass(frozen=True)
class TaxRule:
    """A row of the tax table; the first whose given fields all match wins."""

    entity_country: str
    rate_percent: int
    code: str
    reason: str
    customer_country: str | None = None
    customer_has_tax_id: bool | None = None


@dataclass(frozen=True)
class LedgerAccount:
    """A number in a legal entity's chart of accounts and the role it plays."""

    entity: str
    number: str
    name: str
    role: Role


@dataclass(frozen=True)
class CostCentre:
    """A part of a legal entity that costs are shown for."""

    cost_centre: str
    entity: str
    name: str


@dataclass(frozen=True)
class ServiceLine:
    """A kind of service the firm sells."""

    service_line: str
    name: str


@dataclass(frozen=True)
class PostingPeriod:
    """An accounting month (YYYY-MM) of a legal entity, open or closed."""

    entity: str
    period: str
    status: str


@dataclass(frozen=True)
class FxRate:
    """One unit of `from_currency` is `rate` units of `to_currency` from a day on."""

    from_currency: str
    to_currency: str
    effective_from: date
    rate: str


@dataclass(frozen=True)
class SourceTimeEntry:
    """A time entry as the PSA states it, by whatever method it leaves."""

    id: str
    revision: int
    status: str
    person: str
    project: str
    activity: str | None
    hour_type: str | None
    worked_on: date
    seconds: int
    billable_seconds: int | None
    note: str
    approved_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class MonthOfTime:
    """The month's time entries by the method that first delivers them, and the dirt.

    `repeated` holds what is delivered once more by another method; `corrections` and
    `recalls` appear in the PSA's feed when they are released.
    """

    by_method: dict[str, tuple[SourceTimeEntry, ...]]
    unapproved: tuple[SourceTimeEntry, ...]
    repeated: dict[str, tuple[SourceTimeEntry, ...]]
    corrections: tuple[SourceTimeEntry, ...]
    recalls: tuple[SourceTimeEntry, ...]
    conflicting: SourceTimeEntry
    dirt: dict[str, int]
