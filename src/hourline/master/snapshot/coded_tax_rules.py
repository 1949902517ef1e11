"""Find the row of the tax table that a tax engine's code means."""

from datetime import date
from decimal import Decimal

from hourline.master.snapshot.tax import tried_in_order
from hourline.master.snapshot.view import Snapshot


def coded_tax_rule(
    snapshot: Snapshot,
    code: str,
    rate: Decimal,
    on: date,
    *,
    service: str | None = None,
) -> int | None:
    """Return the row with a code that holds on a day, first one of the rate as well.

    A code means the same at every rate: what the tax is called in documents and in
    receiving systems. Rows of the service go before rows of none, and those of another
    service are not asked. None where no row has the code.
    """
    rules = snapshot.catalogue.tax_rules
    coded = [
        span
        for span in (rules.spans[row] for row in tried_in_order(rules))
        if span.content.code == code
        and span.content.service in {None, service}
        and span.effective_from <= on < span.effective_until
    ]
    if not coded:
        return None
    of_service = [span for span in coded if span.content.service == service] or coded
    of_rate = [span for span in of_service if span.content.rate == rate]
    return rules.nos[(of_rate or of_service)[0].dense]
