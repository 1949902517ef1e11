"""Hold the values of deciding: encoded entries, what masters say, what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from hourline.decide.model_charges import (
    NO_CROSS_CHARGES,
    CrossChargeColumns,
    CrossCharged,
)
from hourline.decide.model_costs import NO_COST_EXCHANGE, CostExchange
from hourline.kernel.codes import PendingState
from hourline.kernel.columns import Flags, Ints, ints
from hourline.kernel.entries import EntryColumns
from hourline.kernel.problems import Problem, ProblemCode

Numbers = NDArray[np.int32]
Codes = NDArray[np.int16]
Days = NDArray[np.datetime64]

# The validations in the order they are reported; a problem is a bit in a mask.
REPORTED = (
    ProblemCode.PERSON_NOT_KNOWN,
    ProblemCode.PROJECT_NOT_KNOWN,
    ProblemCode.CONTRACT_LINE_NOT_KNOWN,
    ProblemCode.PROJECT_CLOSED,
    ProblemCode.NOT_ASSIGNED,
    ProblemCode.ACTIVITY_NOT_ALLOWED,
    ProblemCode.HOUR_TYPE_NOT_KNOWN,
    ProblemCode.DIMENSION_MISSING,
    ProblemCode.PERIOD_CLOSED,
    ProblemCode.LATE_WORK,
    ProblemCode.PRICE_NOT_ACCEPTED,
    ProblemCode.PRICE_NOT_FOUND,
    ProblemCode.TAX_NOT_DETERMINED,
    ProblemCode.FX_RATE_NOT_FOUND,
    ProblemCode.TRANSFER_PRICE_NOT_FOUND,
    ProblemCode.RECEIPT_MISSING,
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Hold entries with their ids as dense numbers of one snapshot.

    NOTHING stands for an id that is not known; for the codes of activity, role and
    hour type it means "not stated", and a number below it "stated, but not known".
    """

    entries: EntryColumns
    person: Ints
    project: Ints
    activity: Ints
    role: Ints
    hour_type: Ints
    day: Ints
    worked: Ints
    stated: Ints


@dataclass(frozen=True, slots=True)
class Masters:
    """Hold the records each entry is decided under: dense ids and rows in force.

    A row is NOTHING where the record is not known or does not hold on the work date.
    `employer` employs the person; `resourcing` provides the person, bears the cost and
    lends to `entity`, whose contract it is. The first two are one column where nobody
    is provided by another entity than the employer.
    """

    person_row: Ints
    employer: Ints
    employer_row: Ints
    resourcing: Ints
    resourcing_row: Ints
    project_row: Ints
    line: Ints
    line_row: Ints
    contract: Ints
    contract_row: Ints
    entity: Ints
    entity_row: Ints
    customer: Ints
    customer_row: Ints
    hour_type_row: Ints
    currency: Ints
    person_known: Flags
    project_known: Flags
    terms_known: Flags


@dataclass(frozen=True, slots=True)
class BillableTime:
    """Hold how an entry's time divides; `fate` is that of the time as a whole.

    An expense has no time: `rest_fate` is its fate. `to_bill` says where there is time
    to bill, or an expense that is worth something; `rounding` is the row of the table
    of time rounding that made worked time billable time, NOTHING where none did.
    """

    billable: Ints
    rest: Ints
    uplift: Ints
    rest_fate: Ints
    to_bill: Flags
    rounding: Ints
    activity_allowed: Flags


@dataclass(frozen=True, slots=True)
class Expenses:
    """Hold what the expenses of a batch cost and are worth, in their order.

    `row` is the position in the batch. `books_cost` is the cost without the input tax
    that is recovered, `input_tax` that tax, both in the contracting entity's currency.
    `worth` is exact and `amount` rounded in the contract's, `accrued_entity` the
    amount in the entity's currency where it accrues. `lacks` says between which
    currencies, and on which day, a rate of exchange is missing: empty where none is.
    `recovery_rule` is the row of the tax table that says how much of the tax is
    recovered, NOTHING where none does.
    """

    row: Ints
    books_cost: Ints
    input_tax: Ints
    worth: list[Fraction]
    amount: Ints
    accrued_entity: Ints
    lacks: list[str]
    recovery_rule: Ints


@dataclass(frozen=True, slots=True)
class Transfers:
    """Hold what lending entities charge for the entries their people did for others.

    `row` is the position in the batch, `terms` the place of the matching row of the
    price table, NOTHING where none matches. What has no price (`is_priced`) lacks a
    bill rate (`lacks_bill_rate`) or rates of exchange (`lacks_exchange`, and `lacks`
    says for a position in the batch which), or it would be below zero or beyond all
    measure. `amount` is in minor units of `currency`, `lender_amount` what the lender
    accrues in its own, `borrower_amount` the price in the borrower's, NOTHING without a
    usable rate of exchange.
    """

    row: Ints
    terms: Ints
    is_priced: Flags
    currency: Ints
    amount: Ints
    lender_amount: Ints
    borrower_amount: Ints
    lacks_bill_rate: Flags
    lacks_exchange: Flags
    lacks: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class CostPlus:
    """Hold what an hour is sold for where its price is by cost, by rising position.

    `row` is the position in the batch, `price` 1/10000 minor units of the contract's
    currency, NOTHING where there is no usable cost rate. `source` is the currency that
    cannot be translated on the work date, NOTHING where it can.
    """

    row: Ints
    price: Ints
    source: Ints


_NONE, _NO_FLAGS = ints([]), np.array([], dtype=np.bool_)
NO_TRANSFERS = Transfers(
    row=_NONE,
    terms=_NONE,
    is_priced=_NO_FLAGS,
    currency=_NONE,
    amount=_NONE,
    lender_amount=_NONE,
    borrower_amount=_NONE,
    lacks_bill_rate=_NO_FLAGS,
    lacks_exchange=_NO_FLAGS,
    lacks={},
)
NO_EXPENSES = Expenses(
    ints([]), ints([]), ints([]), [], ints([]), ints([]), [], ints([])
)


@dataclass(frozen=True, slots=True)
class BookingDays:
    """Hold the day each entry is booked on in each subledger, and the month of it.

    `accounting_day` is that of the contracting entity's work in progress, `cost_day` of
    its costs. The resourcing entity books its cost on `resourcing_day`, and what it
    will charge for work it lends on `lending_day`.
    """

    accounting_day: Ints
    accounting_month: Ints
    cost_day: Ints
    cost_month: Ints
    resourcing_day: Ints
    resourcing_month: Ints
    lending_day: Ints
    lending_month: Ints


@dataclass(frozen=True, slots=True)
class Found:
    """Hold the rule rows found for each entry, NOTHING where none was."""

    expenses: Expenses
    cost_plus: CostPlus
    bill_rate: Ints
    cost_rate: Ints
    tax_rule: Ints
    fx_rate: Ints
    fx_numerator: Ints
    fx_denominator: Ints
    days: BookingDays
    transfers: Transfers = NO_TRANSFERS
    cross_charges: CrossCharged = NO_CROSS_CHARGES
    cost_exchange: CostExchange = NO_COST_EXCHANGE


@dataclass(frozen=True, slots=True)
class Case:
    """Hold everything a rule may look at: the entries, their masters and findings."""

    batch: Batch
    masters: Masters
    time: BillableTime
    found: Found


@dataclass(frozen=True, slots=True)
class DecisionColumns:
    """Hold accepted revisions: the columns of table decision, recorded_at left out.

    The four rule numbers are NOTHING where no rule was used.
    """

    entry_no: Ints
    revision: Numbers
    contract_no: Numbers
    contract_line_no: Numbers
    project_no: Numbers
    person_no: Numbers
    entity_no: Numbers
    employing_entity_no: Numbers
    resourcing_entity_no: Numbers
    work_date: Days
    accounting_date: Days
    late: Flags
    worked_seconds: Ints
    uplift_seconds: Ints
    currency: Codes
    cost_amount: Ints
    bill_rate_no: Numbers
    cost_rate_no: Numbers
    tax_rule_no: Numbers
    time_rounding_no: Numbers
    change_no: Ints
    approved_at: Days


@dataclass(frozen=True, slots=True)
class PortionColumns:
    """Hold portions: the columns of table portion."""

    entry_no: Ints
    revision: Numbers
    part: Codes
    fate: Codes
    contract_no: Numbers
    contract_line_no: Numbers
    seconds: Ints
    rate_amount: Ints
    rate_seconds: Ints
    currency: Codes
    amount: Ints
    accrued_amount: Ints


@dataclass(frozen=True, slots=True)
class ExpenseWorths:
    """Hold what accepted expenses are worth: the columns of table priced_expense."""

    entry_no: Ints
    revision: Numbers
    contract_no: Numbers
    amount: Ints
    input_tax: Ints
    worth_numerator: list[int]
    worth_denominator: list[int]
    recovery_rule_no: list[int | None]
    recovered_ppm: list[int | None]


@dataclass(frozen=True, slots=True)
class TransferColumns:
    """Hold the transfer prices of accepted revisions: the columns of table transfer."""

    entry_no: Ints
    revision: Numbers
    contract_no: Numbers
    lender_no: Numbers
    borrower_no: Numbers
    rule_no: Numbers
    model: Codes
    work_date: Days
    seconds: Ints
    currency: Codes
    amount: Ints
    accrues: Flags
    lender_currency: Codes
    lender_amount: Ints
    lender_date: Days
    borrower_currency: Codes
    borrower_amount: list[int | None]
    borrower_date: Days


@dataclass(frozen=True, slots=True)
class JournalColumns:
    """Hold journal lines: the columns of table journal_line that a cause decides."""

    cause: Codes
    cause_no: Ints
    cause_revision: Numbers
    part: Numbers
    effect: Codes
    mirror: Flags
    entity_no: Numbers
    contract_no: Numbers
    project_no: Numbers
    person_no: Numbers
    debit: Codes
    credit: Codes
    currency: Codes
    amount: Ints
    entity_currency: Codes
    entity_amount: Ints
    accounting_date: Days
    document_date: Days


@dataclass(frozen=True, slots=True)
class Refusal:
    """Hold an entry that is not accepted: its position in the batch, and why."""

    index: int
    state: PendingState
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """Hold what was decided of a batch; every entry is accepted or refused.

    `warnings` are of accepted entries: what they break, and the firm lets pass.
    """

    decisions: DecisionColumns
    portions: PortionColumns
    expenses: ExpenseWorths
    transfers: TransferColumns
    cross_charges: CrossChargeColumns
    journal: JournalColumns
    refusals: list[Refusal]
    warnings: list[Refusal]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Hold what became of entries: the accepted, the refusals and the warnings.

    `contracts` are those the accepted are of, each once.
    """

    accepted: Ints
    accepted_revisions: Numbers
    refusals: list[Refusal]
    warnings: list[Refusal]
    contracts: frozenset[int] = frozenset()
