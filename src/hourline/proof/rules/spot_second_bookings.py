"""What repeats the reference or content of a matched booking was booked twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import Compared, Result
from hourline.proof.rules.compare_pair import same_content
from hourline.proof.rules.order import in_order

_Name = tuple[int, str, str]
_Place = tuple[int, str, date, Decimal]


def spot_second_bookings(
    alone: Iterable[BookedDocument], matched: Iterable[BookedDocument]
) -> Iterator[Compared]:
    """Yield each document of theirs that stands alone, with what it repeats."""
    by_name: dict[_Name, list[BookedDocument]] = defaultdict(list)
    by_place: dict[_Place, list[BookedDocument]] = defaultdict(list)
    for document in in_order(matched):
        by_place[_place(document)].append(document)
        for name in document.references:
            by_name[document.kind, document.entity, name].append(document)
    for document in alone:
        named = [
            twin
            for name in document.references
            for twin in by_name[document.kind, document.entity, name]
        ]
        alike = [
            twin for twin in by_place[_place(document)] if same_content(document, twin)
        ]
        twins = named or alike
        yield Compared(
            result=Result.ONLY_THEIRS,
            ours=(),
            theirs=(document,),
            second_of=twins[0].external_id if twins else None,
        )


def _place(document: BookedDocument) -> _Place:
    return document.kind, document.entity, document.booked_on, document.total
