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

from hourline.decide.lacking_rates import pair_lacking, pairs_lacking
from hourline.decide.model import NO_TRANSFERS, Case, Transfers
from hourline.decide.rules.bill_rate import prices, roles_of
from hourline.decide.rules.cost import second_costs
from hourline.decide.rules.hand_price import by_hand, is_by_hand
from hourline.kernel.codes import TransferModel
from hourline.kernel.columns import NOTHING, Flags, Ints, ints, rows_where
from hourline.kernel.money import minor_per_major
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.kernel.ratios import Ratios, ratios
from hourline.master.snapshot import NO_MONTH, Snapshot

# What is beyond cannot be kept; only absurd rates lead there.
_AMOUNT_MAX = 2**62


@dataclass(frozen=True, slots=True)
class _Charge:
    """Hold what is charged for entries, as `Transfers` does.

    `lacks` names for a place the currencies a rate is missing between, and the day.
    Where `is_exact` is false, the figures did not fit into 64 bits and are wrong.
    """

    currency: Ints
    amount: Ints
    lender_amount: Ints
    borrower_amount: Ints
    is_usable: Flags
    is_exact: Flags
    lacks: dict[int, list[str]]

    def correct(self, places: Ints, other: "_Charge") -> None:
        """Take the figures of another charge at some places."""
        self.amount[places] = other.amount
        self.lender_amount[places] = other.lender_amount
        self.borrower_amount[places] = other.borrower_amount
        self.is_usable[places] = other.is_usable
        for at, place in enumerate(places.tolist()):
            self.lacks.pop(place, None)
            if at in other.lacks:
                self.lacks[place] = other.lacks[at]


@dataclass(frozen=True, slots=True)
class _Lent:
    """Hold lent entries: positions in the batch, rows of the price table, their day.

    The day is the accounting date of the lender, whose currency is `books`.
    """

    case: Case
    row: Ints
    terms: Ints
    snapshot: Snapshot
    bounded: bool

    @property
    def day(self) -> Ints:
        return self.case.found.days.lending_day[self.row]

    @property
    def contract_currency(self) -> Ints:
        return self.case.masters.currency[self.row]

    @property
    def lender_row(self) -> Ints:
        return self.case.masters.resourcing_row[self.row]

    @property
    def books(self) -> Ints:
        return self.snapshot.columns.entities.currency[self.lender_row]

    def ratios(self, numerator: Ints, denominator: Ints | int = 1) -> Ratios:
        return ratios(numerator, denominator, bounded=self.bounded)

    def rates(self, source: Ints, target: Ints, day: Ints) -> Ratios:
        """Return what minor units are worth, 0 where there is no rate."""
        return self.ratios(*self.snapshot.columns.fx.ratios(source, target, day))

    def of(self, places: Ints, *, bounded: bool) -> "_Lent":
        """Return some of the entries."""
        return _Lent(
            self.case, self.row[places], self.terms[places], self.snapshot, bounded
        )


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Translate for lenders, and note for which places a rate is missing."""

    lent: _Lent
    lacks: dict[int, list[str]]

    def worth(
        self, figures: Ratios, source: Ints, target: Ints, *, places: Ints
    ) -> Ratios:
        """Return figures in another currency, 0 and noted where there is no rate."""
        day = self.lent.day[places]
        rate = self.lent.rates(source, target, day)
        lacking = (figures.numerator != 0) & (rate.numerator == 0)
        for at in rows_where(lacking).tolist():
            self.lacks.setdefault(int(places[at]), []).append(
                pair_lacking(source[at], target[at], day[at])
            )
        return figures.times(rate)


def is_lent(case: Case) -> Flags:
    """Say which time is of a person whom not the contracting entity provides."""
    masters = case.masters
    lent: Flags = (
        masters.person_known
        & masters.terms_known
        & (masters.resourcing != masters.entity)
    )
    lent[case.batch.entries.expenses.row] = False
    return lent


def transfers_found(case: Case, snapshot: Snapshot) -> Transfers:
    """Return the transfer prices of a batch."""
    row = rows_where(is_lent(case))
    if not row.size:
        return NO_TRANSFERS
    masters, table = case.masters, snapshot.columns.transfer_prices
    columns = {
        "lender": masters.resourcing[row],
        "borrower": masters.entity[row],
        "person": case.batch.person[row],
        "role": roles_of(case.batch, masters, snapshot)[row],
    }
    terms = table.at(columns, case.batch.day[row])
    by_hand_row = is_by_hand(case.batch.entries.price[row])
    lacks_rate = (
        table.needs_bill_rate[terms]
        & (case.found.bill_rate[row] == NOTHING)
        & ~by_hand_row
    )
    opened = case.found.days.lending_month[row] != NO_MONTH
    asked = rows_where(opened & ~lacks_rate & (terms != NOTHING))
    charge = _charged(_Lent(case, row[asked], terms[asked], snapshot, bounded=True))
    lacking = np.zeros(len(asked), dtype=np.bool_)
    lacking[list(charge.lacks)] = True

    def spread(column: Ints) -> Ints:
        whole = np.zeros(len(row), dtype=np.int64)
        whole[asked] = column
        return whole

    return Transfers(
        row=row,
        terms=terms,
        is_priced=spread((charge.is_usable & ~lacking).astype(np.int64)) != 0,
        currency=spread(charge.currency),
        amount=spread(charge.amount),
        lender_amount=spread(charge.lender_amount),
        borrower_amount=spread(charge.borrower_amount),
        lacks_bill_rate=lacks_rate,
        lacks_exchange=spread(lacking.astype(np.int64)) != 0,
        lacks={
            int(row[asked[place]]): pairs_lacking(pairs)
            for place, pairs in charge.lacks.items()
        },
    )


def base_rates(case: Case, snapshot: Snapshot) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield what an hour of the lent entries costs and sells for, by its factors.

    Exact, in minor units of the lender's and of the contract's currency.
    """
    found = case.found.transfers
    lent = _Lent(case, found.row, found.terms, snapshot, bounded=False)
    costs, bills = _cost(lent, lent.books), _bill(lent, lent.contract_currency)
    yield from zip(_hours(costs), _hours(bills), strict=True)


def _hours(per_second: Ratios) -> Iterator[Fraction]:
    columns = per_second.numerator.tolist(), per_second.denominator.tolist()
    for numerator, denominator in zip(*columns, strict=True):
        yield Fraction(numerator * HOUR_SECONDS, denominator)


def _charged(lent: _Lent) -> _Charge:
    """Return what is charged; what does not fit into 64 bits is reckoned without."""
    charge = _reckoned(lent)
    beyond = rows_where(~charge.is_exact)
    if beyond.size:
        charge.correct(beyond, _reckoned(lent.of(beyond, bounded=False)))
    return charge


def _reckoned(lent: _Lent) -> _Charge:
    entities, table = lent.snapshot.columns.entities, lent.snapshot.columns
    exchange = _Exchange(lent, {})
    currency = _currencies(lent)
    roundings = entities.rounding[lent.lender_row]
    exact = _per_second(lent, currency, exchange).times(
        lent.ratios(lent.case.batch.worked[lent.row])
    )
    amount = exact.rounded(roundings)
    accrues = table.transfer_prices.accrues[lent.terms] & (amount > 0)
    ours = exchange.worth(
        lent.ratios(np.where(accrues, amount, 0)),
        currency,
        lent.books,
        places=np.arange(len(amount)),
    )
    accrued = ours.rounded(roundings)
    theirs, is_known = _at_the_borrower(lent, amount, currency)
    kept = (amount >= 0) & (amount <= _AMOUNT_MAX) & (accrued <= _AMOUNT_MAX)
    translated = theirs.rounded(
        entities.rounding[lent.case.masters.entity_row[lent.row]]
    )
    is_known &= kept & (translated <= _AMOUNT_MAX)
    return _Charge(
        currency=currency,
        amount=_in_64_bits(amount, kept, 0),
        lender_amount=_in_64_bits(accrued, kept, 0),
        borrower_amount=_in_64_bits(translated, is_known, NOTHING),
        is_usable=kept & (exact.numerator >= 0),
        is_exact=exact.exact & ours.exact & theirs.exact,
        lacks=exchange.lacks,
    )


def _at_the_borrower(lent: _Lent, amount: Ints, currency: Ints) -> tuple[Ratios, Flags]:
    """Return prices in the borrower's currency, and where there is a rate for that."""
    row = lent.row
    entities = lent.snapshot.columns.entities
    books = entities.currency[lent.case.masters.entity_row[row]]
    rate = lent.rates(currency, books, lent.case.found.days.accounting_day[row])
    return lent.ratios(amount).times(rate), rate.numerator != 0


def _in_64_bits(column: Ints, kept: Flags, otherwise: int) -> Ints:
    return np.where(kept, column, otherwise).astype(np.int64)


def _currencies(lent: _Lent) -> Ints:
    """Return the currency of each price."""
    table, terms = lent.snapshot.columns.transfer_prices, lent.terms
    own = np.where(table.is_of_contract[terms], lent.contract_currency, lent.books)
    stated = table.currency[terms]
    is_stated = (table.model[terms] == TransferModel.UNIT_PRICE) & (stated != NOTHING)
    return np.where(is_stated, stated, own)


def _per_second(lent: _Lent, currency: Ints, exchange: _Exchange) -> Ratios:
    """Return the exact price of a second, what cannot be translated left out."""
    table, terms = lent.snapshot.columns.transfer_prices, lent.terms
    stated = table.currency[terms]
    total = lent.ratios(np.zeros_like(terms))
    for weight, figure, source in (
        (table.cost_weight, _cost, lent.books),
        (table.bill_weight, _bill, lent.contract_currency),
        (table.money, _hourly, np.where(stated == NOTHING, currency, stated)),
    ):
        places = rows_where(weight[0][terms])
        if places.size:
            some = lent.of(places, bounded=lent.bounded)
            weights = some.ratios(weight[0][some.terms], weight[1][some.terms])
            part = weights.times(figure(some, source[places]))
            worth = exchange.worth(
                part, source[places], currency[places], places=places
            )
            total = total.plus_at(places, worth)
    return total


def _cost(lent: _Lent, _currency: Ints) -> Ratios:
    """Return what a second costs the lender, by the hour type's factor."""
    return second_costs(lent.case, lent.row, lent.snapshot, bounded=lent.bounded)


def _bill(lent: _Lent, _currency: Ints) -> Ratios:
    """Return what a second is sold for, by the hour type's factor or by hand."""
    case, row = lent.case, lent.row
    rated = prices(
        case.found.bill_rate[row], case.masters.hour_type_row[row], lent.snapshot
    )
    _, _, (numerator, denominator) = by_hand(case, row, rated)
    return lent.ratios(numerator, denominator)


def _hourly(lent: _Lent, currency: Ints) -> Ratios:
    """Return what a second is worth, in minor units, of a major one for an hour."""
    return lent.ratios(minor_per_major(currency), HOUR_SECONDS)


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
    opened = case.found.days.lending_month[found.row] != NO_MONTH
    broken: Flags = (
        ~found.is_priced
        & ~found.lacks_exchange
        & opened
        & ~found.lacks_bill_rate
        & (found.terms != NOTHING)
    )
    lacks = case.found.cost_exchange.lacks
    if lacks:
        broken &= ~np.isin(found.row, ints(list(lacks)))
    return broken
