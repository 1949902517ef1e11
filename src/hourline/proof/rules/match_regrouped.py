"""One document of a day that is the sum of several of the other side is them all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import Documents, Match, Unmatched
from hourline.proof.rules.compare_pair import compare_pair
from hourline.proof.rules.order import in_order, may_be_same_party, without

# Beyond this many parts of a day only all of them together are tried.
_PARTS_TRIED_MAX = 10
_Key = tuple[int, str, date, str]


def match_regrouped(unmatched: Unmatched) -> tuple[list[Match], Unmatched]:
    """Match one of theirs with several of ours, then one of ours with several.

    Sums of total and of every account must be equal, and only one choice of parts may
    fit: where two would, nobody can tell which, and the sums by account show it.
    """
    summed = [
        Match(parts, (whole,))
        for whole, parts in _wholes(unmatched.theirs, unmatched.ours)
    ]
    rest = without(unmatched, summed)
    spread = [
        Match((whole,), parts) for whole, parts in _wholes(rest.ours, rest.theirs)
    ]
    return [*summed, *spread], without(rest, spread)


def _wholes(
    wholes: Iterable[BookedDocument], parts: Iterable[BookedDocument]
) -> Iterator[tuple[BookedDocument, Documents]]:
    left: dict[_Key, list[BookedDocument]] = defaultdict(list)
    for part in in_order(parts):
        left[_key(part)].append(part)
    for whole in in_order(wholes):
        here = left[_key(whole)]
        fitting = [part for part in here if may_be_same_party(part, whole)]
        chosen = _only_choice(whole, fitting)
        for part in chosen:
            here.remove(part)
        if chosen:
            yield whole, chosen


def _only_choice(whole: BookedDocument, parts: Sequence[BookedDocument]) -> Documents:
    found: Documents = ()
    for chosen in _choices(parts):
        total = sum((part.total for part in chosen), Decimal())
        if total == whole.total and not compare_pair(chosen, (whole,)):
            if found:
                return ()
            found = chosen
    return found


def _choices(parts: Sequence[BookedDocument]) -> Iterator[Documents]:
    smallest = 2 if len(parts) <= _PARTS_TRIED_MAX else len(parts)
    for size in range(smallest, len(parts) + 1):
        yield from combinations(parts, size)


def _key(document: BookedDocument) -> _Key:
    return document.kind, document.entity, document.booked_on, document.currency
