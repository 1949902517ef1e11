"""Rule: an expense is worth its cost and a markup, at the rate of exchange of its date.

Input tax that is recovered is no cost: the cost is what was paid without it, and so is
what the markup is on. Tax that is not recovered stays part of the cost.

The contracting entity bears the cost, also where another one provides the person: there
is no transfer price for what has no hours. Cost and worth are translated from the
currency of the expense on its date and rounded once: what was paid and its tax are, the
cost is the rest; an accrual is translated, as any,
on the accounting date. Worth that is not billed needs no rate of exchange: without one
it is 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hourline.decide.lacking_rates import pair_lacking, pairs_lacking
from hourline.decide.model import (
    NO_EXPENSES,
    Batch,
    BillableTime,
    Expenses,
    Masters,
)
from hourline.kernel.columns import NOTHING, Flags, Ints, ints
from hourline.kernel.money import Rounding, round_fraction
from hourline.master.snapshot import NO_MONTH, Snapshot

_MILLION = 1_000_000
# What is beyond cannot be kept; only a rate of exchange that is absurd leads there.
_AMOUNT_MAX = 2**62


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Hold a rate of exchange, None where there is none, and who needs it."""

    rate: Fraction | None
    pair: str
    needed: bool

    def of(self, amount: Fraction | int, rounding: Rounding) -> int | None:
        """Return an amount translated and rounded; None without a usable rate."""
        if self.rate is None:
            return None
        translated = round_fraction(amount * self.rate, rounding)
        return translated if translated <= _AMOUNT_MAX else None


@dataclass(frozen=True, slots=True)
class _Valued:
    """Hold what one expense costs and is worth."""

    books_cost: int = 0
    input_tax: int = 0
    worth: Fraction = Fraction(0)
    amount: int = 0
    accrued_entity: int = 0
    lacks: str = ""


def expenses_found(
    batch: Batch,
    masters: Masters,
    *,
    time: BillableTime,
    accounted: tuple[Ints, Ints],
    recovery_rule: Ints,
    snapshot: Snapshot,
) -> Expenses:
    """Return what the expenses of a batch cost and are worth.

    `accounted` has the accounting day and month of every entry; `recovery_rule` is by
    expense, as `recovered_by_rule` gives it.
    """
    stated, tables = batch.entries.expenses, snapshot.columns
    row = stated.row
    if not len(row):
        return NO_EXPENSES
    entity_row, sold = masters.entity_row[row], time.to_bill[row]
    books, priced = tables.entities.currency[entity_row], masters.currency[row]
    accrues = sold & tables.lines.accrues[masters.line_row[row]]
    opened = accounted[1][row] != NO_MONTH
    day, booked = batch.day[row], accounted[0][row]
    columns = zip(
        masters.terms_known[row].tolist(),
        zip(
            stated.cost.tolist(),
            stated.tax.tolist(),
            stated.markup_ppm.tolist(),
            strict=True,
        ),
        _exchanges((stated.currency, books), day, row >= 0, snapshot),
        _exchanges((stated.currency, priced), day, sold, snapshot),
        _exchanges((priced, books), booked, accrues & opened, snapshot),
        tables.entities.rounding[entity_row].tolist(),
        strict=True,
    )
    valued = [
        _valued(terms, exchanges, Rounding(rounding)) if known else _Valued()
        for known, terms, *exchanges, rounding in columns
    ]
    return Expenses(
        row=row,
        books_cost=ints([one.books_cost for one in valued]),
        input_tax=ints([one.input_tax for one in valued]),
        worth=[one.worth for one in valued],
        amount=ints([one.amount for one in valued]),
        accrued_entity=ints([one.accrued_entity for one in valued]),
        lacks=[one.lacks for one in valued],
        recovery_rule=recovery_rule,
    )


def _valued(
    terms: tuple[int, int, int], exchanges: list[_Exchange], rounding: Rounding
) -> _Valued:
    cost, tax, markup_ppm = terms
    into_books, into_price, accrual = exchanges
    marked_up = Fraction((cost - tax) * (_MILLION + markup_ppm), _MILLION)
    paid = into_books.of(cost, rounding)
    input_tax = into_books.of(tax, rounding) or 0
    amount = into_price.of(marked_up, rounding)
    accrued = accrual.of(amount or 0, rounding) if accrual.needed else 0
    results = (paid, amount, accrued)
    lacks = [
        exchange.pair
        for exchange, result in zip(exchanges, results, strict=True)
        if exchange.needed and result is None
    ]
    return _Valued(
        books_cost=0 if paid is None else paid - input_tax,
        input_tax=0 if paid is None else input_tax,
        worth=Fraction(0) if amount is None else marked_up * (into_price.rate or 0),
        amount=amount or 0,
        accrued_entity=accrued or 0,
        lacks=pairs_lacking(lacks),
    )


def _exchanges(
    sides: tuple[Ints, Ints], days: Ints, needed: Flags, snapshot: Snapshot
) -> Iterator[_Exchange]:
    row, numerator, denominator = snapshot.columns.fx.at(*sides, days)
    columns = (*sides, days, needed, row, numerator, denominator)
    for source, target, day, is_needed, found, up, down in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        rate = Fraction(up, down) if found != NOTHING else None
        if source == target:
            rate = Fraction(1)
        yield _Exchange(rate, _pair(source, target, day), is_needed)


def _pair(source: int, target: int, day: int) -> str:
    return "" if NOTHING in (source, target) else pair_lacking(source, target, day)
