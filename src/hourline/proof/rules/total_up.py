"""Books that are cut into documents differently still have the same sums."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from hourline.kernel.booked import BookedDocument
from hourline.proof.model import AccountPlace, AccountTotal, KindPlace, KindTotal

_MONTH_LENGTH = len("2026-10")


def total_kinds(
    ours: Iterable[BookedDocument], theirs: Iterable[BookedDocument]
) -> tuple[KindTotal, ...]:
    """Return count and sum by entity, kind, month and currency."""
    mine, other = _by_kind(ours), _by_kind(theirs)
    return tuple(
        KindTotal(
            place=place,
            ours_count=len(mine.get(place, ())),
            theirs_count=len(other.get(place, ())),
            ours=sum(mine.get(place, ()), Decimal()),
            theirs=sum(other.get(place, ()), Decimal()),
        )
        for place in sorted(mine.keys() | other.keys())
    )


def total_accounts(
    ours: Iterable[BookedDocument], theirs: Iterable[BookedDocument]
) -> tuple[AccountTotal, ...]:
    """Return debit less credit by entity, ledger account, month and currency."""
    mine, other = _by_account(ours), _by_account(theirs)
    return tuple(
        AccountTotal(
            place=place,
            ours=mine.get(place, Decimal()),
            theirs=other.get(place, Decimal()),
        )
        for place in sorted(mine.keys() | other.keys())
    )


def _by_kind(documents: Iterable[BookedDocument]) -> dict[KindPlace, list[Decimal]]:
    found: dict[KindPlace, list[Decimal]] = defaultdict(list)
    for one in documents:
        place = KindPlace(one.entity, one.kind, _month(one), one.currency)
        found[place].append(one.total)
    return found


def _by_account(documents: Iterable[BookedDocument]) -> dict[AccountPlace, Decimal]:
    found: dict[AccountPlace, Decimal] = defaultdict(Decimal)
    for one in documents:
        for line in one.lines:
            place = AccountPlace(one.entity, line.account, _month(one), one.currency)
            found[place] += line.debit - line.credit
    return found


def _month(document: BookedDocument) -> str:
    return document.booked_on.isoformat()[:_MONTH_LENGTH]
