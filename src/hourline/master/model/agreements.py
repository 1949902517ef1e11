"""Describe what was agreed with customers, and the projects it is done in."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from hourline.master.model.record import Record


class Contract(Record, frozen=True, kw_only=True):
    """An agreement of a legal entity with a customer.

    Its work is billed up to `limit`, net in the contract's currency; the entry that
    crosses it is cut to fit, or is over the limit whole where it is to `block`. So is
    what is worked in a month, or by a person on a day: in money and in hours. A bill
    of it is one invoice, or by `invoice_by` one for each contract line or project.
    `purchase_order` is the customer's order that invoices name. Of every invoice the
    customer withholds `retainage_percent`, tax included, until it is released.
    """

    kind = "contract"
    references: ClassVar[Mapping[str, str]] = {
        "customer": "customer",
        "entity": "legal_entity",
    }
    customer: str
    entity: str
    currency: str | None = None
    name: str = ""
    limit: Decimal | None = None
    over_limit: Literal["split", "block"] = "split"
    month_limit: Decimal | None = None
    month_limit_hours: Decimal | None = None
    person_day_limit: Decimal | None = None
    person_day_limit_hours: Decimal | None = None
    invoice_by: Literal["contract", "contract_line", "project"] = "contract"
    purchase_order: str | None = None
    retainage_percent: Decimal = Decimal(0)


class ContractCustomer(Record, frozen=True, kw_only=True):
    """One of several customers of a contract: its share of every amount, in percent.

    Invoices are issued in the order of `order`; the customer with `rounding` takes the
    difference of rounding, else the last. A share of 0 takes a customer out. No more
    than `limit` is billed to it for work, net in the contract's currency.
    """

    kind = "contract_customer"
    references: ClassVar[Mapping[str, str]] = {
        "contract": "contract",
        "customer": "customer",
    }
    contract: str
    customer: str
    share: Decimal
    order: int
    rounding: bool = False
    limit: Decimal | None = None


class Milestone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a fixed price, due when reached."""

    id: str
    amount: Decimal
    date: date


class ContractLine(Record, frozen=True, kw_only=True):
    """A part of a contract with one billing method.

    An estimate is of the whole work: hours, or cost in the currency of the contracting
    entity. `start` and `end` are inclusive; a recurring fee is `amount` for a month.
    Limits of its own hold within the contract's; `over_limit` is the contract's where
    the line says nothing, and so are `purchase_order` and `retainage_percent`. Revenue
    that is earned by work or milestones can be booked as a best guess at `approval`.
    `tax_service` is the kind of service it sells, as rows of the tax table name it.
    """

    kind = "contract_line"
    references: ClassVar[Mapping[str, str]] = {"contract": "contract"}
    contract: str
    method: Literal[
        "time_and_materials", "fixed_price", "retainer", "recurring", "non_billable"
    ]
    accrue: bool = True
    discount_percent: Decimal = Decimal(0)
    fee_percent: Decimal = Decimal(0)
    cost_plus_percent: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    milestones: tuple[Milestone, ...] = ()
    recognition: Literal[
        "as_invoiced",
        "percent_hours",
        "percent_cost",
        "milestone",
        "straight_line",
        "completed",
    ] = "as_invoiced"
    recognise_at: Literal["period_end", "approval"] = "period_end"
    estimate_hours: Decimal | None = None
    estimate_cost: Decimal | None = None
    every: Literal["month"] | None = None
    start: date | None = None
    end: date | None = None
    name: str = ""
    limit: Decimal | None = None
    over_limit: Literal["split", "block"] | None = None
    month_limit: Decimal | None = None
    month_limit_hours: Decimal | None = None
    person_day_limit: Decimal | None = None
    person_day_limit_hours: Decimal | None = None
    purchase_order: str | None = None
    retainage_percent: Decimal | None = None
    tax_service: str | None = None

    @property
    def is_deferred(self) -> bool:
        """Tell whether its revenue is recognised apart from its invoices."""
        if self.method == "fixed_price":
            return self.recognition != "as_invoiced"
        return self.method == "recurring"


class LineCustomerLimit(Record, frozen=True, kw_only=True):
    """No more than `limit` is billed to a customer for the work of a contract line.

    Net, in the contract's currency; None takes the limit away.
    """

    kind = "line_customer_limit"
    references: ClassVar[Mapping[str, str]] = {
        "contract_line": "contract_line",
        "customer": "customer",
    }
    contract_line: str
    customer: str
    limit: Decimal | None


class PrepaidBlock(Record, frozen=True, kw_only=True):
    """Hours of a contract line paid in advance, for work dates up to its expiry.

    Both days are inclusive. It was sold elsewhere, or here for `price`, which is of
    the whole block, in the contract's currency.
    """

    kind = "prepaid_block"
    references: ClassVar[Mapping[str, str]] = {"contract_line": "contract_line"}
    contract_line: str
    hours: Decimal
    purchased: date
    expires: date
    price: Decimal | None = None


class Activity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of work a project allows."""

    id: str
    billable: bool = True


class Project(Record, frozen=True, kw_only=True):
    """Where time is recorded; bills through its contract line."""

    kind = "project"
    references: ClassVar[Mapping[str, str]] = {
        "contract_line": "contract_line",
        "cost_centre": "cost_centre",
        "service_line": "service_line",
    }
    contract_line: str
    name: str = ""
    billable: bool = True
    status: Literal["open", "closed"] = "open"
    activities: tuple[Activity, ...] = ()
    assigned_only: bool = False
    budget_seconds: int | None = None
    budget_amount: Decimal | None = None
    cost_centre: str | None = None
    service_line: str | None = None


class Assignment(Record, frozen=True, kw_only=True):
    """A person may record time on a project; its version says from when until when."""

    kind = "assignment"
    references: ClassVar[Mapping[str, str]] = {"person": "person", "project": "project"}
    person: str
    project: str
