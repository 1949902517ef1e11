"""Hourline may take over when nothing of the last days is left unexplained."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from hourline.proof.model import Compared, Standing
from hourline.proof.rules.name_difference import name_difference


def readiness(
    compared: Iterable[Compared],
    explained: AbstractSet[str],
    *,
    as_of: date,
    days: int,
) -> Standing:
    """Return how many documents agree, and what of the days before `as_of` does not.

    Documents dated after `as_of` count as recent: nothing is left out at the end.
    """
    found = list(compared)
    since = as_of - timedelta(days=days)
    open_still = [
        one for one in found if not one.agrees and name_difference(one) not in explained
    ]
    recent = [one for one in found if one.home.booked_on >= since]
    return Standing(
        documents=len(found),
        agreeing=sum(one.agrees for one in found),
        unexplained=len(open_still),
        oldest_unexplained=min(
            (one.home.booked_on for one in open_still), default=None
        ),
        recent=len(recent),
        recent_unexplained=sum(one in open_still for one in recent),
        days=days,
    )
