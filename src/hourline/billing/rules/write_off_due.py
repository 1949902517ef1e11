"""Rule: what is given up of an invoice leaves the receivable as it is carried.

A write-off takes its share to date of what the receivable is carried at, the last one
the remainder, so no exchange difference comes of it. A credit of the invoice lowers
what is due first; what it takes beyond that was not all paid: it takes back what was
given up before anything goes to retainers or to the customer.
"""

from dataclasses import dataclass

from hourline.billing.model import Movement
from hourline.billing.rules.shares import share_to_date
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """Hold an amount given up in the invoice's currency, and in the entity's."""

    amount: int
    entity_amount: int


NOTHING = WrittenOff(0, 0)


def write_off_due(
    amount: int, *, due: int, entity_due: int, rounding: Rounding
) -> WrittenOff | None:
    """Return what giving up an amount of what is due does; None where it is too much.

    It is too much above what is due, and where it is nothing or less.
    """
    if not 0 < amount <= due:
        return None
    return WrittenOff(amount, share_to_date(entity_due, amount, due, rounding=rounding))


def taken_back(
    gross: int, *, due: int, standing: WrittenOff, rounding: Rounding
) -> WrittenOff:
    """Return what a credit takes back of what was given up and still stands.

    `due` is from before the credit.
    """
    amount = min(gross - max(0, due), standing.amount)
    if amount <= 0:
        return NOTHING
    entity_amount = share_to_date(
        standing.entity_amount, amount, standing.amount, rounding=rounding
    )
    return WrittenOff(amount, entity_amount)


def write_off_movement(written_off: WrittenOff, *, back: bool = False) -> Movement:
    """Return Dr write_off / Cr receivable, or the other way round."""
    debit, credit = Role.WRITE_OFF, Role.RECEIVABLE
    return Movement(
        part=0,
        effect=Effect.WRITE_OFF,
        debit=credit if back else debit,
        credit=debit if back else credit,
        amount=written_off.amount,
        entity_amount=written_off.entity_amount,
    )
