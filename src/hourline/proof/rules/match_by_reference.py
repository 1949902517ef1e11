"""A document that names ours by key or number is ours, whatever else it says."""

from collections import Counter, defaultdict

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import Match, Unmatched
from hourline.proof.rules.compare_pair import compare_pair
from hourline.proof.rules.order import in_order, without

_Name = tuple[int, str, str]


def match_by_reference(unmatched: Unmatched) -> tuple[list[Match], Unmatched]:
    """Match what names each other; of several that name one, the most alike wins.

    A name that several of ours bear says nothing.
    """
    bearers = Counter(
        name for document in unmatched.ours for name in set(_names(document))
    )
    named = {
        name: document
        for document in unmatched.ours
        for name in _names(document)
        if bearers[name] == 1
    }
    claims: dict[str, list[BookedDocument]] = defaultdict(list)
    owners: dict[str, BookedDocument] = {}
    for document in unmatched.theirs:
        found = next((named[name] for name in _names(document) if name in named), None)
        if found is not None:
            key = f"{found.kind}/{found.external_id}"
            owners[key] = found
            claims[key].append(document)
    matches = [
        Match((owners[key],), (_most_alike(owners[key], claims[key]),))
        for key in sorted(claims)
    ]
    return matches, without(unmatched, matches)


def _names(document: BookedDocument) -> list[_Name]:
    told = (*document.references, *filter(None, (document.number,)))
    return [(document.kind, document.entity, name) for name in told]


def _most_alike(ours: BookedDocument, claims: list[BookedDocument]) -> BookedDocument:
    return min(
        in_order(claims), key=lambda theirs: len(compare_pair((ours,), (theirs,)))
    )
