"""Refuse percentages of tax that no entity can recover."""

from collections.abc import Iterator
from decimal import Decimal

from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.percentages import is_share
from hourline.master.snapshot.unusable import UnusableRecord


def refuse_unclear_recoverable_tax(kept: Catalogue) -> None:
    """Raise UnusableRecord for a percentage that is out of range or too fine."""
    for kind, record_id, percent in _stated(kept):
        if not is_share(percent):
            raise UnusableRecord(
                kind,
                record_id,
                why=f"{percent} percent of tax recovered is not from 0 to 100 with at"
                " most 2 decimals",
                remedy="Correct the percentage; 100 recovers all of it.",
            )


def _stated(kept: Catalogue) -> Iterator[tuple[str, str, Decimal]]:
    for entity in kept.entities.spans:
        percent = entity.content.intercompany_tax_recoverable_percent
        yield "legal_entity", kept.entities.id_of(entity), percent
    for rule in kept.tax_rules.spans:
        stated = rule.content.recoverable_percent
        if stated is not None:
            yield "tax_rule", kept.tax_rules.id_of(rule), stated
