"""Describe the kinds of master data; amounts are exact decimals in major units."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from hourline.kernel.problems import ProblemCode, Queue


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Be one record; `references` names the kinds its fields point to."""

    kind: ClassVar[str]
    references: ClassVar[Mapping[str, str]] = {}


class LegalEntity(Record, frozen=True, kw_only=True):
    """A company whose books are touched."""

    kind = "legal_entity"
    country: str
    currency: str
    name: str = ""
    tax_id: str | None = None
    tax_rounding: Literal["per_invoice", "per_line"] = "per_invoice"
    money_rounding: Literal["half_up", "half_even", "half_down"] = "half_up"
    invoice_prefix: str | None = None
    required_dimensions: tuple[Literal["cost_centre", "service_line"], ...] = ()


class Customer(Record, frozen=True, kw_only=True):
    """Who is billed."""

    kind = "customer"
    country: str
    name: str = ""
    tax_id: str | None = None
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


class Person(Record, frozen=True, kw_only=True):
    """Who works."""

    kind = "person"
    references = {
        "entity": "legal_entity",
        "cost_centre": "cost_centre",
        "calendar": "calendar",
    }
    entity: str
    role: str | None = None
    name: str = ""
    cost_centre: str | None = None
    calendar: str | None = None


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
    """An agreement of a legal entity with a customer."""

    kind = "contract"
    references = {"customer": "customer", "entity": "legal_entity"}
    customer: str
    entity: str
    currency: str | None = None
    name: str = ""


class Milestone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a fixed price, due when reached."""

    id: str
    amount: Decimal
    date: date


class ContractLine(Record, frozen=True, kw_only=True):
    """A part of a contract with one billing method."""

    kind = "contract_line"
    references = {"contract": "contract"}
    contract: str
    method: Literal["time_and_materials", "fixed_price", "non_billable"]
    accrue: bool = True
    price: Decimal | None = None
    milestones: tuple[Milestone, ...] = ()
    name: str = ""


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
            "cost", "accrual", "accrual_reversal", "fx", "payment", "opening_to_book"
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
    Person,
    Leave,
    CostRate,
    Contract,
    ContractLine,
    Project,
    Assignment,
    BillRate,
    HourType,
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
