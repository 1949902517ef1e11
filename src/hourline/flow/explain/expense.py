"""Explain an expense: its cost, input tax and markup, and both rates of exchange."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.decide.model import Case
from hourline.flow.explain.exchange import Exchange, RateType, exchange_on, lacks
from hourline.flow.explain.model import Check, Step, exactly, money, percent
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.money import Rounding, currency_numbered, round_fraction
from hourline.kernel.quantity import PPM_PER_PERCENT
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class StatedExpense:
    """Hold an expense as it was approved, and what was stored of its worth.

    `cost`, `tax` and `recovered_tax` are minor units of `currency`; `input_tax` is in
    the books' currency, and the worth is exact, in minor units of the contract's. A
    `recovery_row` of the tax table says what is recovered where the source does not.
    """

    spent_on: date
    cost: int
    currency: int
    markup_ppm: int
    tax: int
    recoverable: bool
    recoverable_ppm: int
    recovered_tax: int
    recovery_row: str | None
    worth_numerator: Decimal | None
    worth_denominator: Decimal | None
    input_tax: int | None

    @property
    def charged_on(self) -> int:
        """Give what the markup is on: the cost without the tax that is recovered."""
        return self.cost - self.recovered_tax

    @property
    def charged(self) -> Fraction:
        """Give the exact cost with its markup, in its own minor units."""
        return Fraction(self.charged_on * (_MILLION + self.markup_ppm), _MILLION)

    @property
    def worth(self) -> Fraction | None:
        """Give the stored exact worth; None where nothing of it is stored."""
        if self.worth_numerator is None or self.worth_denominator is None:
            return None
        return Fraction(self.worth_numerator) / Fraction(self.worth_denominator)


def stated_expense(session: Session, key: tuple[int, int]) -> StatedExpense | None:
    """Return the expense that a revision is; None where it is time."""
    found = session.all(
        QUERIES["expense_stated"], StatedExpense, entry_no=key[0], revision=key[1]
    )
    return found[0] if found else None


def expense_step(case: Case, stated: StatedExpense, snapshot: Snapshot) -> Step:
    """Explain what of an expense is charged, and what that is in the contract's money.

    The rate is that of the expense's date.
    """
    day = stated.spent_on
    contract = int(case.masters.currency[0])
    exchange = exchange_on(snapshot, stated.currency, contract, day)
    worth = Fraction(0) if exchange is None else stated.charged * exchange.minor_rate
    cost = money(stated.cost, stated.currency)
    sentences = [
        f"It cost {cost} on {day}{_taxed(stated)}.",
        _marked_up(stated),
        _priced(stated, exchange, worth, contract),
    ]
    if exchange is None:
        lacking = lacks(stated.currency, contract, day)
        sentences[-1] = f"It is not billed and {lacking}, so it is worth 0."
    kept = stated.worth
    checks = (
        []
        if kept is None
        else [
            Check(
                figure="exact worth of the expense",
                recomputed=exactly(worth, contract),
                stored=exactly(kept, contract),
            )
        ]
    )
    return Step(
        about="expense",
        sentences=sentences,
        figures={
            "cost": stated.cost,
            "currency": currency_code(stated.currency),
            "tax": stated.tax,
            "recovered_percent": _recovered_percent(stated),
            "recovered_tax": stated.recovered_tax,
            "recovery_row": stated.recovery_row,
            "markup_percent": _markup(stated),
            "charged_on": stated.charged_on,
            "charged_exact_minor_units": str(stated.charged),
            "exchange": None
            if exchange is None
            else exchange.figures(RateType.TRANSACTION),
            "exact_minor_units": str(worth),
            "contract_currency": currency_code(contract),
        },
        checks=checks,
    )


def expense_cost_step(
    case: Case, stated: StatedExpense, snapshot: Snapshot, rounding: Rounding
) -> Step:
    """Explain what an expense costs in the books: translated, less its input tax."""
    entity = int(case.masters.entity[0])
    books = int(snapshot.columns.entities.currency[case.masters.entity_row[0]])
    name = snapshot.catalogue.entities.ids[entity]
    day = stated.spent_on
    exchange = exchange_on(snapshot, stated.currency, books, day)
    found = case.found.expenses
    cost, tax = int(found.books_cost[0]), int(found.input_tax[0])
    sentences = list(_in_books(stated, exchange, (books, name), (cost, tax)))
    checks = list(_books_checks(stated, exchange, (cost, books), rounding))
    return Step(
        about="cost",
        sentences=sentences,
        figures={
            "amount": cost,
            "input_tax": tax,
            "paid": cost + tax,
            "currency": currency_code(books),
            "exchange": None
            if exchange is None
            else exchange.figures(RateType.TRANSACTION),
        },
        checks=checks,
    )


def _in_books(
    stated: StatedExpense,
    exchange: Exchange | None,
    books: tuple[int, str],
    amounts: tuple[int, int],
) -> Iterator[str]:
    currency, name = books
    cost, tax = amounts
    if exchange is not None and exchange.row is not None:
        exact = stated.cost * exchange.minor_rate
        yield (
            f"What was paid is translated for the books of {name} at {exchange.said()}."
            f" {money(stated.cost, stated.currency)} are exactly"
            f" {exactly(exact, currency)}, rounded {money(cost + tax, currency)}."
        )
    if tax:
        yield (
            f"{money(tax, currency)} of it are input tax that is recovered, which is"
            " no cost."
        )
    yield f"The expense costs {money(cost, currency)} in the books of {name}."


def _books_checks(
    stated: StatedExpense,
    exchange: Exchange | None,
    booked: tuple[int, int],
    rounding: Rounding,
) -> Iterator[Check]:
    cost, books = booked
    if exchange is None:
        return
    paid = round_fraction(stated.cost * exchange.minor_rate, rounding)
    recovered = round_fraction(stated.recovered_tax * exchange.minor_rate, rounding)
    yield Check(
        figure="cost of the expense in the books",
        recomputed=money(paid - recovered, books),
        stored=money(cost, books),
    )
    if stated.input_tax is not None:
        yield Check(
            figure="input tax in the books",
            recomputed=money(recovered, books),
            stored=money(stated.input_tax, books),
        )


def _taxed(stated: StatedExpense) -> str:
    if not stated.tax:
        return ", with no input tax"
    tax = money(stated.tax, stated.currency)
    row = stated.recovery_row
    by = "" if row is None else f", as the row {row} says,"
    if not stated.recovered_tax:
        return f", of which {tax} are input tax: none is recovered{by}, so it is cost"
    recovered = money(stated.recovered_tax, stated.currency)
    return (
        f", of which {tax} are input tax: {_recovered_percent(stated)} % of that,"
        f" {recovered}, is recovered{by} and no cost"
    )


def _marked_up(stated: StatedExpense) -> str:
    on = money(stated.charged_on, stated.currency)
    if not stated.markup_ppm:
        return f"There is no markup: {on} are charged."
    return (
        f"With a markup of {_markup(stated)} % on {on}, exactly"
        f" {exactly(stated.charged, stated.currency)} are charged."
    )


def _priced(
    stated: StatedExpense,
    exchange: Exchange | None,
    worth: Fraction,
    contract: int,
) -> str:
    if exchange is None or exchange.row is None:
        return f"The contract is in {currency_code(contract)} too: no rate of exchange."
    charged = exactly(stated.charged, stated.currency)
    return (
        f"It is translated into the contract's {currency_code(contract)} at"
        f" {exchange.said()}; so {charged} are exactly {exactly(worth, contract)}."
    )


def _markup(stated: StatedExpense) -> str:
    return percent_of(stated.markup_ppm)


def _recovered_percent(stated: StatedExpense) -> str:
    return percent_of(stated.recoverable_ppm if stated.recoverable else 0)


def percent_of(ppm: int) -> str:
    """Return millionths in percent, without needless digits: -2.5."""
    sign = "-" if ppm < 0 else ""
    return f"{sign}{percent(Fraction(abs(ppm), PPM_PER_PERCENT))}"


def currency_code(number: int) -> str:
    """Return the code of a currency by its ISO number."""
    return currency_numbered(number).code
