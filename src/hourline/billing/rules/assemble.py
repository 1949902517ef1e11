"""Assemble an invoice: one line per portion or milestone, in the order of the work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hourline.billing.model import Assembled, AssembledLine, OpenItem, Terms
from hourline.billing.rules.accrual import reversed_between
from hourline.billing.rules.running_total import RunningTotal, step
from hourline.billing.rules.tax import TaxRounding, line_taxes
from hourline.kernel.money import Currency, Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Hold who bills whom, and the entity's policies that make the amounts."""

    entity_no: int
    customer_no: int
    currency: Currency
    tax_rounding: TaxRounding
    rounding: Rounding


def in_order(items: Sequence[OpenItem]) -> list[OpenItem]:
    """Return items by work date, approval time, entry id: the order of the steps."""
    return sorted(
        items,
        key=lambda item: (
            item.dated,
            item.approved_at,
            item.source_id,
            item.entry_no or 0,
            item.part or 0,
            item.contract_line_no,
        ),
    )


def assemble(
    items: Sequence[OpenItem],
    *,
    terms: Terms,
    seller: Seller,
    totals: Mapping[int, RunningTotal],
    tax_rates_ppm: Sequence[int],
) -> Assembled:
    """Return the invoice of the items, which are in order; each has its tax rate.

    `totals` holds what each contract line was billed to date, by its number; one that
    is missing was billed nothing.
    """
    nets = _nets(items, totals, seller.rounding)
    taxes = line_taxes(
        nets, tax_rates_ppm, policy=seller.tax_rounding, rounding=seller.rounding
    )
    columns = zip(items, nets, tax_rates_ppm, taxes, strict=True)
    return Assembled(
        terms=terms,
        entity_no=seller.entity_no,
        customer_no=seller.customer_no,
        currency=seller.currency.code,
        lines=tuple(
            AssembledLine(
                line_no=position,
                item=item,
                net=net,
                tax_rate_ppm=rate,
                tax=tax,
                accrual_reversed=_reversed(item, item.accrued, seller.rounding),
                accrual_reversed_entity=_reversed(
                    item, item.accrued_entity, seller.rounding
                ),
            )
            for position, (item, net, rate, tax) in enumerate(columns, start=1)
        ),
    )


def _nets(
    items: Sequence[OpenItem], totals: Mapping[int, RunningTotal], rounding: Rounding
) -> list[int]:
    running = dict(totals)
    nets = []
    for item in items:
        line = item.contract_line_no
        total = running.get(line, RunningTotal())
        if item.milestone is None:
            net, running[line] = step(total, item.exact, rounding)
        else:
            # An amount is whole already: cents that credits left belong to the time.
            net, running[line] = item.amount_open, total.plus(item.amount_open)
        nets.append(net)
    return nets


def _reversed(item: OpenItem, accrued: int, rounding: Rounding) -> int:
    before, whole = item.billed
    return reversed_between(
        accrued, whole, before=before, after=whole, rounding=rounding
    )
