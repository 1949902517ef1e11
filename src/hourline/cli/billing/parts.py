"""Read which part of an invoice a credit names."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import click

from hourline.billing.model import CreditLine
from hourline.billing.store_listing import ListedDocument, ListedLine
from hourline.cli.desk import CannotOpen
from hourline.intake.rules.quantities import whole_seconds
from hourline.kernel.money import currency_numbered, minor_units

T = TypeVar("T")
Named = dict[str, str | Decimal | None]


def refuse_unclear(named: Named) -> None:
    """Refuse parts of nothing, and two measures or two things at once."""
    given = {name for name, value in named.items() if value is not None}
    if {"entry", "milestone"} <= given or {"hours", "amount"} <= given:
        raise click.UsageError("Name an entry or a milestone, by hours or by amount.")
    if given & {"hours", "amount"} and not given & {"entry", "milestone"}:
        raise click.UsageError("--hours and --amount are of an --entry or --milestone.")
    if {"hours", "milestone"} <= given:
        raise click.UsageError("A milestone has no hours; credit it by --amount.")


def credit_lines(
    document: ListedDocument,
    lines: Sequence[ListedLine],
    named: Named,
) -> list[CreditLine] | None:
    """Return what a credit names of an invoice; None: all of it.

    Raises CannotOpen where the invoice has nothing of that name, or several.
    """
    seconds, amount = _measures(document, named)
    if named["entry"] is not None:
        entries = {line.entry_no for line in lines if line.entry == named["entry"]}
        entry_no = _only(entries, document, f"entry {named['entry']}")
        return [CreditLine(entry_no=entry_no, seconds=seconds, amount=amount)]
    if named["milestone"] is not None:
        wanted = named["milestone"]
        found = {
            (line.contract_line_no, line.milestone)
            for line in lines
            if line.milestone is not None
            and wanted in (line.milestone, f"{line.contract_line}/{line.milestone}")
        }
        line_no, id_ = _only(found, document, f"milestone {wanted}")
        return [CreditLine(milestone=id_, contract_line_no=line_no, amount=amount)]
    return None


def _measures(document: ListedDocument, named: Named) -> tuple[int | None, int | None]:
    seconds = amount = None
    if isinstance(named["hours"], Decimal):
        seconds = whole_seconds(named["hours"], "hours")
        if seconds is None:
            raise CannotOpen(f"{named['hours']} hours are not whole seconds.")
    if isinstance(named["amount"], Decimal):
        amount = minor_units(named["amount"], currency_numbered(document.currency))
    return seconds, amount


def _only(found: set[T], document: ListedDocument, name: str) -> T:
    if not found:
        raise CannotOpen(f"{document.number} has no {name}.")
    if len(found) > 1:
        msg = f"{document.number} has more than one {name}; name it as LINE/ID."
        raise CannotOpen(msg)
    return found.pop()
