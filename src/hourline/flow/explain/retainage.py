"""Explain what the customer withholds of an entry's invoice lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from hourline.billing.rules.retain import PARTS_OF_UNIT
from hourline.flow.explain.billed_line import Billed
from hourline.flow.explain.model import Step, money
from hourline.infra.database import Session
from hourline.infra.queries import load_queries

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class _Withheld:
    number: str
    line_no: int
    gross: int
    retained: int
    retained_exact: int
    credits: str | None
    currency: int


def retainage_steps(session: Session, billed: Billed) -> Iterator[Step]:
    """Yield what is withheld of each line of it, and what credits gave back."""
    for line in session.all(QUERIES["withheld_lines"], _Withheld, **billed.asked):
        yield Step(
            about="retainage",
            sentences=[_sentence(line)],
            figures={
                "document": line.number,
                "line": line.line_no,
                "gross": line.gross,
                "withheld": line.retained,
                "exactly": Decimal(line.retained_exact) / PARTS_OF_UNIT,
            },
        )


def _sentence(line: _Withheld) -> str:
    withheld = money(abs(line.retained), line.currency)
    gross = money(abs(line.gross), line.currency)
    if line.credits is None:
        return (
            f"Of the {gross} with tax of line {line.line_no} of {line.number},"
            f" {withheld} are withheld until they are released; rounded on the running"
            " total of the contract, and no more than retainers leave to be paid."
        )
    return (
        f"{line.number} credits {gross} of {line.credits}; the share of it that was"
        f" withheld, {withheld}, is withheld no longer."
    )
