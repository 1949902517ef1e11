"""Find the rate of exchange that a figure was translated at, and name its row."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from hourline.flow.explain.model import percent
from hourline.kernel.columns import NOTHING, ints
from hourline.kernel.effective import day_number
from hourline.kernel.money import currency_numbered
from hourline.master.snapshot import Snapshot


class RateType(StrEnum):
    """Name which day a rate is of.

    `transaction` is the day of what is translated: the date of an expense, else the
    accounting date. `original` is that of what a credit takes back, or of the retainer
    that pays. `carried` says that parts were translated at several rates, as what was
    paid or earned before has its own. `none` says that the two currencies are one.
    """

    TRANSACTION = "transaction"
    ORIGINAL = "original"
    CARRIED = "carried"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Hold a rate of exchange of a day as the row that holds says it.

    `rate` is what a major unit of `source` is worth in `target`, `minor_rate` a minor
    one, both exact. Of one currency alone there is no row.
    """

    source: int
    target: int
    day: date
    rate: Fraction = Fraction(1)
    minor_rate: Fraction = Fraction(1)
    row: str | None = None
    row_from: date | None = None
    stated: str = ""
    is_inverse: bool = False

    def said(self, rate_type: RateType = RateType.TRANSACTION) -> str:
        """Say the type and day of the rate, which row gives it, and what that says."""
        codes = [currency_numbered(one).code for one in (self.source, self.target)]
        how = (
            f", taken as its exact inverse: 1 {codes[0]} is {percent(self.rate)}"
            f" {codes[1]}"
            if self.is_inverse
            else ""
        )
        return (
            f"the {rate_type} rate of {self.day} (row {self.row}, in force from"
            f" {self.row_from}): {self.stated}{how}"
        )

    def figures(self, rate_type: RateType) -> dict[str, object]:
        """Give rate, date, type and row to a program; the rate exact, as text."""
        is_one = self.row is None
        return {
            "rate": percent(self.rate),
            "rate_date": None if is_one else str(self.day),
            "rate_type": str(RateType.NONE if is_one else rate_type),
            "rate_row": self.row,
            "inverse": self.is_inverse,
        }


def exchange_on(
    snapshot: Snapshot, source: int, target: int, day: date
) -> Exchange | None:
    """Return the rate between two currencies of a day; None where there is none."""
    if source == target:
        return Exchange(source=source, target=target, day=day)
    found, up, down = snapshot.columns.fx.at(
        ints([source]), ints([target]), ints([day_number(day)])
    )
    if found[0] == NOTHING:
        return None
    # The rows of the rates are in the order in which they became known.
    kept = snapshot.catalogue.fx_rates
    span = sorted(kept.spans, key=lambda one: one.change_no)[int(found[0])]
    content = span.content
    return Exchange(
        source=source,
        target=target,
        day=day,
        rate=snapshot.fx(source, target, day),
        minor_rate=Fraction(int(up[0]), int(down[0])),
        row=kept.id_of(span),
        row_from=span.effective_from,
        stated=(
            f"1 {content.from_currency} is {content.rate.normalize():f}"
            f" {content.to_currency}"
        ),
        is_inverse=content.from_currency != currency_numbered(source).code,
    )


def lacks(source: int, target: int, day: date) -> str:
    """Say that a rate of exchange was not known."""
    codes = [currency_numbered(one).code for one in (source, target)]
    return f"no rate from {codes[0]} to {codes[1]} of {day} was known then"
