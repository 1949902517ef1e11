"""Describe the story of a time entry: arrivals, decisions, documents, receipts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hourline.kernel.quantity import PPM_PER_PERCENT
from hourline.proof.openings import Origin


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record that came for the entry."""

    revision: int | None
    method: int
    delivery_id: str
    received_at: datetime
    position: int
    outcome: int


@dataclass(frozen=True, slots=True)
class Version:
    """One revision of the entry and what was decided of it; amounts in minor units.

    Only an expense has a cost of its own, in a currency of its own, and a markup; of
    its cost, `expense_tax` is input tax. `source_revision` is the number its source
    gives the content: lower where the entry was decided anew before. The contract is
    of `entity`, which bears expenses; `resourcing_entity` provides the person and bears
    what time costs.
    """

    source_id: str
    revision: int
    source_revision: int
    person_ref: str
    project_ref: str
    work_date: date
    worked_seconds: int
    approved_at: datetime
    accounting_date: date | None
    late: bool | None
    cost_amount: int | None
    currency: int | None
    contract: str | None
    contract_line: str | None
    entity: str | None
    resourcing_entity: str | None
    employing_entity: str | None
    superseded_at: datetime | None
    by_revision: int | None
    pending_state: int | None
    problems: list[dict[str, Any]] | None
    bill_rate: str | None
    tax_rule: str | None
    change_no: int | None
    time_rounding: str | None
    price: int | None
    expense_cost: int | None
    expense_currency: int | None
    markup_ppm: int | None
    expense_tax: int | None
    recoverable: bool | None
    receipt: str | None
    recoverable_ppm: int | None

    @property
    def recoverable_percent(self) -> str:
        """Give how much of an expense's tax is recovered, in percent."""
        ppm = (self.recoverable_ppm or 0) if self.recoverable else 0
        return f"{(Decimal(ppm) / PPM_PER_PERCENT).normalize():f}"

    @property
    def markup_percent(self) -> str:
        """Give the markup of an expense in percent, without needless digits."""
        return f"{(Decimal(self.markup_ppm or 0) / PPM_PER_PERCENT).normalize():f}"


@dataclass(frozen=True, slots=True)
class Redecided:
    """One time that the entry was decided anew though its source said nothing new."""

    revision: int
    kind: int
    project: str
    actor: str
    reason: str
    proposal_no: int | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class CostCorrected:
    """One time that only the cost of a revision was corrected by later terms.

    In minor units of `entity`, which bears it.
    """

    revision: int
    correction_no: int
    entity: str
    currency: int
    cost_rate: str | None
    cost_before: int
    cost_after: int
    accounting_date: date
    change_no: int
    actor: str
    reason: str
    proposal_no: int | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PartOf:
    """One time that a part of an entry went to another project, as its own entry.

    `cost` is of an expense, in minor units of `currency`. `origin` is the entry that
    its source knows; the part may be taken out of another part of that.
    """

    of_entry_no: int
    of_revision: int
    whole: str
    part_entry_no: int
    part: str
    part_revision: int
    project: str
    worked_seconds: int
    cost: int | None
    currency: int | None
    in_force: bool
    origin: str


@dataclass(frozen=True, slots=True)
class PortionLine:
    """One part of a portion by its fate now, and how much of it is billed.

    An expense has units, no seconds.
    """

    revision: int
    part: int
    fate: int
    seconds: int
    amount: int
    currency: int
    rate_amount: int
    rate_seconds: int
    seconds_billed: int
    units: int
    units_billed: int


@dataclass(frozen=True, slots=True)
class Review:
    """One decision of a person on the entry, before or while it was billed.

    A hold and a release are of the entry whole, and state no time.
    """

    act_no: int
    kind: int
    revision: int | None
    part: int | None
    seconds: int
    amount: int
    currency: int | None
    document: str | None
    actor: str
    reason: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AllotmentStep:
    """One change of what of the entry is prepaid or over a limit; below zero less.

    What is over a limit of its contract line or contract, of all work, of a person's
    day, of a month or of one customer, is in seconds, of an expense in minor units;
    `block_seconds` is of each of the `blocks`.
    """

    allotment_no: int
    revision: int
    part: int
    is_expense: bool
    over_line_day: int
    over_contract_day: int
    over_line_month: int
    over_line_customer: int
    over_line: int
    over_contract_month: int
    over_contract_customer: int
    over_contract: int
    amount_prepaid: int
    amount_over: int
    currency: int
    contract: str
    contract_line: str
    change_no: int
    recorded_at: datetime
    blocks: list[str]
    block_seconds: list[int]


@dataclass(frozen=True, slots=True)
class Lent:
    """What the resourcing entity charges the contracting one for a revision.

    `documents` are the numbers of the intercompany invoices it is on.
    """

    revision: int
    lender: str
    borrower: str
    rule: str
    model: int
    seconds: int
    currency: int
    amount: int
    lender_currency: int
    lender_amount: int
    lender_date: date
    borrower_currency: int
    borrower_amount: int | None
    documents: list[str]


@dataclass(frozen=True, slots=True)
class DayRounding:
    """One time the rounding of a person's day changed what the entry bills, in seconds.

    The whole day's worked and billable time is what the row of time rounding saw.
    """

    act_no: int
    revision: int
    time_rounding: str
    seconds_before: int
    seconds_after: int
    day_worked_seconds: int
    day_billable_seconds: int
    change_no: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One invoice or credit line the entry is on."""

    document_no: int
    kind: int
    number: str
    invoice_date: date
    line_no: int
    revision: int
    part: int
    seconds: int
    net: int
    tax: int
    retained: int
    currency: int


@dataclass(frozen=True, slots=True)
class Booking:
    """One journal line the entry caused, directly or through its invoice line.

    It is on one journal in each ledger that gets it; `kept_from` names the systems that
    are sent neither it nor its mirror, as the two cancel out there.
    """

    line_no: int
    cause: int
    effect: int
    mirror: bool
    debit: int
    credit: int
    amount: int
    currency: int
    entity_amount: int
    entity_currency: int
    accounting_date: date
    journal_nos: list[int]
    kept_from: list[str]

    @property
    def journal_no(self) -> int | None:
        """Return the first journal the line is on, in whichever ledger."""
        return min(self.journal_nos, default=None)


@dataclass(frozen=True, slots=True)
class Posting:
    """One document sent to a receiving system, and its receipt."""

    intent_no: int
    connection: str
    kind: int
    document_no: int
    state: int
    attempts: int
    external_id: str | None
    external_number: str | None


@dataclass(frozen=True, slots=True)
class Interruption:
    """One exception the entry had or has."""

    item_no: int
    queue: str
    code: str
    owner: str
    state: str
    sentence: str
    opened_at: datetime
    due_at: datetime
    resolved_at: datetime | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """Hold everything that happened to one entry, in the order of its way."""

    entry_no: int
    arrivals: list[Arrival]
    versions: list[Version]
    redecisions: list[Redecided]
    cost_corrections: list[CostCorrected]
    parts: list[PartOf]
    portions: list[PortionLine]
    reviews: list[Review]
    allotments: list[AllotmentStep]
    transfers: list[Lent]
    roundings: list[DayRounding]
    documents: list[DocumentLine]
    bookings: list[Booking]
    postings: list[Posting]
    interruptions: list[Interruption]
    origins: list[Origin]
