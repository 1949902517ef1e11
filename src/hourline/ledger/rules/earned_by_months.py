"""Rule: the fee of a month is earned evenly by those of its days it is for."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.kernel.fee_months import FeeMonth
from hourline.ledger.rules.earned import Earned


def earned_by_months(
    months: Iterable[tuple[FeeMonth, int]], *, through: date
) -> Earned:
    """Return what of months, each with its fee in minor units, is earned by a day.

    The months have begun by that day and are in order, so that only the last of them
    can be running.
    """
    settled, running, done, whole = 0, 0, 0, 1
    for month, fee in months:
        settled += running
        running, done, whole = fee, month.days_through(through), month.days
    return Earned(
        method="recurring",
        price=running,
        settled=settled,
        done=done,
        whole=Decimal(whole),
        exact=settled + Fraction(running * done, whole),
    )
