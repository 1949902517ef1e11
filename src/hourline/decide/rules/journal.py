"""Rule: approval books the cost of the work, and accrues what is still to be billed.

Cost: Dr cost / Cr payroll_allocation, in the resourcing entity's currency.
Work for another entity: Dr ic_wip / Cr ic_accrued_revenue in the resourcing entity's
books at the transfer price, where its row accrues.
An expense: Dr expense_cost / Cr expense_clearing, and for input tax that is recovered
Dr input_tax / Cr expense_clearing, in its own currency, translated into the contracting
entity's at the rate of its date.
Work of a department for another of its entity: Dr cross_charge / Cr
cross_charge_recovery, in the entity's currency.
Accrual: Dr wip / Cr accrued_revenue, in the contract's currency, translated at the
rate of the accounting date. Each entity's own open months, of the subledger where it
closes those apart, decide when it books.
Nothing is booked for an amount of 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from hourline.decide.model import Case
from hourline.decide.rules.portions import Portions
from hourline.kernel.codes import Effect, Role
from hourline.kernel.columns import Ints, all_of, rows_where
from hourline.kernel.money import round_ratios
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class JournalLines:
    """Hold journal lines by the position of their entry, in the order of entries.

    `entity` is a dense id; the entity's currency is that of `entity_row`.
    """

    entry: Ints
    part: Ints
    effect: Ints
    debit: Ints
    credit: Ints
    entity: Ints
    currency: Ints
    amount: Ints
    entity_currency: Ints
    entity_amount: Ints
    day: Ints


_COLUMNS = len(fields(JournalLines))


@dataclass(frozen=True, slots=True)
class _OfExpense:
    """Say which part of an expense a line books, and of what amounts."""

    part: int
    debit: Role
    amounts: Callable[[Case], tuple[Ints, Ints]]


_NET = _OfExpense(
    0,
    Role.EXPENSE_COST,
    lambda case: (case.batch.entries.expenses.net, case.found.expenses.books_cost),
)
_INPUT_TAX = _OfExpense(
    1,
    Role.INPUT_TAX,
    lambda case: (case.batch.entries.expenses.tax, case.found.expenses.input_tax),
)


def journal_lines(
    case: Case, portions: Portions, *, cost: Ints, snapshot: Snapshot
) -> JournalLines:
    """Return the lines of portions and of costs; costs are by position in the batch.

    The cost of expenses is not among `cost`.
    """
    columns = [
        np.concatenate(lines)
        for lines in zip(
            _cost_lines(case, cost, snapshot),
            _expense_lines(case, portions, snapshot, of=_NET),
            _expense_lines(case, portions, snapshot, of=_INPUT_TAX),
            _transfer_lines(case, portions, snapshot),
            _cross_charge_lines(case, portions, snapshot),
            _accrual_lines(case, portions, snapshot),
            strict=True,
        )
    ]
    order = columns[0].argsort(kind="stable")
    return JournalLines(*(column[order] for column in columns))


def _cost_lines(case: Case, cost: Ints, snapshot: Snapshot) -> list[Ints]:
    entry = rows_where(cost)
    resourcing_row = case.masters.resourcing_row[entry]
    currency = snapshot.columns.entities.currency[resourcing_row]
    return [
        entry,
        np.zeros_like(entry),
        all_of(entry, Effect.COST),
        all_of(entry, Role.COST),
        all_of(entry, Role.PAYROLL_ALLOCATION),
        case.masters.resourcing[entry],
        currency,
        cost[entry],
        currency,
        cost[entry],
        case.found.days.resourcing_day[entry],
    ]


def _transfer_lines(case: Case, portions: Portions, snapshot: Snapshot) -> list[Ints]:
    found, masters = case.found.transfers, case.masters
    if not len(found.row):
        return [found.row] * _COLUMNS
    accrues = snapshot.columns.transfer_prices.accrues[found.terms]
    booked = found.is_priced & accrues & (found.amount != 0)
    accepted = np.zeros(len(case.batch.day), dtype=np.bool_)
    accepted[portions.entry] = True
    kept = rows_where(booked & accepted[found.row])
    entry = found.row[kept]
    return [
        entry,
        np.zeros_like(entry),
        all_of(entry, Effect.IC_ACCRUAL),
        all_of(entry, Role.IC_WIP),
        all_of(entry, Role.IC_ACCRUED_REVENUE),
        masters.resourcing[entry],
        found.currency[kept],
        found.amount[kept],
        snapshot.columns.entities.currency[masters.resourcing_row[entry]],
        found.lender_amount[kept],
        case.found.days.lending_day[entry],
    ]


def _cross_charge_lines(
    case: Case, portions: Portions, snapshot: Snapshot
) -> list[Ints]:
    found = case.found.cross_charges
    if not len(found.row):
        return [found.row] * _COLUMNS
    accepted = np.zeros(len(case.batch.day), dtype=np.bool_)
    accepted[portions.entry] = True
    kept = rows_where(accepted[found.row] & (found.amount != 0))
    entry, amount = found.row[kept], found.amount[kept]
    currency = snapshot.columns.entities.currency[case.masters.entity_row[entry]]
    return [
        entry,
        np.zeros_like(entry),
        all_of(entry, Effect.CROSS_CHARGE),
        all_of(entry, Role.CROSS_CHARGE),
        all_of(entry, Role.CROSS_CHARGE_RECOVERY),
        case.masters.entity[entry],
        currency,
        amount,
        currency,
        amount,
        case.found.days.cost_day[entry],
    ]


def _expense_lines(
    case: Case, portions: Portions, snapshot: Snapshot, *, of: _OfExpense
) -> list[Ints]:
    stated, masters = case.batch.entries.expenses, case.masters
    if not len(stated):
        return [stated.row] * _COLUMNS
    amount, books_amount = of.amounts(case)
    accepted = np.isin(stated.row, portions.entry) & (amount > 0)
    entry = stated.row[accepted]
    return [
        entry,
        all_of(entry, of.part),
        all_of(entry, Effect.COST),
        all_of(entry, of.debit),
        all_of(entry, Role.EXPENSE_CLEARING),
        masters.entity[entry],
        stated.currency[accepted],
        amount[accepted],
        snapshot.columns.entities.currency[masters.entity_row[entry]],
        books_amount[accepted],
        case.found.days.cost_day[entry],
    ]


def _accrual_lines(case: Case, portions: Portions, snapshot: Snapshot) -> list[Ints]:
    accrued = rows_where(portions.accrued)
    entry, amount = portions.entry[accrued], portions.accrued[accrued]
    masters, entities = case.masters, snapshot.columns.entities
    entity_row = masters.entity_row[entry]
    translated = amount.copy()
    foreign = rows_where(masters.currency[entry] != entities.currency[entity_row])
    if foreign.size:
        rows = entry[foreign]
        translated[foreign] = round_ratios(
            amount[foreign] * case.found.fx_numerator[rows],
            case.found.fx_denominator[rows],
            entities.rounding[entity_row[foreign]],
        )
    expenses = case.found.expenses
    if len(expenses.row):
        own = rows_where(np.isin(entry, expenses.row))
        places = expenses.row.searchsorted(entry[own])
        translated[own] = expenses.accrued_entity[places]
    return [
        entry,
        portions.part[accrued],
        all_of(entry, Effect.ACCRUAL),
        all_of(entry, Role.WIP),
        all_of(entry, Role.ACCRUED_REVENUE),
        masters.entity[entry],
        masters.currency[entry],
        amount,
        entities.currency[entity_row],
        translated,
        case.found.days.accounting_day[entry],
    ]
