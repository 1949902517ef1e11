"""Describe the kinds of master data; amounts are exact decimals in major units."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec

from hourline.kernel.problems import ProblemCode, Queue

TransferPriceModel: TypeAlias = Literal[
    "unit_price",
    "cost_plus_amount",
    "cost_plus_percent",
    "percent_of_bill_rate",
    "bill_rate_less_amount",
    "contribution_ratio",
]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Be one record; `references` names the kinds its fields point to."""

    kind: ClassVar[str]
    references: ClassVar[Mapping[str, str]] = {}


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


class LegalEntity(Addressed, frozen=True, kw_only=True):
    """A company whose books are touched; its logo is a PNG or JPEG, in base64.

    Expenses that cost more than `receipts_above` in its currency need a receipt. A
    line of a vendor's bill may differ from approved time by `vendor_hours_tolerance`
    hours, and by `vendor_percent_tolerance` percent from what they cost.
    """

    kind = "legal_entity"
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
    """Who works; somebody of a vendor is a subcontractor."""

    kind = "person"
    references = {
        "entity": "legal_entity",
        "vendor": "vendor",
        "cost_centre": "cost_centre",
        "calendar": "calendar",
    }
    entity: str
    role: str | None = None
    name: str = ""
    cost_centre: str | None = None
    calendar: str | None = None
    vendor: str | None = None


class Leave(Record, frozen=True, kw_only=True):
    """Days a person is away; until is exclusive."""

    kind = "leave"
    references = {"person": "person"}
    person: str
    away_from: date
    away_until: date


class CostRate(Record, frozen=True, kw_only=True):
    """What an hour of a person costs, in the currency of the person's entity."""

    kind = "cost_rate"
    references = {"person": "person"}
    person: str
    rate: Decimal


class Contract(Record, frozen=True, kw_only=True):
    """An agreement of a legal entity with a customer.

    Its work is billed up to `limit`, net in the contract's currency; the entry that
    crosses it is cut to fit, or is over the limit whole where it is to `block`.
    """

    kind = "contract"
    references = {"customer": "customer", "entity": "legal_entity"}
    customer: str
    entity: str
    currency: str | None = None
    name: str = ""
    limit: Decimal | None = None
    over_limit: Literal["split", "block"] = "split"


class ContractCustomer(Record, frozen=True, kw_only=True):
    """One of several customers of a contract: its share of every amount, in percent.

    Invoices are issued in the order of `order`; the customer with `rounding` takes the
    difference of rounding, else the last. A share of 0 takes a customer out.
    """

    kind = "contract_customer"
    references = {"contract": "contract", "customer": "customer"}
    contract: str
    customer: str
    share: Decimal
    order: int
    rounding: bool = False


class Milestone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a fixed price, due when reached."""

    id: str
    amount: Decimal
    date: date


class ContractLine(Record, frozen=True, kw_only=True):
    """A part of a contract with one billing method.

    An estimate is of the whole work: hours, or cost in the currency of the contracting
    entity. `start` and `end` are inclusive; a recurring fee is `amount` for a month.
    A limit of its own holds within the contract's; `over_limit` is the contract's
    where the line says nothing.
    """

    kind = "contract_line"
    references = {"contract": "contract"}
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
    estimate_hours: Decimal | None = None
    estimate_cost: Decimal | None = None
    every: Literal["month"] | None = None
    start: date | None = None
    end: date | None = None
    name: str = ""
    limit: Decimal | None = None
    over_limit: Literal["split", "block"] | None = None

    @property
    def is_deferred(self) -> bool:
        """Tell whether its revenue is recognised apart from its invoices."""
        if self.method == "fixed_price":
            return self.recognition != "as_invoiced"
        return self.method == "recurring"


class PrepaidBlock(Record, frozen=True, kw_only=True):
    """Hours of a contract line paid in advance, for work dates up to its expiry.

    Both days are inclusive. It was sold elsewhere, or here for `price`, which is of
    the whole block, in the contract's currency.
    """

    kind = "prepaid_block"
    references = {"contract_line": "contract_line"}
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
    references = {
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
    references = {"person": "person", "project": "project"}
    person: str
    project: str


class BillRate(Record, frozen=True, kw_only=True):
    """A row of a rate card: at most one scope, any of the dimensions."""

    kind = "bill_rate"
    references = {
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
    references = {
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


class TimeRounding(Record, frozen=True, kw_only=True):
    """A row of how worked time becomes billable; rows are tried in order of `order`.

    The factor comes first, then the minimum, then the increment, both in minutes.
    """

    kind = "time_rounding"
    references = {
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

    `target_tax` is what receiving systems call the tax; default: `code`.
    """

    kind = "tax_rule"
    references = {"contract_line": "contract_line", "customer": "customer"}
    order: int
    rate: Decimal
    code: str
    entity_country: str | None = None
    customer_country: str | None = None
    customer_has_tax_id: bool | None = None
    contract_line: str | None = None
    customer: str | None = None
    service: str | None = None
    reason: str | None = None
    target_tax: str | None = None


class FxRate(Record, frozen=True, kw_only=True):
    """One unit of from_currency is `rate` units of to_currency from a date on."""

    kind = "fx_rate"
    from_currency: str
    to_currency: str
    rate: Decimal


class LedgerAccount(Record, frozen=True, kw_only=True):
    """The account of an entity's chart for an account role."""

    kind = "ledger_account"
    references = {"entity": "legal_entity", "service_line": "service_line"}
    entity: str
    role: str
    number: str
    service_line: str | None = None


class PostingPeriod(Record, frozen=True, kw_only=True):
    """A month of an entity's ledger; months not recorded are open."""

    kind = "posting_period"
    references = {"entity": "legal_entity"}
    entity: str
    period: str
    status: Literal["open", "closed"] = "open"


class TargetRoute(Record, frozen=True, kw_only=True):
    """Which connection receives a kind of document, and in which detail.

    No entity is every entity, no journal_type every type of journal. Not said, journals
    are summaries of a day, and documents have all their lines. Documents of routes with
    the same group that one run plans for a month are sent all or none.

    Mode compare sends nothing: its documents are kept beside what the target has.
    """

    kind = "target_route"
    references = {"entity": "legal_entity"}
    document: Literal["invoice", "credit_note", "journal", "write_back"]
    connection: str
    entity: str | None = None
    journal_type: (
        Literal[
            "cost",
            "accrual",
            "accrual_reversal",
            "drawdown",
            "recognition",
            "fx",
            "payment",
            "earning",
            "ic_accrual",
            "ic_accrual_reversal",
            "ic_sale",
            "ic_cost",
            "ic_tax",
            "opening_to_book",
        ]
        | None
    ) = None
    detail: Literal["summary", "detailed"] | None = None
    every: Literal["day", "month"] | None = None
    group: str | None = None
    mode: Literal["post", "compare"] = "post"


class TargetRecord(Record, frozen=True, kw_only=True):
    """A record of a receiving system that documents name: account, tax, journal, unit.

    Its id is the type, the entity where it belongs to one, and the code.
    """

    kind = "target_record"
    references = {"entity": "legal_entity"}
    type: str
    code: str
    name: str = ""
    entity: str | None = None


class ExceptionRoute(Record, frozen=True, kw_only=True):
    """Who owns an exception item and within how many hours it is due.

    A row names a code or a queue or neither; `entity` is the one a problem is about.
    """

    kind = "exception_route"
    references = {"entity": "legal_entity"}
    owner: str
    due_hours: int
    code: ProblemCode | None = None
    queue: Queue | None = None
    entity: str | None = None


class ValidationSeverity(Record, frozen=True, kw_only=True):
    """Whether what breaks a validation is refused, or accepted with an item to see.

    `entity` is the contracting one; without it the row is of every entity.
    """

    kind = "validation_severity"
    references = {"entity": "legal_entity"}
    code: ProblemCode
    severity: Literal["error", "warning"]
    entity: str | None = None


# In dependency order: a record may refer only to kinds above its own.
KINDS: tuple[type[Record], ...] = (
    LegalEntity,
    CostCentre,
    ServiceLine,
    Calendar,
    Customer,
    Vendor,
    Person,
    Leave,
    CostRate,
    Contract,
    ContractCustomer,
    ContractLine,
    PrepaidBlock,
    Project,
    Assignment,
    BillRate,
    HourType,
    TransferPrice,
    TimeRounding,
    TaxRule,
    FxRate,
    LedgerAccount,
    PostingPeriod,
    TargetRecord,
    TargetRoute,
    ExceptionRoute,
    ValidationSeverity,
)
KIND_BY_NAME: Mapping[str, type[Record]] = {kind.kind: kind for kind in KINDS}


class MasterVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Hold one recorded version of a record; effective_until is exclusive.

    One that is `withdrawn` says that the record says nothing from its date on.
    """

    master_no: int
    change_no: int
    id: str
    effective_from: date
    effective_until: date
    content: Record
    withdrawn: bool = False


class CrossReference(msgspec.Struct, frozen=True, kw_only=True):
    """Hold the id a system uses for a record."""

    connection_no: int
    kind: str
    source_id: str
    master_no: int
