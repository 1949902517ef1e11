"""Describe the contracts of a scenario: their lines, milestones and customers."""

from datetime import date
from typing import Literal

import msgspec

from hourline.scenarios.format.figures import Currency, Figure
from hourline.scenarios.format.rows import Row

ALL_SHARES = 100


class MilestoneRow(Row, frozen=True, kw_only=True):
    """A part of a fixed price."""

    id: str
    amount: Figure
    due_on: date = msgspec.field(name="date")


class CustomerLimitRow(Row, frozen=True, kw_only=True):
    """The most that is billed to one customer for the work of a line."""

    customer: str
    limit: Figure


class LineRow(Row, frozen=True, kw_only=True):
    """A contract line with the fields of its method."""

    id: str
    method: Literal[
        "time_and_materials", "fixed_price", "retainer", "recurring", "non_billable"
    ]
    accrue: bool = True
    discount_percent: Figure | None = None
    fee_percent: Figure | None = None
    cost_plus_percent: Figure | None = None
    limit: Figure | None = None
    over_limit: Literal["split", "block"] | None = None
    month_limit: Figure | None = None
    month_limit_hours: Figure | None = None
    person_day_limit: Figure | None = None
    person_day_limit_hours: Figure | None = None
    customer_limits: tuple[CustomerLimitRow, ...] = ()
    price: Figure | None = None
    milestones: tuple[MilestoneRow, ...] = ()
    recognition: Literal[
        "as_invoiced",
        "percent_hours",
        "percent_cost",
        "milestone",
        "straight_line",
        "completed",
    ] = "as_invoiced"
    recognise_at: Literal["period_end", "approval"] = "period_end"
    estimate_hours: Figure | None = None
    estimate_cost: Figure | None = None
    amount: Figure | None = None
    every: Literal["month"] | None = None
    start: date | None = None
    end: date | None = None
    purchase_order: str | None = None
    retainage_percent: Figure | None = None
    tax_service: str | None = None

    def __post_init__(self) -> None:
        for field in _FIELDS_OF_METHOD[self.method]:
            if getattr(self, field) is None:
                raise ValueError(f"expected the field {field} for {self.method}")
        for field in _FIELDS_OF_RECOGNITION.get(self.recognition, ()):
            if getattr(self, field) is None:
                raise ValueError(f"expected the field {field} for {self.recognition}")
        for field in _FIELDS_OF_TIME:
            stated = getattr(self, field) is not None
            if stated and self.method != "time_and_materials":
                raise ValueError(f"expected no field {field} for {self.method}")


_FIELDS_OF_RECOGNITION: dict[str, tuple[str, ...]] = {
    "percent_hours": ("estimate_hours",),
    "percent_cost": ("estimate_cost",),
    "straight_line": ("start", "end"),
}


_FIELDS_OF_TIME = ("discount_percent", "fee_percent", "cost_plus_percent")


_FIELDS_OF_METHOD: dict[str, tuple[str, ...]] = {
    "time_and_materials": (),
    "fixed_price": ("price",),
    "retainer": ("amount",),
    "recurring": ("amount", "every", "start", "end"),
    "non_billable": (),
}


class CustomerShare(Row, frozen=True, kw_only=True):
    """The share of one of several customers, in percent, and what limits it."""

    id: str
    share: Figure
    rounding: bool = False
    limit: Figure | None = None


class ContractRow(Row, frozen=True, kw_only=True):
    """A contract with its lines."""

    id: str
    entity: str
    customer: str | None = None
    customers: tuple[CustomerShare, ...] = ()
    invoice_by: Literal["contract", "contract_line", "project"] = "contract"
    purchase_order: str | None = None
    retainage_percent: Figure = Figure(0)
    currency: Currency | None = None
    limit: Figure | None = None
    over_limit: Literal["split", "block"] = "split"
    month_limit: Figure | None = None
    month_limit_hours: Figure | None = None
    person_day_limit: Figure | None = None
    person_day_limit_hours: Figure | None = None
    lines: tuple[LineRow, ...] = ()

    def __post_init__(self) -> None:
        if (self.customer is None) == (not self.customers):
            raise ValueError("expected one of customer and customers")
        if self.customers and sum(one.share for one in self.customers) != ALL_SHARES:
            raise ValueError("expected shares of customers that total 100")
