"""Sum moved amounts to the lines of a journal: one per account, dimensions and side."""

from collections.abc import Iterable
from dataclasses import dataclass

from hourline.ledger.model import Dimensions, DocumentLine


@dataclass(frozen=True, slots=True)
class Moved:
    """Hold an amount moved between two accounts, with the project's dimensions."""

    debit_account: str
    credit_account: str
    dimensions: Dimensions
    amount: int


def sum_lines(moves: Iterable[Moved]) -> tuple[DocumentLine, ...]:
    """Return debits, then credits, each by account and dimensions; zero is left out.

    Every move adds the same to a debit and to a credit, so the lines balance. A sum
    that turns out negative changes its side.
    """
    debits: dict[tuple[str, Dimensions], int] = {}
    credits_: dict[tuple[str, Dimensions], int] = {}
    for move in moves:
        for sums, account in (
            (debits, move.debit_account),
            (credits_, move.credit_account),
        ):
            key = (account, move.dimensions)
            sums[key] = sums.get(key, 0) + move.amount
    lines = [_line(key, amount) for key, amount in debits.items()]
    lines += [_line(key, -amount) for key, amount in credits_.items()]
    return tuple(sorted((line for line in lines if line.debit or line.credit), key=_by))


def _line(key: tuple[str, Dimensions], signed: int) -> DocumentLine:
    account, dimensions = key
    return DocumentLine(
        account=account,
        dimensions=dimensions,
        debit=max(signed, 0),
        credit=max(-signed, 0),
    )


def _by(line: DocumentLine) -> tuple[bool, str, str, str]:
    return (
        line.debit == 0,
        line.account,
        line.dimensions.service_line or "",
        line.dimensions.cost_centre or "",
    )
