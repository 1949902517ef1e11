"""Hold the amounts that master data states, and refuse those no currency has."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from hourline.kernel.bounds import STATED_MAX
from hourline.kernel.money import (
    AmountTooFine,
    Currency,
    CurrencyNotKnown,
    currency_of,
    minor_units,
)
from hourline.kernel.quantity import ENTRY_SECONDS_MAX, HOUR_SECONDS
from hourline.master.model import ContractLine
from hourline.master.rules.usable import CHECKED, unusable
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.hour_types import HourTypes, distinct_factors
from hourline.master.snapshot.unusable import UnusableRecord

_HOURS_MAX = Fraction(ENTRY_SECONDS_MAX, HOUR_SECONDS)
_PER_HOUR_IN_MONEY = ("unit_price", "cost_plus_amount", "bill_rate_less_amount")


class Stated(NamedTuple):
    """Hold an amount of a record in major units of its currency."""

    kind: str
    id: str
    name: str
    amount: Decimal
    currency: Currency


def refuse_unusable_records(kept: Catalogue) -> None:
    """Raise UnusableRecord for a record that says of itself what it may not."""
    for kind in CHECKED:
        table = kept.of_kind(kind)
        for span in table.spans:
            found = unusable(span.content)
            if found is not None:
                raise UnusableRecord(
                    kind,
                    table.id_of(span),
                    starts=span.effective_from,
                    **found._asdict(),
                )


def refuse_unusable_amounts(kept: Catalogue) -> dict[int, int]:
    """Return the largest amount stated in each currency, in its smallest unit.

    Raises UnusableRecord for an amount with more decimals than its currency has, and
    for one above STATED_MAX of the smallest unit.
    """
    largest: dict[int, int] = {}
    for one in stated_amounts(kept):
        try:
            amount = minor_units(one.amount, one.currency)
        except AmountTooFine as fault:
            raise UnusableRecord(
                one.kind,
                one.id,
                why=f"its {one.name} {fault}",
                remedy=f"Round the {one.name} to what {one.currency.code} has.",
            ) from None
        if amount > STATED_MAX:
            most = Decimal(STATED_MAX).scaleb(-one.currency.decimals)
            raise UnusableRecord(
                one.kind,
                one.id,
                why=f"its {one.name} {one.amount} is above {most:f}"
                f" {one.currency.code}, the most an amount may be",
                remedy=f"Correct the {one.name}.",
            )
        number = one.currency.number
        largest[number] = max(largest.get(number, 0), amount)
    return largest


def stated_amounts(kept: Catalogue) -> Iterator[Stated]:
    """Yield what lines and prepaid blocks state of contracts whose currency is known.

    The currency is what the contract said last, as it is billed.
    """
    lines = kept.lines
    for span in lines.spans:
        amounts = list(_amounts(span.content))
        currency = contract_currency(kept, span.content.contract) if amounts else None
        if currency is not None:
            for name, amount in amounts:
                yield Stated("contract_line", lines.id_of(span), name, amount, currency)
    for block in kept.prepaid_blocks.spans:
        sold = lines.of(lines.find(block.content.contract_line))
        if block.content.price is None or not sold:
            continue
        currency = contract_currency(kept, sold[-1].content.contract)
        if currency is not None:
            id_, price = kept.prepaid_blocks.id_of(block), block.content.price
            yield Stated("prepaid_block", id_, "price", price, currency)


def _amounts(line: ContractLine) -> Iterator[tuple[str, Decimal]]:
    for name, amount in (("price", line.price), ("amount", line.amount)):
        if amount is not None:
            yield name, amount
    for one in line.milestones:
        yield f"milestone {one.id}", one.amount


def contract_currency(kept: Catalogue, contract: str) -> Currency | None:
    """Return the currency a contract is billed in; None where it is not known.

    An unknown code is refused for the record that states it, by its own check.
    """
    contracts = kept.contracts.of(kept.contracts.find(contract))
    if not contracts:
        return None
    code = contracts[-1].content.currency
    if code is None:
        code = _books(kept, contracts[-1].content.entity)
    return _known(code)


def _books(kept: Catalogue, entity: str) -> str | None:
    spans = kept.entities.of(kept.entities.find(entity))
    return spans[-1].content.currency if spans else None


def _known(code: str | None) -> Currency | None:
    try:
        return None if code is None else currency_of(code)
    except CurrencyNotKnown:
        return None


def translated_max(
    kept: Catalogue, hour_types: HourTypes, stated: Mapping[int, int]
) -> dict[int, int]:
    """Return the most that one amount in a currency can be, in its smallest unit.

    Of what is `stated`, of an entry's cost in the currency of its books, and of its
    transfer price in that of the price; sales are bounded by the rate card.
    """
    factor = max(
        distinct_factors(hour_types.cost_numerator, hour_types.cost_denominator)
    )
    dearest: dict[Currency, Decimal] = {}
    for currency, amount in _per_hour(kept):
        dearest[currency] = max(dearest.get(currency, Decimal(0)), amount)
    largest = dict(stated)
    for currency, amount in dearest.items():
        hour = Fraction(amount) * 10**currency.decimals
        worth = ceil(hour * max(factor, Fraction(1)) * _HOURS_MAX)
        largest[currency.number] = max(largest.get(currency.number, 0), worth)
    return largest


def _per_hour(kept: Catalogue) -> Iterator[tuple[Currency, Decimal]]:
    for rate in kept.cost_rates.spans:
        for person in kept.people.of(kept.people.find(rate.content.person)):
            books = _known(_books(kept, person.content.entity))
            if books is not None:
                yield books, rate.content.rate
    for price in kept.transfer_prices.spans:
        if price.content.model in _PER_HOUR_IN_MONEY:
            code = price.content.currency or _books(kept, price.content.lender)
            currency = _known(code)
            if currency is not None:
                yield currency, price.content.value
