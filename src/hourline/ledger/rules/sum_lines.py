"""Sum moved amounts to the lines of a journal: one per account, dimensions and side."""

from collections.abc import Iterable
from dataclasses import dataclass

from hourline.ledger.model import Dimensions, DocumentLine, Moved


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what one of the moves given adds to a line; credits are negative."""

    move: int
    amount: int


@dataclass(frozen=True, slots=True)
class DrilledLine:
    """Hold a line of a journal with its shares, which add up to it."""

    line: DocumentLine
    shares: tuple[Share, ...]


def sum_lines(moves: Iterable[Moved]) -> tuple[DocumentLine, ...]:
    """Return debits, then credits, each by account and dimensions; zero is left out.

    Every move adds the same to a debit and to a credit, so the lines balance. A sum
    that turns out negative changes its side.
    """
    return tuple(drilled.line for drilled in drill_down(moves))


def drill_down(moves: Iterable[Moved]) -> tuple[DrilledLine, ...]:
    """Return the lines of `sum_lines`, each with what every move adds to it."""
    found: dict[tuple[str, Dimensions, bool], list[Share]] = {}
    for number, move in enumerate(moves):
        debit = *move.debited, True
        credit = *move.credited, False
        found.setdefault(debit, []).append(Share(number, move.amount))
        found.setdefault(credit, []).append(Share(number, -move.amount))
    drilled = [
        DrilledLine(_line(account, dimensions, shares), tuple(shares))
        for (account, dimensions, _), shares in found.items()
    ]
    return tuple(
        sorted((one for one in drilled if one.line.debit or one.line.credit), key=_by)
    )


def _line(account: str, dimensions: Dimensions, shares: list[Share]) -> DocumentLine:
    signed = sum(share.amount for share in shares)
    return DocumentLine(
        account=account,
        dimensions=dimensions,
        debit=max(signed, 0),
        credit=max(-signed, 0),
    )


def _by(drilled: DrilledLine) -> tuple[bool, str, str, str]:
    line = drilled.line
    return (
        line.debit == 0,
        line.account,
        line.dimensions.service_line or "",
        line.dimensions.cost_centre or "",
    )
