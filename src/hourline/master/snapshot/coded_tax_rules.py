"""Find the row of the tax table that a tax engine's code means."""

from datetime import date
from decimal import Decimal

from hourline.master.snapshot.tax import tried_in_order
from hourline.master.snapshot.view import Snapshot


def coded_tax_rule(
    snapshot: Snapshot, code: str, rate: Decimal, on: date
) -> int | None:
    """Return the row with a code that holds on a day, first one of the rate as well.

    A code means the same at every rate: what the tax is called in documents and in
    receiving systems. Rows for a service are not asked. None where no row has it.
    """
    rules = snapshot.catalogue.tax_rules
    coded = [
        span
        for span in (rules.spans[row] for row in tried_in_order(rules))
        if span.content.code == code
        and span.content.service is None
        and span.effective_from <= on < span.effective_until
    ]
    if not coded:
        return None
    of_rate = [span for span in coded if span.content.rate == rate]
    return rules.nos[(of_rate or coded)[0].dense]
