"""Rule: work of one entity's people for another has a transfer price.

Of the rows of lender and borrower that hold on the work date, one that names the
person comes before one that names the role, then one that names neither. It prices
worked time, on every kind of contract line. Cost models take the cost rate with its
hour type's cost factor and are in the lender's currency; bill-rate models take the
bill rate with its bill factor, or a price set by hand as it stands, and are in the
contract's; a unit price is in its own. Money and a bill rate in another currency are
translated at the rate of the lender's accounting date. Rounded once, by the lender's
policy. An expense has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hourline.decide.model import NO_TRANSFERS, Case, Transfer, Transfers
from hourline.decide.rules.bill_rate import prices, roles_of
from hourline.decide.rules.hand_price import by_hand, is_by_hand
from hourline.kernel.codes import TransferModel
from hourline.kernel.columns import NOTHING, Flags, Ints
from hourline.kernel.effective import day_of
from hourline.kernel.money import Rounding, currency_numbered, round_fraction
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.master.snapshot import (
    NO_MONTH,
    EntityColumns,
    FxRateMissing,
    Snapshot,
    TransferTerms,
)

_HOUR = Fraction(1, HOUR_SECONDS)
# What is beyond cannot be kept; only absurd rates lead there.
_AMOUNT_MAX = 2**62


@dataclass(frozen=True, slots=True)
class _Lent:
    """Hold one entry of a person of another entity: seconds, rates, parties' books.

    Rates are exact, of a second, in minor units of their currencies.
    """

    seconds: int
    cost: Fraction
    bill: Fraction
    contract_currency: int
    lender: "_Books"
    borrower: "_Books"


@dataclass(frozen=True, slots=True)
class _Books:
    """Hold how and when an entity books."""

    currency: int
    rounding: Rounding
    day: int


class _Exchanges:
    """Look up each rate of exchange once, and note for an entry which are missing."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[int, int, int], Fraction | None] = {}
        self._missing: list[str] = []

    def rate(self, source: int, target: int, day: int) -> Fraction | None:
        """Return what a minor unit is worth, None where there is no rate."""
        key = (source, target, day)
        if key not in self._known:
            try:
                found = self._snapshot.minor_fx(source, target, day_of(day))
            except FxRateMissing:
                self._known[key] = None
            else:
                self._known[key] = found
        return self._known[key]

    def needed(self, source: int, target: int, day: int) -> Fraction:
        """Return what a minor unit is worth; 0, and noted, where there is no rate."""
        rate = self.rate(source, target, day)
        if rate is None:
            codes = [currency_numbered(one).code for one in (source, target)]
            self._missing.append(f"{codes[0]} and {codes[1]} on {day_of(day)}")
        return rate or Fraction(0)

    def lacking(self) -> str:
        """Return which were missing since this was asked last."""
        noted = " and between ".join(dict.fromkeys(self._missing))
        self._missing.clear()
        return noted


def is_lent(case: Case) -> Flags:
    """Say which time is of a person whom not the contracting entity employs."""
    masters = case.masters
    lent: Flags = (
        masters.person_known
        & masters.terms_known
        & (masters.employer != masters.entity)
    )
    lent[case.batch.entries.expenses.row] = False
    return lent


def transfers_found(case: Case, snapshot: Snapshot) -> Transfers:
    """Return the transfer prices of a batch."""
    row = np.flatnonzero(is_lent(case))
    if not row.size:
        return NO_TRANSFERS
    masters, table = case.masters, snapshot.columns.transfer_prices
    columns = {
        "lender": masters.employer[row],
        "borrower": masters.entity[row],
        "person": case.batch.person[row],
        "role": roles_of(case.batch, masters, snapshot)[row],
    }
    terms = table.at(columns, case.batch.day[row])
    found = [table.terms[place] if place != NOTHING else None for place in terms]
    rated = np.array([one is not None and one.needs_bill_rate for one in found])
    by_hand_row = is_by_hand(case.batch.entries.price[row])
    lacks_rate = rated & (case.found.bill_rate[row] == NOTHING) & ~by_hand_row
    opened = case.found.employer_month[row] != NO_MONTH
    priced: list[Transfer | None] = []
    lacks: list[str] = []
    exchanges = _Exchanges(snapshot)
    can_price = (opened & ~lacks_rate).tolist()
    for one, lent, usable in zip(
        found, _lent(case, row, snapshot), can_price, strict=True
    ):
        price = _transfer(lent, one, exchanges) if one is not None and usable else None
        missing = exchanges.lacking()
        priced.append(None if missing else price)
        lacks.append(missing)
    return Transfers(row, terms, priced, lacks_rate, lacks)


def base_rates(case: Case, snapshot: Snapshot) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield what an hour of the lent entries costs and sells for, by its factors.

    Exact, in minor units of the lender's and of the contract's currency.
    """
    for lent in _lent(case, case.found.transfers.row, snapshot):
        yield lent.cost * HOUR_SECONDS, lent.bill * HOUR_SECONDS


def _lent(case: Case, row: Ints, snapshot: Snapshot) -> Iterator[_Lent]:
    """Yield the entries with their exact rates, in their order."""
    masters, found, entities = case.masters, case.found, snapshot.columns.entities
    rated = prices(found.bill_rate[row], masters.hour_type_row[row], snapshot)
    _, _, (bill_up, bill_down) = by_hand(case, row, rated)
    currency = masters.currency[row].tolist()
    columns = zip(
        case.batch.worked[row].tolist(),
        _cost_rates(case, row, snapshot),
        zip(bill_up.tolist(), bill_down.tolist(), strict=True),
        currency,
        _books(masters.employer_row[row], found.employer_day[row], entities),
        _books(masters.entity_row[row], found.accounting_day[row], entities),
        strict=True,
    )
    for seconds, cost, bill, contract_currency, lender, borrower in columns:
        yield _Lent(seconds, cost, Fraction(*bill), contract_currency, lender, borrower)


def _cost_rates(case: Case, row: Ints, snapshot: Snapshot) -> Iterator[Fraction]:
    """Yield what a second costs the lender, by the hour type's factor."""
    tables, masters = snapshot.columns, case.masters
    rate, kind = case.found.cost_rate[row], masters.hour_type_row[row]
    columns = (
        tables.cost_rates.numerator[rate],
        tables.cost_rates.denominator[rate],
        tables.entities.decimals[masters.employer_row[row]],
        tables.hour_types.cost_numerator[kind],
        tables.hour_types.cost_denominator[kind],
    )
    for up, down, decimals, factor_up, factor_down in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        yield Fraction(up * 10**decimals * factor_up, down * HOUR_SECONDS * factor_down)


def _books(rows: Ints, days: Ints, entities: EntityColumns) -> Iterator[_Books]:
    columns = (entities.currency[rows], entities.rounding[rows], days)
    for currency, rounding, day in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        yield _Books(currency, Rounding(rounding), day)


def _transfer(
    lent: _Lent, terms: TransferTerms, exchanges: _Exchanges
) -> Transfer | None:
    """Return the price of an entry; None below zero or beyond all measure."""
    lender, currency = lent.lender, _currency(lent, terms)
    money_in = currency if terms.currency == NOTHING else terms.currency
    per_hour = terms.money * 10 ** currency_numbered(money_in).decimals
    parts = (
        (terms.cost_weight * lent.cost, lender.currency),
        (terms.bill_weight * lent.bill, lent.contract_currency),
        (per_hour * _HOUR, money_in),
    )
    per_second = sum(
        (
            part * exchanges.needed(source, currency, lender.day)
            for part, source in parts
            if part
        ),
        Fraction(0),
    )
    exact = per_second * lent.seconds
    if exact < 0:
        return None
    amount, accrued = round_fraction(exact, lender.rounding), 0
    if terms.accrues and amount:
        rate = exchanges.needed(currency, lender.currency, lender.day)
        accrued = round_fraction(amount * rate, lender.rounding)
    if max(amount, accrued) > _AMOUNT_MAX:
        return None
    there = _translated(amount, currency, lent.borrower, exchanges)
    return Transfer(currency, amount, terms.accrues, accrued, there)


def _translated(
    amount: int, currency: int, books: _Books, exchanges: _Exchanges
) -> int | None:
    """Return an amount in a party's currency; None without a usable rate."""
    rate = exchanges.rate(currency, books.currency, books.day)
    if rate is None:
        return None
    translated = round_fraction(amount * rate, books.rounding)
    return translated if translated <= _AMOUNT_MAX else None


def _currency(lent: _Lent, terms: TransferTerms) -> int:
    if terms.model is TransferModel.UNIT_PRICE and terms.currency != NOTHING:
        return terms.currency
    return lent.contract_currency if terms.is_of_contract else lent.lender.currency


def transfer_price_not_found(case: Case, _snapshot: Snapshot) -> Flags:
    """Say whose work no row prices, or one that gives no usable price."""
    broken = np.zeros(len(case.batch.day), dtype=np.bool_)
    found = case.found.transfers
    broken[found.row] = (found.terms == NOTHING) | unusable_price(case)
    return broken


def unusable_price(case: Case) -> Flags:
    """Say for which of the transfers the matching row gives no price to use.

    Where a rate is missing, or no month is open, that is the problem to report.
    """
    found = case.found.transfers
    unpriced = np.array([price is None for price in found.price], dtype=np.bool_)
    opened = case.found.employer_month[found.row] != NO_MONTH
    broken: Flags = (
        unpriced
        & ~found.lacks_exchange
        & opened
        & ~found.lacks_bill_rate
        & (found.terms != NOTHING)
    )
    return broken
