"""Describe the rows of rules that price, round, tax and translate work."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from hourline.master.model.record import Record

TransferPriceModel: TypeAlias = Literal[
    "unit_price",
    "cost_plus_amount",
    "cost_plus_percent",
    "percent_of_bill_rate",
    "bill_rate_less_amount",
    "contribution_ratio",
]

CrossChargeModel: TypeAlias = Literal["cost_rate", "unit_price", "cost_plus_percent"]


class BillRate(Record, frozen=True, kw_only=True):
    """A row of a rate card: at most one scope, any of the dimensions.

    One that is `blended` is the rate of everybody on a contract line or a contract: it
    stands in place of what every other row and the hour type's factor would give.
    One that escalates is a row for each year, which all say so.
    """

    kind = "bill_rate"
    stated_anew: ClassVar[frozenset[str]] = frozenset(
        {"escalation_percent", "escalation_every"}
    )
    references: ClassVar[Mapping[str, str]] = {
        "contract_line": "contract_line",
        "contract": "contract",
        "project": "project",
        "customer": "customer",
        "entity": "legal_entity",
        "person": "person",
    }
    currency: str
    rate: Decimal
    per: Literal["hour", "day"] = "hour"
    hours_per_day: Decimal | None = None
    contract_line: str | None = None
    contract: str | None = None
    project: str | None = None
    customer: str | None = None
    entity: str | None = None
    person: str | None = None
    role: str | None = None
    activity: str | None = None
    blended: bool = False
    escalation_percent: Decimal | None = None
    escalation_every: Literal["year"] | None = None


class HourType(Record, frozen=True, kw_only=True):
    """A kind of hour with factors on bill and cost rate."""

    kind = "hour_type"
    bill_factor: Decimal = Decimal(1)
    cost_factor: Decimal = Decimal(1)


class TransferPrice(Record, frozen=True, kw_only=True):
    """What one entity charges another for an hour of its people's work.

    `value` is money in `currency` or a percentage, as the model says. Without a
    currency, money is in that of the contract for `bill_rate_less_amount`, else in the
    lender's. `accrue` says whether the lender accrues what it has not invoiced.
    """

    kind = "transfer_price"
    references: ClassVar[Mapping[str, str]] = {
        "lender": "legal_entity",
        "borrower": "legal_entity",
        "person": "person",
    }
    lender: str
    borrower: str
    model: TransferPriceModel
    value: Decimal
    currency: str | None = None
    role: str | None = None
    person: str | None = None
    accrue: bool = True


class CrossCharge(Record, frozen=True, kw_only=True):
    """What a department charges another of its entity for an hour of its people's work.

    Departments are cost centres: the person's charges the project's. A row without one
    is of every other. An hour costs what it costs, or `value`: money in the entity's
    currency, or percent on top of the cost.
    """

    kind = "cross_charge"
    references: ClassVar[Mapping[str, str]] = {
        "entity": "legal_entity",
        "person_cost_centre": "cost_centre",
        "project_cost_centre": "cost_centre",
    }
    entity: str
    person_cost_centre: str | None = None
    project_cost_centre: str | None = None
    model: CrossChargeModel = "cost_rate"
    value: Decimal = Decimal(0)


class TimeRounding(Record, frozen=True, kw_only=True):
    """A row of how worked time becomes billable; rows are tried in order of `order`.

    The factor comes first, then the minimum, then the increment, both in minutes.
    """

    kind = "time_rounding"
    references: ClassVar[Mapping[str, str]] = {
        "contract": "contract",
        "project": "project",
        "customer": "customer",
    }
    order: int
    increment_minutes: Decimal = Decimal(0)
    minimum_minutes: Decimal = Decimal(0)
    mode: Literal["up", "nearest", "down"] = "nearest"
    scope: Literal["entry", "person_day", "none"] = "entry"
    factor: Decimal = Decimal(1)
    contract: str | None = None
    project: str | None = None
    customer: str | None = None
    activity: str | None = None


class TaxRule(Record, frozen=True, kw_only=True):
    """A row of the tax table; rows are tried in the order of `order`.

    A tax id is one that counts; reverse charge needs those of both sides. `target_tax`
    is what receiving systems call the tax; default: `code`. `service` is the kind of
    service that contract lines state, or `intercompany`, which a row of none does not
    match. A row for `intercompany` may say with `recoverable_percent` how much of the
    tax the borrower gets back; default: what the borrower says of itself. Any other row
    says so how much the entity gets back of the input tax of expenses for what it
    taxes, where their source does not say it; default: all.
    """

    kind = "tax_rule"
    references: ClassVar[Mapping[str, str]] = {
        "contract_line": "contract_line",
        "customer": "customer",
    }
    order: int
    rate: Decimal
    code: str
    entity_country: str | None = None
    entity_has_tax_id: bool | None = None
    customer_country: str | None = None
    customer_has_tax_id: bool | None = None
    contract_line: str | None = None
    customer: str | None = None
    service: str | None = None
    reason: str | None = None
    target_tax: str | None = None
    recoverable_percent: Decimal | None = None


class FxRate(Record, frozen=True, kw_only=True):
    """One unit of from_currency is `rate` units of to_currency from a date on."""

    kind = "fx_rate"
    from_currency: str
    to_currency: str
    rate: Decimal
