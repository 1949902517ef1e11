"""Rule: what no field can mend, because a standard invoice has no way to say it.

EN 16931 gives amounts two decimals, and works the tax of a group out from its sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hourline.billing.documents.model import CustomerDocument, TaxGroup
from hourline.billing.rules.documents.said import AMOUNT_DECIMALS_MAX, percent
from hourline.billing.rules.documents.tax_groups import tax_groups
from hourline.kernel.money import Currency, round_ratio

_MILLION = 1_000_000
# A major unit in hundredths, which is how exactly the standard looks.
_MAJOR_UNIT = 100


@dataclass(frozen=True, slots=True)
class Unfit:
    """Say what keeps a document from being a standard invoice, and what to do."""

    why: str
    remedy: str


def unfit(document: CustomerDocument) -> list[Unfit]:
    """Return what a standard invoice cannot say of a document; [] for nothing."""
    currency = document.currency
    if currency.decimals > AMOUNT_DECIMALS_MAX:
        return [_too_fine(currency)]
    return list(_tax_amounts(document))


def _too_fine(currency: Currency) -> Unfit:
    return Unfit(
        f"amounts in {currency.code} have {currency.decimals} decimals, and the"
        f" standard allows {AMOUNT_DECIMALS_MAX} (BR-DEC)",
        f"Send the PDF, which shows all {currency.decimals} decimals, and the backup as"
        " CSV where a program is to read it.",
    )


def _tax_amounts(document: CustomerDocument) -> Iterator[Unfit]:
    for group in tax_groups(document.lines):
        if group.treatment is not None and not _near(group, document.currency):
            yield Unfit(
                f"the tax at {percent(group.treatment.rate_ppm)} % is a whole unit of"
                f" {document.currency.code} or more away from the rate times the sum of"
                " its lines, because it was rounded on every line (BR-CO-17)",
                "Send the PDF, which shows the difference as rounding of tax. Bill"
                " fewer lines on one invoice, or let the legal entity round tax"
                " per_invoice, or its tax engine answer so, from now on.",
            )


def _near(group: TaxGroup, currency: Currency) -> bool:
    """Tell whether the tax is less than one major unit from rate times sum."""
    assert group.treatment is not None  # noqa: S101 - the caller asks for taxed groups only
    hundredths = int(10 ** (AMOUNT_DECIMALS_MAX - currency.decimals))
    exact = Fraction(abs(group.net) * hundredths * group.treatment.rate_ppm, _MILLION)
    expected = round_ratio(exact.numerator, exact.denominator)
    return abs(abs(group.tax) * hundredths - expected) < _MAJOR_UNIT
