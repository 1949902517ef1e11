"""Rule: quantity x price of a line is its net amount to the last unit.

A line's net is a step of a running total, so it can be a cent away from hours x rate,
and its hours can be endless as decimals. Where the plain product misses the net, the
line says instead: this net amount for this many hours.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hourline.billing.documents.model import DocumentLine
from hourline.kernel.money import Currency, major_units, round_fraction
from hourline.kernel.quantity import HOUR_SECONDS, PRICE_SCALE

# Codes of UN/ECE recommendation 20.
HOURS = "HUR"
ONE = "C62"
_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Hold a quantity and its price: `price` major units for every `base` of it.

    `at_rate` says that they are the hours and the rate, not the net of the line.
    """

    quantity: Decimal
    unit: str
    price: Decimal
    base: Decimal
    at_rate: bool = False


def priced(line: DocumentLine, currency: Currency) -> Priced:
    """Return what a line says of quantity and price; a price is never negative."""
    sign = -1 if line.net < 0 else 1
    net = major_units(abs(line.net), currency)
    if not line.seconds:
        return Priced(
            quantity=Decimal(sign), unit=ONE, price=net, base=Decimal(1), at_rate=False
        )
    hours = hours_of(line.seconds)
    agreed = _agreed(line, currency)
    if agreed is not None and _product(hours, agreed, currency) == line.net:
        price, base = agreed
        return Priced(quantity=hours, unit=HOURS, price=price, base=base, at_rate=True)
    return Priced(quantity=hours * sign, unit=HOURS, price=net, base=hours)


def hours_of(seconds: int) -> Decimal:
    """Return seconds in hours, exactly where six decimals allow it, else rounded."""
    scaled = round_fraction(Fraction(seconds, HOUR_SECONDS) * 10**_DECIMALS)
    return _shortest(scaled)


def price_of(line: DocumentLine, currency: Currency) -> tuple[Decimal, Decimal] | None:
    """Return a price in major units and for how many hours, where it explains the net.

    It is the rate of one hour where decimals tell that. None where they tell neither,
    or where the net is further from hours times price than the cents that the entries
    behind the line can be.
    """
    agreed = _agreed(line, currency)
    if agreed is None:
        return None
    missed = _product(hours_of(line.seconds), agreed, currency) - line.net
    return agreed if abs(missed) <= len(line.evidence) else None


def decimals_of(figure: Decimal) -> int:
    """Return how many decimals a figure has: 99.114675 has six."""
    exponent = figure.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _agreed(line: DocumentLine, currency: Currency) -> tuple[Decimal, Decimal] | None:
    if line.by_hand or not line.rate_amount:
        return None
    scale = PRICE_SCALE * 10**currency.decimals
    an_hour = _exact(
        Fraction(line.rate_amount * HOUR_SECONDS, line.rate_seconds * scale)
    )
    if an_hour is not None:
        return an_hour, Decimal(1)
    price = _exact(Fraction(line.rate_amount, scale))
    base = _exact(Fraction(line.rate_seconds, HOUR_SECONDS))
    return None if price is None or base is None else (price, base)


def _exact(figure: Fraction) -> Decimal | None:
    scaled = figure * 10**_DECIMALS
    return _shortest(scaled.numerator) if scaled.denominator == 1 else None


def _shortest(scaled: int) -> Decimal:
    """Return millionths as a decimal without zeros at its end."""
    figure = Decimal(scaled).scaleb(-_DECIMALS).normalize()
    exponent = figure.as_tuple().exponent
    whole = isinstance(exponent, int) and exponent > 0
    return figure.quantize(Decimal(1)) if whole else figure


def _product(
    hours: Decimal, agreed: tuple[Decimal, Decimal], currency: Currency
) -> int:
    price, base = agreed
    exact = Fraction(hours) * Fraction(price) / Fraction(base)
    return round_fraction(exact * 10**currency.decimals)
