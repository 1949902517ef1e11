"""Describe `given`: the master data and rules a scenario starts with."""

from datetime import date
from typing import Literal, TypeAlias

import msgspec

from hourline.kernel.subledgers import Subledger
from hourline.master.model import Right
from hourline.scenarios.format.clashes import (
    refuse_doubled,
    refuse_same_ids,
    refuse_ties,
)
from hourline.scenarios.format.contract_rows import (
    ALL_SHARES,
    ContractRow,
)
from hourline.scenarios.format.figures import Currency, Figure, Period
from hourline.scenarios.format.group_rows import GroupRow
from hourline.scenarios.format.rows import DatedRow, Row, refuse_overlaps

RATE_SCOPES = ("contract_line", "contract", "project", "customer", "entity")
RATE_DIMENSIONS = ("person", "role", "activity")


class EntityRow(Row, frozen=True, kw_only=True):
    """A legal entity."""

    id: str
    country: str
    currency: Currency
    tax_id: str | None = None
    tax_id_check: Literal["as_stated", "format", "check_digits"] = "as_stated"
    tax_rounding: Literal["per_invoice", "per_line"] = "per_invoice"
    money_rounding: Literal["half_up", "half_even", "half_down"] = "half_up"
    receipts_above: Figure | None = None
    vendor_hours_tolerance: Figure = Figure(0)
    vendor_percent_tolerance: Figure = Figure(0)
    late_days_max: int | None = None
    late_amount_max: Figure | None = None
    price_right: bool = False
    invoice_approval: bool = False
    credit_approval: bool = False
    intercompany_tax_recoverable_percent: Figure = Figure(100)
    required_dimensions: tuple[Literal["cost_centre", "service_line"], ...] = ()
    group: str | None = None


class CustomerRow(Row, frozen=True, kw_only=True):
    """A customer."""

    id: str
    country: str
    tax_id: str | None = None
    tax_id_check: Literal["as_stated", "format", "check_digits"] = "as_stated"


class CostRateRow(DatedRow, frozen=True, kw_only=True):
    """What an hour of a person costs for some time."""

    rate: Figure


class VendorRow(Row, frozen=True, kw_only=True):
    """A company that bills for its people."""

    id: str
    country: str
    currency: Currency | None = None
    tax_id: str | None = None


class PersonRow(Row, frozen=True, kw_only=True):
    """A person, with one cost rate or several in time."""

    id: str
    entity: str
    resourcing_entity: str | None = None
    role: str | None = None
    vendor: str | None = None
    department: str | None = None
    cost_rate: Figure | None = None
    cost_rates: tuple[CostRateRow, ...] = ()

    def __post_init__(self) -> None:
        if self.cost_rate is not None and self.cost_rates:
            raise ValueError("expected cost_rate or cost_rates, found both")
        refuse_overlaps(self.cost_rates, "cost_rates")


class ActivityRow(Row, frozen=True, kw_only=True):
    """An activity a project allows."""

    id: str
    billable: bool = True


class ProjectRow(Row, frozen=True, kw_only=True):
    """A project."""

    id: str
    contract_line: str
    billable: bool = True
    status: Literal["open", "closed"] = "open"
    activities: tuple[ActivityRow, ...] = ()
    department: str | None = None
    service_line: str | None = None


class RateRow(DatedRow, frozen=True, kw_only=True):
    """A bill rate, per hour or per day."""

    rate: Figure
    currency: Currency
    per: Literal["hour", "day"] = "hour"
    hours_per_day: Figure | None = None
    contract_line: str | None = None
    contract: str | None = None
    project: str | None = None
    customer: str | None = None
    entity: str | None = None
    person: str | None = None
    role: str | None = None
    activity: str | None = None
    blended: bool = False
    escalation_percent: Figure | None = None
    escalation_every: Literal["year"] | None = None

    def __post_init__(self) -> None:
        DatedRow.__post_init__(self)
        scopes = [name for name in RATE_SCOPES if getattr(self, name) is not None]
        if len(scopes) > 1:
            raise ValueError(f"expected at most one scope, found {', '.join(scopes)}")
        self._refuse_half_blended()
        if (self.per == "day") != (self.hours_per_day is not None):
            raise ValueError("expected hours_per_day with per: day, and only there")
        if (self.escalation_percent is None) != (self.escalation_every is None):
            raise ValueError(
                "expected escalation_percent and escalation_every, or none"
            )
        if self.escalation_every is not None and self.starts == date.min:
            raise ValueError("expected from in a rate that escalates")
        percent = self.escalation_percent
        if percent is not None and not -ALL_SHARES < percent <= ALL_SHARES:
            raise ValueError("expected escalation_percent above -100 and up to 100")

    def _refuse_half_blended(self) -> None:
        agreement = self.contract_line or self.contract
        named = [name for name in RATE_DIMENSIONS if getattr(self, name) is not None]
        if self.blended and (agreement is None or named):
            raise ValueError(
                "expected contract_line or contract in a blended rate, and no"
                " person, role or activity"
            )

    @property
    def key(self) -> tuple[str | None, ...]:
        """Return what makes two rows equal: scope, dimensions, blended or not."""
        names = (*RATE_SCOPES, *RATE_DIMENSIONS)
        kind = "blended" if self.blended else None
        return (self.currency, *(getattr(self, name) for name in names), kind)


class HourTypeRow(Row, frozen=True, kw_only=True):
    """A kind of hour."""

    id: str
    bill_factor: Figure = Figure(1)
    cost_factor: Figure = Figure(1)


class TimeRoundingRow(Row, frozen=True, kw_only=True):
    """How worked time becomes billable time; increment and minimum in minutes."""

    increment: Figure = Figure(0)
    mode: Literal["up", "nearest", "down"] = "nearest"
    minimum: Figure = Figure(0)
    scope: Literal["entry", "person_day", "none"] = "entry"
    factor: Figure = Figure(1)
    contract: str | None = None
    project: str | None = None
    customer: str | None = None
    activity: str | None = None


class TaxRow(DatedRow, frozen=True, kw_only=True):
    """A row of the tax table; rate in percent."""

    rate: Figure
    code: str
    reason: str | None = None
    entity_country: str | None = None
    entity_has_tax_id: bool | None = None
    customer_country: str | None = None
    customer_has_tax_id: bool | None = None
    contract_line: str | None = None
    service: str | None = None
    customer: str | None = None
    recoverable_percent: Figure | None = None

    @property
    def key(self) -> tuple[str | bool | None, ...]:
        """Return what makes two rows equal: the fields that are matched."""
        return (
            self.entity_country,
            self.entity_has_tax_id,
            self.customer_country,
            self.customer_has_tax_id,
            self.contract_line,
            self.service,
            self.customer,
        )


class FxRow(Row, frozen=True, kw_only=True):
    """One unit of from_currency is `rate` units of to_currency from a day on."""

    from_currency: Currency
    to_currency: Currency
    starts: date = msgspec.field(name="date")
    rate: Figure

    @property
    def key(self) -> tuple[str, str, date]:
        """Return what makes two rows equal: the pair and the day."""
        return (str(self.from_currency), str(self.to_currency), self.starts)


class IntercompanyRow(DatedRow, frozen=True, kw_only=True):
    """A transfer price, per hour."""

    lender: str
    borrower: str
    model: Literal[
        "unit_price",
        "cost_plus_amount",
        "cost_plus_percent",
        "percent_of_bill_rate",
        "bill_rate_less_amount",
        "contribution_ratio",
    ]
    value: Figure
    currency: Currency | None = None
    role: str | None = None
    person: str | None = None
    accrue: bool = True

    @property
    def key(self) -> tuple[str | None, ...]:
        """Return what makes two rows equal: the parties, person and role."""
        return (self.lender, self.borrower, self.person, self.role)


class CrossChargeRow(DatedRow, frozen=True, kw_only=True):
    """What a department charges another of its entity, per hour."""

    entity: str
    person_department: str | None = None
    project_department: str | None = None
    model: Literal["cost_rate", "unit_price", "cost_plus_percent"] = "cost_rate"
    value: Figure | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """Return what makes two rows equal: the entity and both departments."""
        return (self.entity, self.person_department, self.project_department)

    def __post_init__(self) -> None:
        if (self.value is None) != (self.model == "cost_rate"):
            raise ValueError(
                f"expected {'no' if self.value is not None else 'the'} field value"
                f" for {self.model}"
            )


class PeriodRow(Row, frozen=True, kw_only=True):
    """A posting period of an entity, or of one subledger of it."""

    entity: str
    period: Period
    status: Literal["open", "soft_closed", "closed"]
    ledger: Subledger | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """Return what makes two rows equal: the entity, the month and the subledger."""
        return (self.entity, str(self.period), self.ledger)


class EntryLockRow(Row, frozen=True, kw_only=True):
    """Through which day time no longer arrives or changes, of whom."""

    id: str
    through: date
    grace_days: int = 0
    time_zone: str = "UTC"
    role: str | None = None
    entity: str | None = None


class RightRow(Row, frozen=True, kw_only=True):
    """What a user may do that nobody else may."""

    user: str
    right: Right
    entity: str | None = None


class PrepaidRow(Row, frozen=True, kw_only=True):
    """A block of prepaid hours; purchased and expires are inclusive."""

    id: str
    contract_line: str
    hours: Figure
    purchased: date
    expires: date
    price: Figure | None = None


MasterRow: TypeAlias = (
    GroupRow
    | EntityRow
    | CustomerRow
    | VendorRow
    | PersonRow
    | ContractRow
    | ProjectRow
    | HourTypeRow
    | TaxRow
    | FxRow
    | IntercompanyRow
    | CrossChargeRow
    | PrepaidRow
    | PeriodRow
    | EntryLockRow
    | RightRow
)


class Given(Row, frozen=True, kw_only=True):
    """Hold all master data and rules of a scenario."""

    groups: tuple[GroupRow, ...] = ()
    entities: tuple[EntityRow, ...] = ()
    customers: tuple[CustomerRow, ...] = ()
    vendors: tuple[VendorRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    contracts: tuple[ContractRow, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    rates: tuple[RateRow, ...] = ()
    hour_types: tuple[HourTypeRow, ...] = ()
    time_rounding: tuple[TimeRoundingRow, ...] = ()
    tax: tuple[TaxRow, ...] = ()
    fx: tuple[FxRow, ...] = ()
    intercompany: tuple[IntercompanyRow, ...] = ()
    cross_charges: tuple[CrossChargeRow, ...] = ()
    periods: tuple[PeriodRow, ...] = ()
    prepaid: tuple[PrepaidRow, ...] = ()
    entry_locks: tuple[EntryLockRow, ...] = ()
    rights: tuple[RightRow, ...] = ()

    def __post_init__(self) -> None:
        for name in _NAMED_BY_ID:
            refuse_same_ids(name, getattr(self, name))
        lines = [line for contract in self.contracts for line in contract.lines]
        refuse_same_ids("contracts.lines", lines)
        refuse_ties("rates", self.rates)
        refuse_ties("intercompany", self.intercompany)
        refuse_ties("cross_charges", self.cross_charges)
        refuse_doubled("fx", self.fx)
        refuse_doubled("periods", self.periods)


_NAMED_BY_ID = (
    "groups entities customers vendors people contracts projects hour_types prepaid"
    " entry_locks"
).split()
