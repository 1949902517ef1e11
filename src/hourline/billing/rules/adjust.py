"""Adjust what an invoice bills of an entry: fewer hours, or another amount."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hourline.billing.model import Adjustment, OpenItem
from hourline.billing.rules.shares import split


def adjust(
    items: Sequence[OpenItem], adjustments: Sequence[Adjustment], *, follow: bool
) -> list[OpenItem] | Adjustment:
    """Return the items as adjusted, or the first adjustment that does not fit them.

    By seconds, so much of the entry is billed and the rest left out; by amount, all
    of it for that. With `follow` the items may have changed since the adjustments
    were made, as under an open draft: one whose work is gone is passed over, and
    seconds bill what there is of them. What was billed to one customer and is open for
    another cannot be left out.
    """
    adjusted = list(items)
    for wanted in adjustments:
        places = [
            place
            for place, item in enumerate(adjusted)
            if item.entry_no == wanted.entry_no
        ]
        own = [adjusted[place] for place in places]
        if not follow and not _fits(own, wanted):
            return wanted
        if not own:
            continue
        for place, item in zip(places, _adjusted(own, wanted), strict=True):
            adjusted[place] = item
    return adjusted


def _fits(own: Sequence[OpenItem], wanted: Adjustment) -> bool:
    if wanted.seconds is None or not own:
        return bool(own)
    least = sum(item.uneven for item in own)
    return least <= wanted.seconds <= sum(item.seconds for item in own)


def _adjusted(items: Sequence[OpenItem], wanted: Adjustment) -> list[OpenItem]:
    if wanted.seconds is not None:
        return _by_seconds(items, wanted.seconds)
    return _by_amount(items, wanted.amount or 0)


def _by_seconds(items: Sequence[OpenItem], seconds: int) -> list[OpenItem]:
    adjusted = []
    for item in items:
        billed = max(min(seconds, item.seconds), item.uneven)
        adjusted.append(replace(item, seconds_left_out=item.seconds - billed))
        seconds = max(0, seconds - billed)
    return adjusted


def _by_amount(items: Sequence[OpenItem], amount: int) -> list[OpenItem]:
    weights = [item.exact for item in items]
    if not any(weights):
        # Work at a rate of nothing has no shares by worth; it is shared by time.
        weights = [Fraction(item.seconds) for item in items]
    whole = sum(weights, Fraction(0))
    each = Fraction(amount * whole.denominator, whole.numerator)
    parts = split(amount, [each * weight for weight in weights])
    return [
        replace(item, net_by_hand=net) for item, net in zip(items, parts, strict=True)
    ]
