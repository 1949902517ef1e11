"""Refuse percentages that customers cannot withhold of invoices."""

from collections.abc import Iterator
from decimal import Decimal

from hourline.master.model import ContractLine
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.percentages import is_share
from hourline.master.snapshot.unusable import UnusableRecord


def refuse_unclear_retainage(kept: Catalogue) -> None:
    """Raise UnusableRecord for a percentage that is out of range, too fine or of none.

    A line that bills in advance of work has nothing to withhold.
    """
    for kind, record_id, percent in _stated(kept):
        if not is_share(percent):
            raise UnusableRecord(
                kind,
                record_id,
                why=f"{percent} percent withheld is not from 0 to 100 with at most 2"
                " decimals",
                remedy="Correct the percentage; 0 withholds nothing.",
            )


def _stated(kept: Catalogue) -> Iterator[tuple[str, str, Decimal]]:
    for contract in kept.contracts.spans:
        record_id = kept.contracts.id_of(contract)
        yield "contract", record_id, contract.content.retainage_percent
    for line in kept.lines.spans:
        record_id, terms = kept.lines.id_of(line), line.content
        _refuse_in_advance(record_id, terms)
        yield "contract_line", record_id, terms.retainage_percent or Decimal(0)


def _refuse_in_advance(record_id: str, line: ContractLine) -> None:
    if line.method == "retainer" and line.retainage_percent:
        raise UnusableRecord(
            "contract_line",
            record_id,
            why="nothing is withheld of a retainer, which is billed in advance",
            remedy="Take the percentage off the line.",
        )
