"""Lay out what was decided as the columns of the tables it is stored in."""

import numpy as np
from numpy.typing import NDArray

from hourline.decide.model import (
    Case,
    Codes,
    Days,
    DecisionColumns,
    ExpenseWorths,
    JournalColumns,
    Numbers,
    PortionColumns,
    TransferColumns,
)
from hourline.decide.model_charges import CrossChargeColumns
from hourline.decide.rules.accounting_period import booked_on
from hourline.decide.rules.journal import JournalLines
from hourline.decide.rules.portions import Portions
from hourline.kernel.codes import Cause
from hourline.kernel.columns import NOTHING, Flags, Ints, ints, rows_where
from hourline.master.snapshot import Snapshot

_NONE = ints([])
_NO_NUMBERS, _NO_CODES = _NONE.astype(np.int32), _NONE.astype(np.int16)
_NO_DAYS, _NO_FLAGS = _NONE.astype("datetime64[D]"), _NONE.astype(np.bool_)
# Most entries are neither expenses nor done for another entity.
_NO_WORTHS = ExpenseWorths(
    _NONE, _NO_NUMBERS, _NO_NUMBERS, _NONE, _NONE, [], [], [], []
)
_NO_TRANSFERS = TransferColumns(
    entry_no=_NONE,
    revision=_NO_NUMBERS,
    contract_no=_NO_NUMBERS,
    lender_no=_NO_NUMBERS,
    borrower_no=_NO_NUMBERS,
    rule_no=_NO_NUMBERS,
    model=_NO_CODES,
    work_date=_NO_DAYS,
    seconds=_NONE,
    currency=_NO_CODES,
    amount=_NONE,
    accrues=_NO_FLAGS,
    lender_currency=_NO_CODES,
    lender_amount=_NONE,
    lender_date=_NO_DAYS,
    borrower_currency=_NO_CODES,
    borrower_amount=[],
    borrower_date=_NO_DAYS,
)

_NO_CROSS_CHARGES = CrossChargeColumns(
    entry_no=_NONE,
    revision=_NO_NUMBERS,
    contract_no=_NO_NUMBERS,
    entity_no=_NO_NUMBERS,
    person_cost_centre_no=_NO_NUMBERS,
    project_cost_centre_no=_NO_NUMBERS,
    rule_no=_NO_NUMBERS,
    seconds=_NONE,
    currency=_NO_CODES,
    amount=_NONE,
)


def _numbers(column: NDArray[np.signedinteger]) -> Numbers:
    return column.astype(np.int32)


def _codes(column: Ints) -> Codes:
    return column.astype(np.int16)


def _days(column: Ints) -> Days:
    return column.astype("datetime64[D]")


def decision_columns(
    case: Case, accepted: Ints, *, cost: Ints, snapshot: Snapshot
) -> DecisionColumns:
    """Return the decisions of accepted entries."""
    batch, masters, found, tables = (
        case.batch,
        case.masters,
        case.found,
        snapshot.columns,
    )
    day, booked = batch.day[accepted], found.days.accounting_day[accepted]
    return DecisionColumns(
        entry_no=batch.entries.entry_no[accepted],
        revision=_numbers(batch.entries.revision[accepted]),
        contract_no=_numbers(tables.contracts.no[masters.contract[accepted]]),
        contract_line_no=_numbers(tables.lines.no[masters.line[accepted]]),
        project_no=_numbers(tables.projects.no[batch.project[accepted]]),
        person_no=_numbers(tables.people.no[batch.person[accepted]]),
        entity_no=_numbers(tables.entities.no[masters.entity[accepted]]),
        employing_entity_no=_numbers(tables.entities.no[masters.employer[accepted]]),
        resourcing_entity_no=_numbers(tables.entities.no[masters.resourcing[accepted]]),
        work_date=_days(day),
        accounting_date=_days(booked),
        late=day != booked_on(case)[accepted],
        worked_seconds=batch.worked[accepted],
        uplift_seconds=case.time.uplift[accepted],
        currency=_codes(masters.currency[accepted]),
        cost_amount=cost[accepted],
        bill_rate_no=_numbers(tables.bill_rates.no[found.bill_rate[accepted]]),
        cost_rate_no=_numbers(tables.cost_rates.no[found.cost_rate[accepted]]),
        tax_rule_no=_numbers(tables.tax.no[found.tax_rule[accepted]]),
        time_rounding_no=_numbers(
            tables.time_roundings.no[case.time.rounding[accepted]]
        ),
        change_no=np.full(len(accepted), snapshot.change_no, dtype=np.int64),
        approved_at=batch.entries.approved_at[accepted].astype("datetime64[us]"),
    )


def portion_columns(
    case: Case, portions: Portions, snapshot: Snapshot
) -> PortionColumns:
    """Return the portions of accepted entries."""
    entry, masters, tables = portions.entry, case.masters, snapshot.columns
    return PortionColumns(
        entry_no=case.batch.entries.entry_no[entry],
        revision=_numbers(case.batch.entries.revision[entry]),
        part=_codes(portions.part),
        fate=_codes(portions.fate),
        contract_no=_numbers(tables.contracts.no[masters.contract[entry]]),
        contract_line_no=_numbers(tables.lines.no[masters.line[entry]]),
        seconds=portions.seconds,
        rate_amount=portions.rate_amount,
        rate_seconds=portions.rate_seconds,
        currency=_codes(masters.currency[entry]),
        amount=portions.amount,
        accrued_amount=portions.accrued,
    )


def expense_worths(case: Case, accepted: Flags, snapshot: Snapshot) -> ExpenseWorths:
    """Return the exact worth of accepted expenses; `accepted` is by position."""
    expenses, entries = case.found.expenses, case.batch.entries
    kept = rows_where(accepted[expenses.row])
    if not kept.size:
        return _NO_WORTHS
    entry = expenses.row[kept]
    worths = [expenses.worth[place] for place in kept.tolist()]
    rules = expenses.recovery_rule[kept]
    contracts = snapshot.columns.contracts.no
    return ExpenseWorths(
        entry_no=entries.entry_no[entry],
        revision=_numbers(entries.revision[entry]),
        contract_no=_numbers(contracts[case.masters.contract[entry]]),
        amount=expenses.amount[kept],
        input_tax=expenses.input_tax[kept],
        worth_numerator=[worth.numerator for worth in worths],
        worth_denominator=[worth.denominator for worth in worths],
        recovery_rule_no=_given(snapshot.columns.tax.no, rules),
        recovered_ppm=_given(snapshot.columns.tax.recovered_ppm, rules),
    )


def _given(column: Ints | None, rows: Ints) -> list[int | None]:
    """Return what a column has in some rows, None for NOTHING."""
    if column is None:
        return [None] * len(rows)
    found = column[rows].tolist()
    return [
        None if row == NOTHING else one
        for row, one in zip(rows.tolist(), found, strict=True)
    ]


def transfer_columns(
    case: Case, accepted: Flags, snapshot: Snapshot
) -> TransferColumns:
    """Return the transfer prices of accepted entries; `accepted` is by position."""
    batch, masters, found = case.batch, case.masters, case.found
    tables, transfers = snapshot.columns, found.transfers
    kept = rows_where(accepted[transfers.row])
    if not kept.size:
        return _NO_TRANSFERS
    entry = transfers.row[kept]
    prices, terms = tables.transfer_prices, transfers.terms[kept]
    entities = tables.entities
    there = transfers.borrower_amount[kept].tolist()
    return TransferColumns(
        entry_no=batch.entries.entry_no[entry],
        revision=_numbers(batch.entries.revision[entry]),
        contract_no=_numbers(tables.contracts.no[masters.contract[entry]]),
        lender_no=_numbers(entities.no[masters.resourcing[entry]]),
        borrower_no=_numbers(entities.no[masters.entity[entry]]),
        rule_no=_numbers(prices.no[terms]),
        model=_codes(prices.model[terms]),
        work_date=_days(batch.day[entry]),
        seconds=batch.worked[entry],
        currency=_codes(transfers.currency[kept]),
        amount=transfers.amount[kept],
        accrues=prices.accrues[terms],
        lender_currency=_codes(entities.currency[masters.resourcing_row[entry]]),
        lender_amount=transfers.lender_amount[kept],
        lender_date=_days(found.days.lending_day[entry]),
        borrower_currency=_codes(entities.currency[masters.entity_row[entry]]),
        borrower_amount=[None if one == NOTHING else one for one in there],
        borrower_date=_days(found.days.accounting_day[entry]),
    )


def cross_charge_columns(
    case: Case, accepted: Flags, snapshot: Snapshot
) -> CrossChargeColumns:
    """Return what departments charge for accepted entries, by position."""
    found, entries, masters = case.found.cross_charges, case.batch.entries, case.masters
    kept = rows_where(accepted[found.row])
    if not kept.size:
        return _NO_CROSS_CHARGES
    entry, tables = found.row[kept], snapshot.columns
    departments = ints(list(snapshot.catalogue.cost_centres.nos))
    return CrossChargeColumns(
        entry_no=entries.entry_no[entry],
        revision=_numbers(entries.revision[entry]),
        contract_no=_numbers(tables.contracts.no[masters.contract[entry]]),
        entity_no=_numbers(tables.entities.no[masters.entity[entry]]),
        person_cost_centre_no=_numbers(departments[found.person_cost_centre[kept]]),
        project_cost_centre_no=_numbers(departments[found.project_cost_centre[kept]]),
        rule_no=_numbers(tables.cross_charges.no[found.terms[kept]]),
        seconds=case.batch.worked[entry],
        currency=_codes(tables.entities.currency[masters.entity_row[entry]]),
        amount=found.amount[kept],
    )


def journal_columns(
    case: Case, lines: JournalLines, snapshot: Snapshot
) -> JournalColumns:
    """Return the journal lines that accepted entries cause."""
    entry, masters, tables = lines.entry, case.masters, snapshot.columns
    batch = case.batch
    return JournalColumns(
        cause=np.full(len(entry), Cause.ENTRY, dtype=np.int16),
        cause_no=batch.entries.entry_no[entry],
        cause_revision=_numbers(batch.entries.revision[entry]),
        part=_numbers(lines.part),
        effect=_codes(lines.effect),
        mirror=np.zeros(len(entry), dtype=np.bool_),
        entity_no=_numbers(tables.entities.no[lines.entity]),
        contract_no=_numbers(tables.contracts.no[masters.contract[entry]]),
        project_no=_numbers(tables.projects.no[batch.project[entry]]),
        person_no=_numbers(tables.people.no[batch.person[entry]]),
        debit=_codes(lines.debit),
        credit=_codes(lines.credit),
        currency=_codes(lines.currency),
        amount=lines.amount,
        entity_currency=_codes(lines.entity_currency),
        entity_amount=lines.entity_amount,
        accounting_date=_days(lines.day),
        document_date=_days(batch.day[entry]),
    )
