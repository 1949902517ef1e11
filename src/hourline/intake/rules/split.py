"""Rule: a part of an entry has so much of its time, or of what an expense cost.

Of billable hours that an approver stated, those that are taken out go along first, and
what stays keeps the others. The input tax of an expense is divided as its cost is,
rounded half up, and what stays has the rest of it. So both together are the whole.
"""

from dataclasses import dataclass, replace

from hourline.kernel.money import round_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Hold what of an entry can be divided; cost, tax and currency are an expense's.

    Seconds, and minor units of the currency by its ISO number.
    """

    worked_seconds: int
    billable_seconds: int | None
    cost: int | None
    tax: int | None
    currency: int | None


def has_share(content: Content, *, seconds: int, cost: int) -> bool:
    """Say whether so much can be taken out and something stays."""
    if content.cost is None:
        return cost == 0 and 0 < seconds < content.worked_seconds
    return seconds == 0 and 0 < cost < content.cost


def divide(content: Content, *, seconds: int, cost: int) -> tuple[Content, Content]:
    """Return what is taken out and what stays; `has_share` said that it is there."""
    taken = Content(
        worked_seconds=seconds,
        billable_seconds=_least(content.billable_seconds, seconds),
        cost=None if content.cost is None else cost,
        tax=_tax(content, cost),
        currency=content.currency,
    )
    left = replace(
        content,
        worked_seconds=content.worked_seconds - seconds,
        billable_seconds=_less(content.billable_seconds, taken.billable_seconds),
        cost=_less(content.cost, taken.cost),
        tax=_less(content.tax, taken.tax),
    )
    return taken, left


def _tax(content: Content, cost: int) -> int | None:
    if not content.tax or not content.cost:
        return content.tax
    return round_ratio(content.tax * cost, content.cost)


def _least(whole: int | None, most: int) -> int | None:
    return None if whole is None else min(whole, most)


def _less(whole: int | None, taken: int | None) -> int | None:
    return None if whole is None else whole - (taken or 0)
