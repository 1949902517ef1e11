"""Describe who works, who sells, who buys, and when and at what cost people work."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

import msgspec

from hourline.master.model.record import Record


class Addressed(Record, frozen=True, kw_only=True):
    """A party that documents are sent from or to.

    The number in the company register, and where a network delivers documents: the
    endpoint is an id of a scheme of the code list EAS, such as 9930 for a VAT number.
    """

    country: str
    name: str = ""
    tax_id: str | None = None
    tax_id_check: Literal["as_stated", "format", "check_digits"] = "format"
    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    region: str | None = None
    email: str | None = None
    phone: str | None = None
    registration_number: str | None = None
    endpoint_id: str | None = None
    endpoint_scheme: str | None = None


class EntityGroup(Record, frozen=True, kw_only=True):
    """Legal entities whose books are added up in one currency; they name the group."""

    kind = "entity_group"
    currency: str
    name: str = ""
    money_rounding: Literal["half_up", "half_even", "half_down"] = "half_up"


class LegalEntity(Addressed, frozen=True, kw_only=True):
    """A company whose books are touched; its logo is a PNG or JPEG, in base64.

    Expenses that cost more than `receipts_above` in its currency need a receipt. A
    line of a vendor's bill may differ from approved time by `vendor_hours_tolerance`
    hours, and by `vendor_percent_tolerance` percent from what they cost. Work that
    would be booked more than `late_days_max` days after its day waits for a person, and
    so does late work of more than `late_amount_max` in its currency.
    With `price_right` a price set by hand counts once somebody with the right
    `set_prices` accepts it, and only they set amounts of invoices by hand.
    With `invoice_approval` its contracts are billed from drafts that somebody approved.
    With `credit_approval` its invoices are credited once somebody with the right
    `approve_credits` has seen what is credited and billed instead.
    Of the tax on what other entities invoice it, it recovers
    `intercompany_tax_recoverable_percent` where the tax rule says nothing else. The
    connection `tax_engine` decides the tax of its invoices to customers, if one is
    named, instead of the tax table, and the connection `intercompany_tax_engine` that
    of what it invoices other entities. Its books are added up with those of the other
    entities of its `group`.
    """

    kind = "legal_entity"
    references: ClassVar[Mapping[str, str]] = {"group": "entity_group"}
    currency: str
    iban: str | None = None
    bic: str | None = None
    logo: bytes | None = None
    accent_colour: Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$")] | None = (
        None
    )
    document_footer: str | None = None
    tax_rounding: Literal["per_invoice", "per_line"] = "per_invoice"
    money_rounding: Literal["half_up", "half_even", "half_down"] = "half_up"
    invoice_prefix: str | None = None
    required_dimensions: tuple[Literal["cost_centre", "service_line"], ...] = ()
    receipts_above: Decimal | None = None
    vendor_hours_tolerance: Decimal = Decimal(0)
    vendor_percent_tolerance: Decimal = Decimal(0)
    late_days_max: int | None = None
    late_amount_max: Decimal | None = None
    price_right: bool = False
    invoice_approval: bool = False
    credit_approval: bool = False
    intercompany_tax_recoverable_percent: Decimal = Decimal(100)
    tax_engine: str | None = None
    intercompany_tax_engine: str | None = None
    group: str | None = None


class Customer(Addressed, frozen=True, kw_only=True):
    """Who is billed."""

    kind = "customer"
    payment_days: int = 30
    purchase_order: str | None = None


class CostCentre(Record, frozen=True, kw_only=True):
    """A dimension of the books: who bears a cost."""

    kind = "cost_centre"
    name: str = ""


class ServiceLine(Record, frozen=True, kw_only=True):
    """A dimension of the books: what kind of work is sold."""

    kind = "service_line"
    name: str = ""


class Calendar(Record, frozen=True, kw_only=True):
    """The working hours of a week (Monday first) and the days nobody works."""

    kind = "calendar"
    weekday_seconds: tuple[int, int, int, int, int, int, int]
    holidays: tuple[date, ...] = ()


class Vendor(Record, frozen=True, kw_only=True):
    """A company whose people work for the firm and which bills for them."""

    kind = "vendor"
    country: str
    name: str = ""
    tax_id: str | None = None
    currency: str | None = None


class Person(Record, frozen=True, kw_only=True):
    """Who works; somebody of a vendor is a subcontractor.

    `entity` employs the person. `resourcing_entity` provides the person for work, where
    that is another one: it bears the cost, and lends to the entity of the contract.
    """

    kind = "person"
    references: ClassVar[Mapping[str, str]] = {
        "entity": "legal_entity",
        "resourcing_entity": "legal_entity",
        "vendor": "vendor",
        "cost_centre": "cost_centre",
        "calendar": "calendar",
    }
    entity: str
    resourcing_entity: str | None = None
    role: str | None = None
    name: str = ""
    cost_centre: str | None = None
    calendar: str | None = None
    vendor: str | None = None

    @property
    def resourcing(self) -> str:
        """Give the entity that provides the person: the employing one unless stated."""
        return self.resourcing_entity or self.entity


class Leave(Record, frozen=True, kw_only=True):
    """Days a person is away; until is exclusive."""

    kind = "leave"
    references: ClassVar[Mapping[str, str]] = {"person": "person"}
    person: str
    away_from: date
    away_until: date


class CostRate(Record, frozen=True, kw_only=True):
    """What an hour of a person costs, in the currency of the employing entity."""

    kind = "cost_rate"
    references: ClassVar[Mapping[str, str]] = {"person": "person"}
    person: str
    rate: Decimal
