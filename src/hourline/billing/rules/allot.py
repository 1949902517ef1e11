"""Allot the work of a contract: prepaid hours first, then limits, in the work's order.

By work date, then approval time, then entry id, whatever the order of arrival. What is
invoiced stays and has its room; what is prepaid or over a limit is not billable.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from hourline.billing.model_allotted import (
    NOT_ALLOTTED,
    NOTHING_BILLED,
    Allotted,
    BilledToCustomers,
    Invoiced,
    InvoicedDay,
    Work,
)
from hourline.billing.rules.allot_limits import Room, common_denominator
from hourline.billing.rules.allot_prepaid import BlockHours
from hourline.kernel.money import Rounding
from hourline.master.snapshot import ContractTerms

_ORDER = attrgetter("dated", "approved_at", "source_id", "entry_no", "part")


def allot(
    works: Iterable[Work],
    terms: ContractTerms | None,
    invoiced: Mapping[int, Invoiced],
    rounding: Rounding,
    *,
    days: Sequence[InvoicedDay] = (),
    customers: BilledToCustomers = NOTHING_BILLED,
) -> list[tuple[Work, Allotted]]:
    """Return what becomes of every work, in their order.

    `invoiced` holds what stands on invoices by contract line, `days` the same by day
    and person, for limits of months and of days of a person, and `customers` the same
    by customer. The result depends on nothing but the set of works and what is
    invoiced. Without terms all is billable.
    """
    ordered = in_order_of_work(works)
    if terms is None:
        return [(work, NOT_ALLOTTED) for work in ordered]
    hours = BlockHours(terms.blocks)
    parts = common_denominator(ordered, invoiced.values(), days)
    room = Room(terms, invoiced, rounding, parts=parts)
    room.spans.begin(days)
    room.customers.begin(customers)
    return [(work, _allotted(work, hours, room)) for work in ordered]


def in_order_of_work(works: Iterable[Work]) -> list[Work]:
    """Return works by work date, approval time and entry id."""
    return sorted(works, key=_ORDER)


def _allotted(work: Work, hours: BlockHours, room: Room) -> Allotted:
    prepaid = hours.used_by(work)
    left = work.seconds + work.units
    if prepaid:
        left -= sum(seconds for _, seconds in prepaid)
    over = room.taken_by(work, left)
    if not (prepaid or over):
        return NOT_ALLOTTED
    return Allotted(prepaid=prepaid, over_limits=over)
