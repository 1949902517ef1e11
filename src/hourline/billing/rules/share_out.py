"""Price what is open on the running total, and split every line among customers.

The step of the running total is the line's amount, whoever pays it. Each customer pays
its rounded share, and one of them the amount less the others'. What is open for some
customers only, after a credit to them, is a step of the running total for each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hourline.billing.open_item import WHOLE_PPM, OpenItem, Party
from hourline.billing.rules.customer_room import CustomerRoomInMoney
from hourline.billing.rules.running_total import RunningTotal, step
from hourline.kernel.money import Rounding, round_fraction

Parties = tuple[Party, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedShare:
    """Hold what one customer pays of an item; amounts are minor units."""

    item: OpenItem
    party: Party
    net: int
    net_at_rate: int | None
    accrual_reversed: int
    accrual_reversed_entity: int


def share_out(
    items: Sequence[OpenItem],
    parties: Sequence[Parties],
    totals: Mapping[int, RunningTotal],
    rounding: Rounding,
    *,
    room: CustomerRoomInMoney | None = None,
) -> list[PricedShare]:
    """Return what each party of each item pays; items and parties go in pairs.

    `totals` holds what each contract line was billed to date, by its number; one that
    is missing was billed nothing. An amount set by hand moves no running total. `room`
    is what customers that have a limit may still be billed.
    """
    running = dict(totals)
    priced: list[PricedShare] = []
    for item, sharing in zip(items, parties, strict=True):
        line = item.contract_line_no
        total = running.get(line, RunningTotal())
        nets, running[line] = _nets(item, sharing, total, rounding)
        if room is not None and item.milestone is None:
            fitted = room.fitted(item, sharing, nets)
            running[line] = running[line].without(sum(nets) - sum(fitted))
            nets = fitted
        priced += _priced(item, sharing, nets, rounding)
    return priced


def split_amount(
    amount: int, weights: Sequence[int], taker: int, rounding: Rounding
) -> list[int]:
    """Return the rounded share of each weight; the taker has what the others leave."""
    whole = sum(weights)
    parts = [
        round_fraction(Fraction(amount * weight, whole), rounding) for weight in weights
    ]
    parts[taker] += amount - sum(parts)
    return parts


def amounts_open(item: OpenItem, sharing: Parties, rounding: Rounding) -> list[int]:
    """Return what of an amount billed as it is falls to each of its customers.

    What was split before stays; anything beyond that is split by the shares.
    """
    split = [party.amount_open or 0 for party in sharing]
    rest = split_amount(
        item.amount_open - sum(split),
        [party.share_ppm for party in sharing],
        _taker(sharing, range(len(sharing))),
        rounding,
    )
    return [before + more for before, more in zip(split, rest, strict=True)]


def _nets(
    item: OpenItem, sharing: Parties, total: RunningTotal, rounding: Rounding
) -> tuple[list[int], RunningTotal]:
    if item.milestone is not None:
        # An amount is whole already: cents that credits left belong to the time.
        nets = amounts_open(item, sharing, rounding)
        return nets, total.plus(item.amount_open)
    most = max(party.ahead for party in sharing)
    nets = [0] * len(sharing)
    if item.measure > most:
        amount, total = step(total, _exact(item, item.measure - most), rounding)
        shares = [party.share_ppm for party in sharing]
        nets = split_amount(
            amount, shares, _taker(sharing, range(len(sharing))), rounding
        )
    for place, party in enumerate(sharing):
        if party.ahead < most:
            exact = _exact(item, most - party.ahead) * _share(party)
            amount, total = step(total, exact, rounding)
            nets[place] += amount
    return nets, total


def _priced(
    item: OpenItem, sharing: Parties, nets: Sequence[int], rounding: Rounding
) -> Iterator[PricedShare]:
    by_hand = _by_hand(item, sharing, rounding)
    settled, _ = item.settled
    is_shared = any(party.share_ppm != WHOLE_PPM for party in sharing)
    accrual = replace(item.accrual, shared=is_shared)
    for place, party in enumerate(sharing):
        own = _own(item, party, nets[place])
        if own is None:
            continue
        # An amount is split already; of work, a share of it accrues no longer.
        taken = own.measure if own.milestone else own.measure * _share(party)
        reversed_, reversed_entity = accrual.reversed_between(
            settled, settled + taken, rounding
        )
        settled += taken
        yield PricedShare(
            item=own,
            party=party,
            net=nets[place] if by_hand is None else by_hand[place],
            net_at_rate=None if by_hand is None else nets[place],
            accrual_reversed=reversed_,
            accrual_reversed_entity=reversed_entity,
        )


def _own(item: OpenItem, party: Party, net: int) -> OpenItem | None:
    """Return the item as one customer is billed it; None where it owes nothing."""
    own = replace(
        item,
        customer_no=party.customer_no,
        share_ppm=party.share_ppm,
        takes_difference=party.takes_difference,
        tax_rule_no=party.tax_rule_no,
    )
    alone = party.share_ppm == WHOLE_PPM
    if item.milestone is not None:
        return replace(own, amount_open=net) if net or alone else None
    if party.ahead == 0:
        return own
    if item.measure == party.ahead:
        return None
    if item.units_total:
        return replace(own, units_billed=item.units_billed + party.ahead)
    return replace(own, seconds_billed=item.seconds_billed + party.ahead)


def _by_hand(item: OpenItem, sharing: Parties, rounding: Rounding) -> list[int] | None:
    if item.net_by_hand is None:
        return None
    weights = [party.share_ppm * (item.measure - party.ahead) for party in sharing]
    if not any(weights):
        weights = [party.share_ppm for party in sharing]
    open_for = [place for place, weight in enumerate(weights) if weight]
    return split_amount(item.net_by_hand, weights, _taker(sharing, open_for), rounding)


def _taker(sharing: Parties, places: Sequence[int]) -> int:
    """Return who of the places takes the difference: who is marked, else the last."""
    marked = [place for place in places if sharing[place].takes_difference]
    return marked[0] if marked else places[-1]


def _exact(item: OpenItem, measure: int) -> Fraction:
    return item.exact * Fraction(measure, item.measure)


def _share(party: Party) -> Fraction:
    return Fraction(party.share_ppm, WHOLE_PPM)
