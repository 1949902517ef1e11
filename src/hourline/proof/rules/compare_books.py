"""Each document of ours answers to one booking of theirs at most, and the reverse.

The surest rule matches first: what names ours, what is the same, what sums up to the
same, what is nearest within the tolerance. What is left stands alone.
"""

from collections.abc import Iterable

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import Compared, Match, Result, Tolerance, Unmatched
from hourline.proof.rules.compare_pair import compare_pair
from hourline.proof.rules.match_by_content import match_by_content
from hourline.proof.rules.match_by_reference import match_by_reference
from hourline.proof.rules.match_nearest import match_nearest
from hourline.proof.rules.match_regrouped import match_regrouped
from hourline.proof.rules.order import in_order
from hourline.proof.rules.spot_second_bookings import spot_second_bookings


def compare_books(
    ours: Iterable[BookedDocument],
    theirs: Iterable[BookedDocument],
    tolerance: Tolerance,
) -> tuple[Compared, ...]:
    """Return what became of every document of both sides, by date.

    The order in which documents are given does not matter.
    """
    left = Unmatched(tuple(in_order(ours)), tuple(in_order(theirs)))
    matches: list[Match] = []
    for rule in (match_by_reference, match_by_content, match_regrouped):
        found, left = rule(left)
        matches += found
    found, left = match_nearest(left, tolerance)
    matches += found
    paired = [_judge(match) for match in matches]
    alone = [
        Compared(result=Result.ONLY_OURS, ours=(document,), theirs=())
        for document in left.ours
    ]
    booked = [document for match in matches for document in match.theirs]
    alone += spot_second_bookings(left.theirs, booked)
    return tuple(sorted([*paired, *alone], key=_order))


def _judge(match: Match) -> Compared:
    breaks = compare_pair(match.ours, match.theirs)
    regrouped = len(match.ours) + len(match.theirs) > 2  # noqa: PLR2004 - a pair
    same = Result.REGROUPED if regrouped else Result.AGREES
    return Compared(
        result=Result.DIFFERS if breaks else same,
        ours=match.ours,
        theirs=match.theirs,
        breaks=breaks,
    )


def _order(compared: Compared) -> tuple[str, int, str, str]:
    home = compared.home
    return (
        home.booked_on.isoformat(),
        home.kind,
        compared.result.value,
        home.external_id,
    )
