"""Every rule takes documents in the same order, whichever they arrived in."""

from collections.abc import Iterable, Sequence

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import Match, Unmatched

Identity = tuple[int, str]


def identity(document: BookedDocument) -> Identity:
    """Return what tells a document from all others of its side."""
    return document.kind, document.external_id


def in_order(documents: Iterable[BookedDocument]) -> list[BookedDocument]:
    """Return documents by date, kind and id."""
    return sorted(documents, key=lambda one: (one.booked_on, *identity(one)))


def without(unmatched: Unmatched, matches: Sequence[Match]) -> Unmatched:
    """Return what is left once the matches are taken out."""
    ours = {identity(one) for match in matches for one in match.ours}
    theirs = {identity(one) for match in matches for one in match.theirs}
    return Unmatched(
        tuple(one for one in unmatched.ours if identity(one) not in ours),
        tuple(one for one in unmatched.theirs if identity(one) not in theirs),
    )


def may_be_same_party(ours: BookedDocument, theirs: BookedDocument) -> bool:
    """Say whether nothing speaks against both having the same party."""
    return None in (ours.party, theirs.party) or ours.party == theirs.party
