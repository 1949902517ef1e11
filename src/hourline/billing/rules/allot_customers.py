"""Rule: a limit of one of several customers stops the work that all of them pay.

Each customer pays its share of all work, so what would bring the share of one above its
limit is over that limit for all. The exact share counts, with whole amounts of expenses
and what amounts set by hand differ; `customer_room` keeps rounded shares below it.
"""

from collections.abc import Mapping, Sequence
from math import floor

from hourline.billing.model_allotted import (
    BilledToCustomers,
    Level,
    Over,
    PortionKey,
    Work,
)
from hourline.master.snapshot import WHOLE_PPM, CustomerCap

# The limit of one customer within that of a line, and within that of a contract.
_WITHIN = {
    Level.LINE: Level.LINE_CUSTOMER,
    Level.CONTRACT: Level.CONTRACT_CUSTOMER,
}


class CustomerRoom:
    """Hold what is left under the limits of customers while work takes it up."""

    def __init__(self, caps: Sequence[CustomerCap], *, parts: int) -> None:
        """Begin with all of it; of a minor unit's `parts` every amount is whole."""
        self._caps = caps
        # In millionths of those parts, since shares are in millionths.
        self._whole = parts * WHOLE_PPM
        self._left = [cap.amount * self._whole for cap in caps]
        self._shares: Mapping[PortionKey, Mapping[int, int]] = {}

    def begin(self, billed: BilledToCustomers) -> None:
        """Take what customers were billed."""
        self._shares = billed.shares
        for place, cap in enumerate(self._caps):
            worth = sum(
                exact
                for (line_no, customer_no), exact in billed.worth.items()
                if cap.customer_no == customer_no and cap.is_on(line_no)
            )
            # What is left of such a part is too little for anything.
            self._left[place] = floor((cap.amount - worth) * self._whole)

    def under(
        self, level: Level, work: Work, quantity: int, *, counts: int
    ) -> tuple[int, Over]:
        """Return how much of a quantity fits within a line or a contract.

        One of the quantity counts so many parts of a minor unit, for all customers.
        """
        fits = quantity
        for place, cap in enumerate(self._caps):
            is_of_contract = cap.contract_line_no is None
            if is_of_contract is (level is Level.CONTRACT):
                fits = self._fitting(place, work, fits, counts=counts)
        if fits == quantity:
            return quantity, ()
        return fits, ((_WITHIN[level], quantity - fits),)

    def _fitting(self, place: int, work: Work, quantity: int, *, counts: int) -> int:
        cap, left = self._caps[place], self._left[place]
        share = self._share(cap, work)
        each = counts * share
        if not share or quantity * each <= left:
            return quantity
        if cap.whole or left <= 0:
            return 0
        return left // each

    def take(self, work: Work, quantity: int, *, counts: int) -> None:
        """Let a quantity of work take its room, each of it counting so much."""
        for place, cap in enumerate(self._caps):
            self._left[place] -= quantity * counts * self._share(cap, work)

    def _share(self, cap: CustomerCap, work: Work) -> int:
        """Return a customer's share of work, 0 where a limit is not for it."""
        if not cap.is_on(work.contract_line_no):
            return 0
        kept = self._shares.get((work.entry_no, work.revision, work.part))
        if kept is not None:
            return kept.get(cap.customer_no, 0)
        return cap.share_on(work.dated)
