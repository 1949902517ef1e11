"""Rule: after a restart the rest of a price is earned by the rest of its work.

A modification that only concerns what is still to be done leaves what was earned as it
is; so does an amount that was set by hand.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from hourline.ledger.rules.earned import Earned


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """Hold what a line had earned, in minor units, with how much done."""

    contract_line_no: int
    settled: int
    done: Decimal


def earned_after_restart(earned: Earned, restart: Restart) -> Earned:
    """Return what is earned where the share of a price began anew.

    Where nothing was left to do at the restart, all of the price is earned.
    """
    price = earned.price - restart.settled
    done = earned.done - int(restart.done)
    whole = earned.whole - restart.done
    if whole <= 0:
        done = max(done, 1)
        whole = Decimal(done)
    share = min(Fraction(done) / Fraction(whole), Fraction(1))
    return replace(
        earned,
        price=price,
        settled=restart.settled,
        done=done,
        whole=whole,
        exact=restart.settled + price * share,
        done_before=int(restart.done),
    )


def earned_with_settled(earned: Earned, settled: int) -> Earned:
    """Return what is earned where an amount was earned before, in other books.

    Completion earns the whole price, whatever of it was earned before.
    """
    if earned.method == "completed":
        exact = max(earned.exact, Fraction(settled))
    else:
        exact = earned.exact + settled
    return replace(earned, settled=earned.settled + settled, exact=exact)
