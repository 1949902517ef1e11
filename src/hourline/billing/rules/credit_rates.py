"""Translate a credit of an invoice that retainers cover in part: by what it takes off.

A credit first lowers what is due, which stands at the invoice's own rate, then gives
back to retainers at theirs; only what is left is the customer's, at the average of the
invoice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hourline.billing.model import Document, Movement
from hourline.billing.rules.shares import split
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding, round_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold what of an invoice stood before a credit, in both currencies."""

    due: int
    entity_due: int
    credited: int
    credited_entity: int


def entity_credit(
    document: Document,
    standing: Standing,
    *,
    gross: int,
    given_back: tuple[int, int],
    rounding: Rounding,
) -> int:
    """Return what a credit takes off the receivable in the entity's currency.

    `given_back` is what of it lowers anything but what is due, in both currencies: what
    is withheld, what was given up, what retainers paid. The credit that is the last of
    the invoice takes the remainder.
    """
    if standing.credited + gross == document.total:
        return document.entity_total - standing.credited_entity
    lowered = min(gross - given_back[0], max(0, standing.due))
    of_due = 0
    if lowered:
        of_due = round_fraction(
            Fraction(standing.entity_due * lowered, standing.due), rounding
        )
    beyond = gross - lowered - given_back[0]
    average = Fraction(document.entity_total, document.total)
    return of_due + given_back[1] + round_fraction(beyond * average, rounding)


def spread(movements: Sequence[Movement], entity_total: int) -> list[Movement]:
    """Return a credit's movements, with what they take off the receivable spread.

    Each takes the share of the total that its amount has, by largest remainder. A
    mirror that takes off what it must is exact as it is.
    """
    moved = [one for one in movements if one.effect in (Effect.SALE, Effect.TAX)]
    signed = [
        one.amount if one.credit is Role.RECEIVABLE else -one.amount for one in moved
    ]
    whole = sum(signed)
    mirrored = sum(
        one.entity_amount if one.credit is Role.RECEIVABLE else -one.entity_amount
        for one in moved
    )
    if whole == 0 or mirrored == entity_total:
        return list(movements)
    parts = split(entity_total, [Fraction(entity_total * one, whole) for one in signed])
    shares = {
        id(one): part if one.credit is Role.RECEIVABLE else -part
        for one, part in zip(moved, parts, strict=True)
    }
    return [
        replace(one, entity_amount=shares.get(id(one), one.entity_amount))
        for one in movements
    ]
