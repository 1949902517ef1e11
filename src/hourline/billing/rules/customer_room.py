"""Rule: rounding never brings what a customer is billed above its limit.

What is billable fits under every limit by its exact shares; rounded shares of many
lines may come to some minor units more. Those are for another customer of the line: for
the one that takes differences, else for one after the other, as far as its own limit
goes. What no customer has room for stays in the running total, for a later line.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from hourline.billing.open_item import OpenItem, Party
from hourline.master.snapshot import CustomerCap

# Whole minor units, or a part of one.
Amount = TypeVar("Amount", int, Fraction)


def total_of(cap: CustomerCap, net: Mapping[tuple[int, int], Amount]) -> Amount | int:
    """Return what counts for a limit, of amounts by contract line and customer."""
    return sum(amount for place, amount in net.items() if _is_of(cap, *place))


class CustomerRoomInMoney:
    """Hold what customers may still be billed, in minor units, while lines bill it."""

    def __init__(
        self, caps: Sequence[CustomerCap], net: Mapping[tuple[int, int], int]
    ) -> None:
        """Begin with what is invoiced already, by contract line and customer."""
        self._caps = caps
        self._left = [cap.amount - total_of(cap, net) for cap in caps]

    def fitted(
        self, item: OpenItem, sharing: Sequence[Party], nets: Sequence[int]
    ) -> list[int]:
        """Return nets of an item's parties that fit, and let them take their room."""
        fitted, over = list(nets), 0
        for place, party in enumerate(sharing):
            room = self._room(item, party)
            if room is not None and fitted[place] > max(room, 0):
                over += fitted[place] - max(room, 0)
                fitted[place] = max(room, 0)
        for place in _takers(item, sharing):
            room = self._room(item, sharing[place])
            more = over if room is None else min(over, max(room - fitted[place], 0))
            fitted[place] += more
            over -= more
        for party, net in zip(sharing, fitted, strict=True):
            self._take(item, party, net)
        return fitted

    def _room(self, item: OpenItem, party: Party) -> int | None:
        """Return what a party may be billed of an item, None where nothing limits."""
        at = item.contract_line_no, party.customer_no
        return min(
            (
                left
                for cap, left in zip(self._caps, self._left, strict=True)
                if _is_of(cap, *at)
            ),
            default=None,
        )

    def _take(self, item: OpenItem, party: Party, net: int) -> None:
        for place, cap in enumerate(self._caps):
            if _is_of(cap, item.contract_line_no, party.customer_no):
                self._left[place] -= net


def _takers(item: OpenItem, sharing: Sequence[Party]) -> list[int]:
    """Return who of an item's parties is billed, those that take differences first."""
    open_for = [
        place
        for place, party in enumerate(sharing)
        if party.ahead < item.measure and party.share_ppm
    ]
    return sorted(open_for, key=lambda place: not sharing[place].takes_difference)


def _is_of(cap: CustomerCap, line_no: int, customer_no: int) -> bool:
    return cap.customer_no == customer_no and cap.is_on(line_no)
