"""Explain the tax of a document's line: row, rate, and where it was rounded."""

from collections.abc import Iterator

from hourline.billing.rules.tax import exact_tax
from hourline.flow.explain.billed_line import BilledLine
from hourline.flow.explain.expense import percent_of
from hourline.flow.explain.model import Check, exactly, money
from hourline.kernel.money import Rounding, round_fraction
from hourline.master.snapshot import Snapshot


def tax_sentences(
    line: BilledLine, snapshot: Snapshot, rounding: Rounding
) -> Iterator[str]:
    """Yield the rate with its row, how the tax was rounded, and who decided it."""
    rate, currency = percent_of(line.tax_rate_ppm), line.currency
    told = f"Its tax at {rate} % is {money(line.tax, currency)}."
    if line.tax_engine is not None:
        yield (
            f"{told} Tax engine {line.tax_engine} decided the tax of the invoice, under"
            f" its reference {line.tax_reference}."
        )
        return
    yield told
    if line.tax_rule is None:
        return
    yield f"The rate is of row {line.tax_rule} of the tax table."
    if not line.tax_rate_ppm:
        return
    exact = exactly(exact_tax(line.net, line.tax_rate_ppm), currency)
    how = rounding.name.lower().replace("_", " ")
    if _per_line(line, snapshot):
        yield f"Exactly it is {exact}, rounded on this line ({how})."
        return
    of_rate = exact_tax(line.rate_net, line.tax_rate_ppm)
    yield (
        f"Tax is rounded once per rate and invoice ({how}): at {rate} % this one has"
        f" {money(line.rate_net, currency)}, exactly {exactly(of_rate, currency)} of"
        f" tax, rounded {money(line.rate_tax, currency)}; of that exactly {exact} are"
        " this line's."
    )


def tax_checks(
    line: BilledLine, snapshot: Snapshot, rounding: Rounding
) -> Iterator[Check]:
    """Yield the tax anew, of the line or of all lines at its rate."""
    if line.tax_engine is not None:
        return
    per_line = _per_line(line, snapshot)
    net, stored = (line.net, line.tax) if per_line else (line.rate_net, line.rate_tax)
    tax = round_fraction(exact_tax(net, line.tax_rate_ppm), rounding)
    of = f"line {line.line_no} of" if per_line else "all at the rate of"
    yield Check(
        figure=f"tax of {of} {line.number}",
        recomputed=money(tax, line.currency),
        stored=money(stored, line.currency),
    )


def _per_line(line: BilledLine, snapshot: Snapshot) -> bool:
    return snapshot.entity(line.entity_no).content.tax_rounding == "per_line"
