"""Assemble an invoice: one line per portion or milestone, in the order of the work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hourline.billing.model import Assembled, AssembledLine, OpenItem, Terms
from hourline.billing.rules.customer_room import CustomerRoomInMoney
from hourline.billing.rules.running_total import RunningTotal
from hourline.billing.rules.share_out import Parties, PricedShare, share_out
from hourline.billing.rules.tax import TaxRounding, line_taxes
from hourline.kernel.money import Currency, Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Hold who bills whom, and the entity's policies that make the amounts.

    `customer_nos` are the customers of the contract in the order they are invoiced.
    """

    entity_no: int
    customer_nos: tuple[int, ...]
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
    parties: Sequence[Parties],
    groups: Sequence[int] = (),
    room: CustomerRoomInMoney | None = None,
) -> Assembled:
    """Return the invoice of the items, which are in order; each has its parties.

    There is one invoice for each customer among the parties, those that the contract
    has now first, and for each group of items; each has lines and taxes of its own.
    `groups` are by item, none is one. `totals` and `room` are as in
    `share_out`.
    """
    priced = share_out(items, parties, totals, seller.rounding, room=room)
    by_customer: dict[int, list[PricedShare]] = {
        customer_no: [] for customer_no in seller.customer_nos
    }
    for share in priced:
        by_customer.setdefault(share.party.customer_no, []).append(share)
    group_of = dict(zip((item.work for item in items), groups, strict=False))
    return Assembled(
        terms=terms,
        entity_no=seller.entity_no,
        currency=seller.currency.code,
        lines=tuple(
            line
            for shares in by_customer.values()
            for group in sorted({group_of.get(one.item.work, 0) for one in shares})
            for line in _lines(
                [one for one in shares if group_of.get(one.item.work, 0) == group],
                seller,
                group,
            )
        ),
    )


def _lines(
    shares: Sequence[PricedShare], seller: Seller, group: int
) -> Iterator[AssembledLine]:
    rates_ppm = [share.party.tax_rate_ppm for share in shares]
    taxes = line_taxes(
        [share.net for share in shares],
        rates_ppm,
        policy=seller.tax_rounding,
        rounding=seller.rounding,
    )
    columns = zip(shares, rates_ppm, taxes, strict=True)
    for position, (share, rate_ppm, tax) in enumerate(columns, start=1):
        yield AssembledLine(
            line_no=position,
            item=share.item,
            net=share.net,
            tax_rate_ppm=rate_ppm,
            tax=tax,
            accrual_reversed=share.accrual_reversed,
            accrual_reversed_entity=share.accrual_reversed_entity,
            net_at_rate=share.net_at_rate,
            group=group,
        )
