"""What lies within the tolerance and nearest to each other is the same booking."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import Match, Tolerance, Unmatched
from hourline.proof.rules.order import Identity, identity, may_be_same_party, without

_HUNDRED = 100
# How many of date and total differ, days apart, amount apart, and both identities.
_Rank = tuple[int, int, Decimal, Identity, Identity]


def match_nearest(
    unmatched: Unmatched, tolerance: Tolerance
) -> tuple[list[Match], Unmatched]:
    """Match the nearest pair, then the nearest of what is left, and so on."""
    candidates = sorted(_candidates(unmatched, tolerance), key=lambda found: found[0])
    taken_ours: set[Identity] = set()
    taken_theirs: set[Identity] = set()
    matches = []
    for (*_, ours_id, theirs_id), ours, theirs in candidates:
        if ours_id in taken_ours or theirs_id in taken_theirs:
            continue
        taken_ours.add(ours_id)
        taken_theirs.add(theirs_id)
        matches.append(Match((ours,), (theirs,)))
    return matches, without(unmatched, matches)


def _candidates(
    unmatched: Unmatched, tolerance: Tolerance
) -> Iterator[tuple[_Rank, BookedDocument, BookedDocument]]:
    by_place: dict[tuple[int, str, str], list[BookedDocument]] = defaultdict(list)
    for document in unmatched.ours:
        by_place[_place(document)].append(document)
    for theirs in unmatched.theirs:
        for ours in by_place[_place(theirs)]:
            days = abs((ours.booked_on - theirs.booked_on).days)
            apart = abs(ours.total - theirs.total)
            near = (
                days <= tolerance.days
                and apart * _HUNDRED <= abs(ours.total) * tolerance.percent
            )
            if near and may_be_same_party(ours, theirs):
                wrong = (days > 0) + (apart > 0)
                rank = (wrong, days, apart, identity(ours), identity(theirs))
                yield rank, ours, theirs


def _place(document: BookedDocument) -> tuple[int, str, str]:
    return document.kind, document.entity, document.currency
