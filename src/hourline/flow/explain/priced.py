"""Tell the way from time or cost to each portion's price, and its four amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hourline.decide.model import Case, Decided
from hourline.flow.explain.amounts import Amounts, BooksRate, amounts_step
from hourline.flow.explain.exchange import exchange_on
from hourline.flow.explain.expense import (
    StatedExpense,
    expense_cost_step,
    expense_step,
)
from hourline.flow.explain.model import Step
from hourline.flow.explain.pricing import (
    cost_step,
    factor_step,
    portion_step,
    rate_step,
    time_step,
)
from hourline.flow.explain.rounding import rounding_step
from hourline.flow.explain.terms import cost_plus_step, is_by_cost, terms_step
from hourline.flow.explain.transfer import transfer_step
from hourline.kernel.effective import day_of
from hourline.kernel.money import Rounding, round_fraction
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Hold a revision decided anew, with the rules it was decided with.

    `part` leaves out the other portions. `accrued` is by part what was accrued in the
    books, in minor units of their currency.
    """

    case: Case
    decided: Decided
    snapshot: Snapshot
    rounding: Rounding
    part: int | None
    expense: StatedExpense | None
    accrued: dict[int, int]


def priced_steps(told: Decision) -> Iterator[Step]:
    """Yield the steps from time or cost to portions, cost and transfer price."""
    case, snapshot = told.case, told.snapshot
    yield time_step(case)
    rounded = rounding_step(case, snapshot)
    if rounded is not None:
        yield rounded
    yield from _price(told)
    for row, part in enumerate(told.decided.portions.part.tolist()):
        if told.part in {None, part}:
            worth = _worth(told.decided)
            yield portion_step(told.decided.portions, row, told.rounding, worth)
            yield _amounts(told, row)
    if told.expense is None:
        yield cost_step(case, int(told.decided.decisions.cost_amount[0]), snapshot)
    else:
        yield expense_cost_step(case, told.expense, snapshot, told.rounding)
    transfer = transfer_step(case, snapshot)
    if transfer is not None:
        yield transfer


def _price(told: Decision) -> Iterator[Step]:
    """Yield the steps from rate row or cost to the price of an hour."""
    case, snapshot, portions = told.case, told.snapshot, told.decided.portions
    if told.expense is not None:
        yield expense_step(case, told.expense, snapshot)
        return
    by_cost = is_by_cost(case, snapshot)
    if not by_cost:
        yield rate_step(case, snapshot)
    factor = factor_step(case, snapshot)
    if factor is not None:
        yield factor
    if by_cost:
        yield cost_plus_step(case, portions, snapshot)
        return
    terms = terms_step(case, portions, snapshot)
    if terms is not None:
        yield terms


def _worth(decided: Decided) -> Fraction | None:
    if not len(decided.expenses.entry_no):
        return None
    worth = decided.expenses
    return Fraction(worth.worth_numerator[0], worth.worth_denominator[0])


def _amounts(told: Decision, row: int) -> Step:
    """Tell a portion's worth four times; what is not accrued is not in the books."""
    portions, expense = told.decided.portions, told.expense
    part, currency = int(portions.part[row]), int(portions.currency[row])
    amount, accrued = int(portions.amount[row]), int(portions.accrued_amount[row])
    transaction, priced = (amount, currency), None
    if expense is not None:
        charged = round_fraction(expense.charged, told.rounding)
        transaction = charged, expense.currency
        priced = exchange_on(
            told.snapshot, expense.currency, currency, expense.spent_on
        )
    entity_no = int(told.decided.decisions.entity_no[0])
    booked_on = day_of(int(told.case.found.days.accounting_day[0]))
    books = told.snapshot.entity(entity_no, on=booked_on).currency
    amounts = Amounts(
        of=f"portion {part}",
        transaction=transaction,
        priced=priced,
        contract=amount,
        currency=currency,
        entity_no=entity_no,
        entity=told.accrued.get(part) if accrued == amount else None,
        booked_on=booked_on,
        books_rate=BooksRate(
            exchange=exchange_on(told.snapshot, currency, books, booked_on)
        ),
    )
    return amounts_step(amounts, told.snapshot, told.rounding)
