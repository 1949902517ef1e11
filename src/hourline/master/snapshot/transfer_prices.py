"""Hold what entities charge each other for work, in order of precedence."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hourline.kernel.codes import TransferModel
from hourline.kernel.columns import (
    NOTHING,
    Flags,
    Ints,
    ended,
    ended_ratios,
    flags,
)
from hourline.master.model import LegalEntity, Person, TransferPrice
from hourline.master.snapshot.places import stated_currency
from hourline.master.snapshot.ranked_rows import RankedRows, ranked_rows
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# A row that names the person comes before one that names the role, then neither.
_DIMENSIONS = ("person", "role")
# Far more than any hour costs; it keeps what an entry is worth inside 64 bits.
_MONEY_MAX = 10**9
_PERCENT_MAX = 10_000
_DECIMALS_MAX = 7
_PERCENT = 100
_NEVER_BELOW_ZERO = {TransferModel.UNIT_PRICE, TransferModel.PERCENT_OF_BILL_RATE}
_MONEY_MODELS = {
    TransferModel.UNIT_PRICE,
    TransferModel.COST_PLUS_AMOUNT,
    TransferModel.BILL_RATE_LESS_AMOUNT,
}
_OF_CONTRACT = {
    TransferModel.PERCENT_OF_BILL_RATE,
    TransferModel.BILL_RATE_LESS_AMOUNT,
}


@dataclass(frozen=True, slots=True)
class TransferTerms:
    """Hold one row: its price is a weighted sum of cost rate, bill rate and money.

    `money` is in major units of `currency`, which is an ISO number, or NOTHING where
    the row states none.
    """

    no: int
    id: str
    model: TransferModel
    cost_weight: Fraction
    bill_weight: Fraction
    money: Fraction
    currency: int
    accrues: bool

    @property
    def needs_bill_rate(self) -> bool:
        """Say whether the model starts from the bill rate."""
        return self.is_of_contract or self.model is TransferModel.CONTRIBUTION_RATIO

    @property
    def is_of_contract(self) -> bool:
        """Say whether the price is in the contract's currency, not in the lender's."""
        return self.model in _OF_CONTRACT


@dataclass(frozen=True, slots=True)
class TransferPrices:
    """Find the row that prices work of one entity for another.

    `terms` are the rows; the columns say the same of each, with a last row that stands
    for none. Weights and money are pairs of numerators and denominators.
    """

    terms: tuple[TransferTerms, ...]
    no: Ints
    model: Ints
    cost_weight: tuple[Ints, Ints]
    bill_weight: tuple[Ints, Ints]
    money: tuple[Ints, Ints]
    currency: Ints
    accrues: Flags
    needs_bill_rate: Flags
    is_of_contract: Flags
    _rows: RankedRows

    def at(self, columns: Mapping[str, Ints], days: Ints) -> Ints:
        """Return the place in `terms` per row, NOTHING where none matches.

        Columns are the dense ids of lender, borrower and person, and the role's code.
        """
        return self._rows.at(columns, days)


def transfer_prices(
    prices: Timeline[TransferPrice],
    *,
    entities: Timeline[LegalEntity],
    people: Timeline[Person],
    roles: Mapping[str, int],
) -> TransferPrices:
    """Return the table; raise UnusableRecord for a row nothing can be priced with.

    That is a value that is absurd, too fine or below zero where it cannot be, an entity
    that lends to itself, and a row that another one ties with.
    """
    numbers: Mapping[str, Mapping[str, int]] = {
        "lender": entities.dense_of,
        "borrower": entities.dense_of,
        "person": people.dense_of,
        "role": roles,
    }
    terms = tuple(_terms(prices, row) for row in range(len(prices.spans)))
    return TransferPrices(
        terms=terms,
        no=ended([one.no for one in terms]),
        model=ended([int(one.model) for one in terms]),
        cost_weight=ended_ratios([one.cost_weight for one in terms]),
        bill_weight=ended_ratios([one.bill_weight for one in terms]),
        money=ended_ratios([one.money for one in terms]),
        currency=ended([one.currency for one in terms]),
        accrues=flags([one.accrues for one in terms]),
        needs_bill_rate=flags([one.needs_bill_rate for one in terms]),
        is_of_contract=flags([one.is_of_contract for one in terms]),
        _rows=ranked_rows(
            prices,
            numbers,
            always=("lender", "borrower"),
            optional=_DIMENSIONS,
            same="it matches the same work on the same days",
        ),
    )


def _terms(prices: Timeline[TransferPrice], row: int) -> TransferTerms:
    span = prices.spans[row]
    price, id_ = span.content, prices.id_of(span)
    model = TransferModel[price.model.upper()]
    money = model in _MONEY_MODELS
    _refuse_useless(id_, price, model, value_max=_MONEY_MAX if money else _PERCENT_MAX)
    share = Fraction(price.value) / _PERCENT
    cost_weight, bill_weight, sign = {
        TransferModel.UNIT_PRICE: (Fraction(0), Fraction(0), 1),
        TransferModel.COST_PLUS_AMOUNT: (Fraction(1), Fraction(0), 1),
        TransferModel.COST_PLUS_PERCENT: (1 + share, Fraction(0), 0),
        TransferModel.PERCENT_OF_BILL_RATE: (Fraction(0), share, 0),
        TransferModel.BILL_RATE_LESS_AMOUNT: (Fraction(0), Fraction(1), -1),
        TransferModel.CONTRIBUTION_RATIO: (1 - share, share, 0),
    }[model]
    return TransferTerms(
        no=prices.nos[span.dense],
        id=id_,
        model=model,
        cost_weight=cost_weight,
        bill_weight=bill_weight,
        money=sign * Fraction(price.value),
        currency=NOTHING
        if price.currency is None
        else stated_currency("transfer_price", id_, price.currency).number,
        accrues=price.accrue,
    )


def _refuse_useless(
    id_: str, price: TransferPrice, model: TransferModel, *, value_max: int
) -> None:
    least = 0 if model in _NEVER_BELOW_ZERO else -value_max
    if not least <= price.value <= value_max:
        raise UnusableRecord(
            "transfer_price",
            id_,
            why=f"a value of {price.value} is not between {least} and {value_max}",
            remedy="Correct the value of the row.",
        )
    if (Fraction(price.value) * 10**_DECIMALS_MAX).denominator != 1:
        raise UnusableRecord(
            "transfer_price",
            id_,
            why=f"a value of {price.value} has more than {_DECIMALS_MAX} decimals",
            remedy="Round the value of the row.",
        )
    if price.lender == price.borrower:
        raise UnusableRecord(
            "transfer_price",
            id_,
            why=f"{price.lender} lends to itself",
            remedy="Name two entities; work within one has no transfer price.",
        )
