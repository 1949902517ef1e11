"""Find which legal entities make a group, and refuse a group that has no currency."""

from dataclasses import dataclass
from datetime import date

from hourline.kernel.money import Currency, Rounding, currency_of
from hourline.master.model import EntityGroup
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.places import stated_currency
from hourline.master.snapshot.view import Snapshot


@dataclass(frozen=True, slots=True)
class GroupInForce:
    """Hold a group on a day: its currency, its rounding, and who belongs to it."""

    id: str
    currency: Currency
    rounding: Rounding
    entity_nos: tuple[int, ...]


class GroupNotKnown(LookupError):
    """Say which group there is not, or that one of several has to be named."""


def refuse_unclear_groups(kept: Catalogue) -> None:
    """Raise UnusableRecord for a group whose currency ISO 4217 does not know."""
    groups = kept.of_kind(EntityGroup.kind)
    for span in groups.spans:
        stated_currency(EntityGroup.kind, groups.id_of(span), span.content.currency)


def group_in_force(snapshot: Snapshot, name: str | None, on: date) -> GroupInForce:
    """Return a group as it is on a day; without a name the only one there is.

    Its entities are those that say on that day that they belong to it. Raises
    GroupNotKnown.
    """
    groups = snapshot.catalogue.of_kind(EntityGroup.kind)
    dated = {
        groups.id_of(span): span.content
        for span in groups.spans
        if span.effective_from <= on < span.effective_until
    }
    if name is None and len(dated) == 1:
        (name,) = dated
    if name is None or name not in dated:
        there = ", ".join(sorted(dated)) or "none"
        asked = "one group has to be named" if name is None else f"no group {name}"
        msg = f"{asked} on {on}; there are: {there}"
        raise GroupNotKnown(msg)
    entities = snapshot.catalogue.entities
    return GroupInForce(
        name,
        currency_of(dated[name].currency),
        Rounding[dated[name].money_rounding.upper()],
        tuple(
            entities.nos[span.dense]
            for span in entities.spans
            if span.effective_from <= on < span.effective_until
            and span.content.group == name
        ),
    )
