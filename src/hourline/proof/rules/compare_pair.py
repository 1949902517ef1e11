"""Two sides of a booking agree when date, party, amounts and accounts do.

How many lines an account's amount is spread over is nobody's difference; what a side
does not keep (a party, dimensions, quantities) is not compared.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from hourline.kernel.booked import BookedDocument, BookedLine
from hourline.proof.model import Documents, FieldBreak

_NOTHING = "nothing"
_DECIMALS_SHOWN = 2


def compare_pair(ours: Documents, theirs: Documents) -> tuple[FieldBreak, ...]:
    """Return everything in which the two sides differ, of one document or several."""
    return (*_fields(ours, theirs), *_accounts(ours, theirs))


def account_sums(
    documents: Documents, *, dimensions: bool = True
) -> dict[str, tuple[Decimal, Decimal]]:
    """Return debit and credit by account and dimensions, in the words of a person."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(), Decimal()])
    for document in documents:
        for line in document.lines:
            found = sums[_place(line, dimensions=dimensions)]
            found[0] += line.debit
            found[1] += line.credit
    return {
        place: (debit, credit)
        for place, (debit, credit) in sums.items()
        if debit or credit
    }


def both_keep_dimensions(ours: Documents, theirs: Documents) -> bool:
    """Say whether dimensions can be compared at all."""
    return all(
        any(line.dimensions for one in side for line in one.lines)
        for side in (ours, theirs)
    )


def _fields(ours: Documents, theirs: Documents) -> Iterator[FieldBreak]:
    pairs = [
        ("date", _texts(ours, "booked_on"), _texts(theirs, "booked_on")),
        ("party", _texts(ours, "party"), _texts(theirs, "party")),
        ("currency", _texts(ours, "currency"), _texts(theirs, "currency")),
        *(
            (name, _sum(ours, name), _sum(theirs, name))
            for name in ("total", "net", "tax")
        ),
        ("quantity", _quantity(ours), _quantity(theirs)),
    ]
    for name, mine, other in pairs:
        if mine and other and mine != other:
            yield FieldBreak(name, mine, other)


def _texts(documents: Documents, name: str) -> str:
    """Return what the documents say, empty where one of them says nothing."""
    told = [getattr(document, name) for document in documents]
    return "" if None in told else ", ".join(sorted({str(one) for one in told}))


def _sum(documents: Documents, name: str) -> str:
    told: list[Decimal | None] = [getattr(document, name) for document in documents]
    known = [amount for amount in told if amount is not None]
    return "" if len(known) < len(told) else _amount(sum(known, Decimal()))


def _quantity(documents: Documents) -> str:
    told = [line.quantity for one in documents for line in one.lines]
    known = [quantity for quantity in told if quantity is not None]
    return f"{sum(known, Decimal()).normalize():f}" if known else ""


def _accounts(ours: Documents, theirs: Documents) -> Iterator[FieldBreak]:
    if not (_has_lines(ours) and _has_lines(theirs)):
        return
    dimensions = both_keep_dimensions(ours, theirs)
    mine = account_sums(ours, dimensions=dimensions)
    other = account_sums(theirs, dimensions=dimensions)
    for place in sorted(mine.keys() | other.keys()):
        if mine.get(place) != other.get(place):
            yield FieldBreak(
                f"account {place}", _sides(mine.get(place)), _sides(other.get(place))
            )


def _has_lines(documents: Documents) -> bool:
    return all(document.lines for document in documents)


def _place(line: BookedLine, *, dimensions: bool) -> str:
    if not dimensions or not line.dimensions:
        return line.account
    told = ", ".join(
        f"{name} {line.dimensions[name]}" for name in sorted(line.dimensions)
    )
    return f"{line.account} ({told})"


def _sides(sums: tuple[Decimal, Decimal] | None) -> str:
    if sums is None:
        return _NOTHING
    debit, credit = sums
    told = [f"debit {_amount(debit)}"] if debit else []
    told += [f"credit {_amount(credit)}"] if credit else []
    return ", ".join(told)


def _amount(amount: Decimal) -> str:
    """Return an amount whose digits do not depend on how a vendor writes it."""
    whole, _, decimals = f"{amount.normalize():f}".partition(".")
    return f"{whole}.{decimals.ljust(_DECIMALS_SHOWN, '0')}"


def same_content(one: BookedDocument, other: BookedDocument) -> bool:
    """Say whether two documents differ in nothing that is compared."""
    return one.kind is other.kind and not compare_pair((one,), (other,))
