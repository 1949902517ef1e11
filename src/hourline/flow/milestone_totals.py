"""Refuse milestones that together exceed the price of their contract line."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.transactions import snapshot_of
from hourline.infra.database import Session
from hourline.master.model import ContractLine
from hourline.master.rules.usable import excess_of_milestones
from hourline.master.snapshot import Snapshot, UnusableRecord


def lines_priced(
    session: Session, changes: Sequence[MasterChange]
) -> Mapping[str, Decimal] | None:
    """Return by how much milestones exceed their prices, None where no line changes.

    By the ids of contract lines, in major units, those that do exceed.
    """
    if all(change.kind != ContractLine.kind for change in changes):
        return None
    return _excesses(snapshot_of(session))


def refuse_more_milestones(before: Mapping[str, Decimal], after: Snapshot) -> None:
    """Raise UnusableRecord for a line whose milestones exceed its price by more.

    A price that an estimate lowered, or a smaller excess, stays as it is: what is
    reached beyond it waits by itself.
    """
    for line, excess in _excesses(after).items():
        if excess > before.get(line, Decimal(0)):
            raise UnusableRecord(
                ContractLine.kind,
                line,
                why=f"its milestones exceed its price by {excess:f}",
                remedy="Correct the milestones, or raise the price of the line.",
            )


def _excesses(snapshot: Snapshot) -> dict[str, Decimal]:
    """Return the largest excess of each line, of all the days it holds."""
    lines = snapshot.catalogue.lines
    found: dict[str, Decimal] = {}
    for span in lines.spans:
        excess = excess_of_milestones(span.content)
        if excess:
            id_ = lines.id_of(span)
            found[id_] = max(found.get(id_, excess), excess)
    return found
