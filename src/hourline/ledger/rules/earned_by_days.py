"""Rule: a price is earned evenly by the days from start to end, both inclusive."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.ledger.rules.earned import Earned


def earned_by_days(price: int, start: date, end: date, *, through: date) -> Earned:
    """Return what of a price is earned at the end of a day."""
    days = (end - start).days + 1
    over = min(max((through - start).days + 1, 0), days)
    return Earned(
        method="straight_line",
        price=price,
        settled=0,
        done=over,
        whole=Decimal(days),
        exact=Fraction(price * over, days),
    )
