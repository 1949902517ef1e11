"""Rule: a price is earned by the share of the estimate that is done, at most whole."""

from decimal import Decimal
from fractions import Fraction

from hourline.ledger.rules.earned import Earned


def earned_by_percent(
    method: str, *, price: int, done: int, estimate: Decimal
) -> Earned:
    """Return what of a price is earned by work done; beyond the estimate stays 100 %.

    Done and estimate are seconds, or cost in minor units; the estimate is above zero.
    """
    share = min(Fraction(done) / Fraction(estimate), Fraction(1))
    return Earned(
        method=method,
        price=price,
        settled=0,
        done=done,
        whole=estimate,
        exact=price * share,
    )
