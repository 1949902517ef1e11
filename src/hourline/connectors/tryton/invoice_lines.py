"""Write the lines and taxes of an invoice so that Tryton adds up what we did.

Quantities of Tryton are binary floats, so hours are sent only where Tryton's own
rounding gives the net amount to the cent; else the line is one piece at its net amount,
and its description says the hours. Tryton rounds taxes by half to even, whatever the
jurisdiction says, so the amounts of tax are sent along; it keeps them as long as bases
and accounts are what it would say itself (seen 2026-11-25).
"""

from decimal import ROUND_HALF_EVEN, Decimal

import msgspec

from hourline.connectors.sdk.documents import BilledLine, InvoiceDocument
from hourline.connectors.tryton import wire
from hourline.connectors.tryton.references import (
    HOUR,
    Ids,
    account_name,
    company,
    tax_name,
)

# The unit of hours has two decimals.
_HOUR_DECIMALS = 2


def invoice_line(
    invoice: InvoiceDocument, line: BilledLine, ids: Ids
) -> dict[str, object]:
    """Return a line as Tryton is told it."""
    entity = invoice.entity
    content: dict[str, object] = {
        "type": "line",
        "company": ids.of(company(entity)),
        "currency": ids.record(f"currency {invoice.currency}"),
        "account": ids.record(account_name(entity, line.account)),
        "description": line.description,
        **_quantity(line, ids),
    }
    if line.tax_code:
        content["taxes"] = wire.add(ids.record(tax_name(entity, line.tax_code)))
    axes = ids.axes(entity, line.dimensions)
    if axes:
        content["analytic_accounts"] = wire.create(
            [{"root": root, "account": account} for root, account in axes]
        )
    return content


def tax_lines(invoice: InvoiceDocument, ids: Ids) -> list[dict[str, object]]:
    """Return base and tax per rate; Tryton keeps credited lines apart from others."""
    entity, groups = invoice.entity, dict[tuple[str, bool], tuple[Decimal, Decimal]]()
    for line in invoice.lines:
        if line.tax_code:
            net, tax = Decimal(line.net), Decimal(line.tax)
            key = (line.tax_code, net >= 0)
            base_before, tax_before = groups.get(key, (Decimal(), Decimal()))
            groups[key] = (base_before + net, tax_before + tax)
    return [
        {
            "account": ids.record(account_name(entity, invoice.tax_account)),
            "tax": ids.record(tax_name(entity, code)),
            "description": code,
            "base": wire.money(f"{base:f}"),
            "amount": wire.money(f"{tax:f}"),
            "manual": False,
        }
        for (code, _), (base, tax) in groups.items()
    ]


def _quantity(line: BilledLine, ids: Ids) -> dict[str, object]:
    """Return hours and price, or one piece at the net amount where they differ."""
    net, hours = Decimal(line.net), Decimal(line.quantity)
    extended = (hours * Decimal(line.unit_price)).quantize(net, ROUND_HALF_EVEN)
    if hours and extended == net and _decimals(hours) <= _HOUR_DECIMALS:
        return {
            "quantity": msgspec.Raw(line.quantity.encode()),
            "unit": ids.record(HOUR),
            "unit_price": wire.money(line.unit_price),
        }
    return {
        "quantity": -1 if net < 0 else 1,
        "unit_price": wire.money(f"{abs(net):f}"),
    }


def _decimals(figure: Decimal) -> int:
    exponent = figure.normalize().as_tuple().exponent
    return max(0, -int(exponent))
