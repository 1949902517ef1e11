"""Rule: a contract line takes its discount off a price, then puts its fee on.

After the hour type's factor and before any rounding. Both are a factor on the exact
price, so that they are billed, accrued, credited and reversed with the time they are
for. A price set by hand is final and has neither.
"""

from hourline.decide.rules.hand_price import Prices
from hourline.kernel.columns import Ints, rows_where
from hourline.kernel.quantity import reduced_columns, times_columns
from hourline.master.snapshot import Snapshot


def at_line_terms(line_rows: Ints, prices: Prices, snapshot: Snapshot) -> Prices:
    """Return prices, as `bill_rate.prices` gives them, by the terms of their lines."""
    lines = snapshot.columns.lines
    up, down = lines.price_numerator[line_rows], lines.price_denominator[line_rows]
    changed = rows_where(up != down)
    if changed.size:
        amount, seconds, (numerator, denominator) = prices
        factor = up[changed], down[changed]
        amount[changed], seconds[changed] = times_columns(
            amount[changed], seconds[changed], factor
        )
        numerator[changed], denominator[changed] = reduced_columns(
            numerator[changed] * factor[0], denominator[changed] * factor[1]
        )
    return prices
