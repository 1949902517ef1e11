"""Decide a batch of entries, pure and by columns: validate, price, divide, book."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hourline.decide.columns import (
    cross_charge_columns,
    decision_columns,
    expense_worths,
    journal_columns,
    portion_columns,
    transfer_columns,
)
from hourline.decide.encode import encode
from hourline.decide.model import (
    REPORTED,
    Batch,
    BookingDays,
    Case,
    Decided,
    Found,
)
from hourline.decide.refusals import refusals_of
from hourline.decide.rules.accounting_period import booking_days, period_closed
from hourline.decide.rules.activity import activity_not_allowed
from hourline.decide.rules.assignment import not_assigned
from hourline.decide.rules.bill_rate import bill_rate_rows, price_not_found
from hourline.decide.rules.billable_time import billable_time
from hourline.decide.rules.cost import cost_rate_rows, costs
from hourline.decide.rules.cost_exchange import cost_exchange_found
from hourline.decide.rules.cost_plus import cost_plus_found
from hourline.decide.rules.cross_charge import cross_charges_found
from hourline.decide.rules.dimensions import dimension_missing
from hourline.decide.rules.expense import expenses_found
from hourline.decide.rules.hour_type import hour_type_not_known
from hourline.decide.rules.journal import journal_lines
from hourline.decide.rules.late_work import late_work
from hourline.decide.rules.masters import (
    contract_line_not_known,
    masters_of,
    person_not_known,
    project_not_known,
)
from hourline.decide.rules.portions import portions_of
from hourline.decide.rules.price_right import price_not_accepted
from hourline.decide.rules.project_open import project_closed
from hourline.decide.rules.receipt import receipt_missing
from hourline.decide.rules.recovered_tax import recovered_by_rule
from hourline.decide.rules.severity import weighed
from hourline.decide.rules.tax import tax_not_determined, tax_rule_rows
from hourline.decide.rules.transfer_price import (
    transfer_price_not_found,
    transfers_found,
)
from hourline.decide.rules.translation import fx_found, fx_rate_not_found
from hourline.kernel.columns import Flags, Ints, rows_where
from hourline.kernel.entries import EntryColumns
from hourline.kernel.problems import ProblemCode
from hourline.master.snapshot import Snapshot

Validation = Callable[[Case, Snapshot], Flags]

# Each validation stands on masters that are known; all are reported together.
VALIDATIONS: dict[ProblemCode, Validation] = {
    ProblemCode.PERSON_NOT_KNOWN: person_not_known,
    ProblemCode.PROJECT_NOT_KNOWN: project_not_known,
    ProblemCode.CONTRACT_LINE_NOT_KNOWN: contract_line_not_known,
    ProblemCode.PROJECT_CLOSED: project_closed,
    ProblemCode.NOT_ASSIGNED: not_assigned,
    ProblemCode.ACTIVITY_NOT_ALLOWED: activity_not_allowed,
    ProblemCode.HOUR_TYPE_NOT_KNOWN: hour_type_not_known,
    ProblemCode.DIMENSION_MISSING: dimension_missing,
    ProblemCode.PERIOD_CLOSED: period_closed,
    ProblemCode.LATE_WORK: late_work,
    ProblemCode.PRICE_NOT_ACCEPTED: price_not_accepted,
    ProblemCode.PRICE_NOT_FOUND: price_not_found,
    ProblemCode.TAX_NOT_DETERMINED: tax_not_determined,
    ProblemCode.FX_RATE_NOT_FOUND: fx_rate_not_found,
    ProblemCode.TRANSFER_PRICE_NOT_FOUND: transfer_price_not_found,
    ProblemCode.RECEIPT_MISSING: receipt_missing,
}


def decide_columns(entries: EntryColumns, snapshot: Snapshot) -> Decided:
    """Return what becomes of entries as the sources wrote them."""
    return decide(encode(entries, snapshot), snapshot)


def decide(
    batch: Batch, snapshot: Snapshot, *, booked: BookingDays | None = None
) -> Decided:
    """Return portions, journal lines and decisions of a batch, and its refusals.

    Work that is decided again to be compared is `booked` on the days it was before.

    The result depends on nothing but the arguments and, entry by entry, not on what
    else is in the batch.
    """
    case = case_of(batch, snapshot, booked=booked)
    broken = broken_rules(case, snapshot)
    problems, warned = weighed(broken, case, snapshot)
    accepted = rows_where(problems == 0)
    portions = portions_of(case, accepted, snapshot)
    cost = np.zeros(len(problems), dtype=np.int64)
    cost[accepted] = costs(case, accepted, snapshot)
    lines = journal_lines(case, portions, cost=cost, snapshot=snapshot)
    cost[case.found.expenses.row] = case.found.expenses.books_cost
    return Decided(
        decisions=decision_columns(case, accepted, cost=cost, snapshot=snapshot),
        portions=portion_columns(case, portions, snapshot),
        expenses=expense_worths(case, problems == 0, snapshot),
        transfers=transfer_columns(case, problems == 0, snapshot),
        cross_charges=cross_charge_columns(case, problems == 0, snapshot),
        journal=journal_columns(case, lines, snapshot),
        refusals=refusals_of(case, problems, snapshot),
        warnings=refusals_of(case, warned, snapshot),
    )


def case_of(
    batch: Batch, snapshot: Snapshot, *, booked: BookingDays | None = None
) -> Case:
    """Return the entries with everything found for them; `booked` is as in `decide`."""
    masters = masters_of(batch, snapshot)
    batch, recovery_rule = recovered_by_rule(batch, masters, snapshot)
    time = billable_time(batch, masters, snapshot)
    days = booked or booking_days(batch, masters, snapshot)
    fx_rate, fx_numerator, fx_denominator = fx_found(
        batch,
        masters,
        time=time,
        accounting_days=days.accounting_day,
        snapshot=snapshot,
    )
    cost_rates = cost_rate_rows(batch, snapshot)
    found = Found(
        expenses=expenses_found(
            batch,
            masters,
            time=time,
            accounted=(days.accounting_day, days.accounting_month),
            recovery_rule=recovery_rule,
            snapshot=snapshot,
        ),
        bill_rate=bill_rate_rows(batch, masters, snapshot),
        cost_rate=cost_rates,
        cost_plus=cost_plus_found(
            batch, masters, cost_rates=cost_rates, snapshot=snapshot
        ),
        tax_rule=tax_rule_rows(batch, masters, time=time, snapshot=snapshot),
        fx_rate=fx_rate,
        fx_numerator=fx_numerator,
        fx_denominator=fx_denominator,
        days=days,
        cost_exchange=cost_exchange_found(
            batch, masters, cost_rates=cost_rates, days=days, snapshot=snapshot
        ),
    )
    plain = Case(batch, masters, time, found)
    found = replace(
        found,
        transfers=transfers_found(plain, snapshot),
        cross_charges=cross_charges_found(plain, snapshot),
    )
    return Case(batch, masters, time, found)


def broken_rules(case: Case, snapshot: Snapshot) -> Ints:
    """Return the problems of each entry, a bit for each code of REPORTED."""
    problems = np.zeros(len(case.batch.day), dtype=np.int64)
    for bit, code in enumerate(REPORTED):
        broken = VALIDATIONS[code](case, snapshot)
        if broken.any():
            problems |= broken.astype(np.int64) << bit
    return problems
