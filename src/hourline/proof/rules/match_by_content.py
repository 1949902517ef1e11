"""Documents of the same kind, party, date, currency and total are the same booking."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import Match, Unmatched
from hourline.proof.rules.compare_pair import same_content
from hourline.proof.rules.order import in_order, may_be_same_party, without

_Key = tuple[int, str, date, str, Decimal]
_Fits = Callable[[BookedDocument, BookedDocument], bool]


def match_by_content(unmatched: Unmatched) -> tuple[list[Match], Unmatched]:
    """Match what is the same; those with the same accounts come first."""
    same, rest = _match(unmatched, same_content)
    alike, left = _match(rest, may_be_same_party)
    return [*same, *alike], left


def _match(unmatched: Unmatched, fits: _Fits) -> tuple[list[Match], Unmatched]:
    groups: dict[_Key, list[BookedDocument]] = defaultdict(list)
    for document in in_order(unmatched.ours):
        groups[_key(document)].append(document)
    matches = []
    for theirs in _known_party_first(unmatched.theirs):
        candidates = groups[_key(theirs)]
        found = next((ours for ours in candidates if fits(ours, theirs)), None)
        if found is not None:
            candidates.remove(found)
            matches.append(Match((found,), (theirs,)))
    return matches, without(unmatched, matches)


def _key(document: BookedDocument) -> _Key:
    return (
        document.kind,
        document.entity,
        document.booked_on,
        document.currency,
        document.total,
    )


def _known_party_first(
    documents: Iterable[BookedDocument],
) -> list[BookedDocument]:
    return sorted(in_order(documents), key=lambda one: one.party is None)
