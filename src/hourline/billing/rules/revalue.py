"""Rule: a receivable in a foreign currency is worth its due at the rate of the day.

What is due of an invoice, and what is withheld of it, are monetary items, so a period
end values them anew, each by itself; what was
invoiced in advance of work is none and keeps its rate. The difference to what the
receivable is carried at, at the rate of its invoice, is an exchange difference that is
not realised: it is booked at the period end and reversed on the first day of the next
month, so that a payment still realises the whole difference from the invoice's rate.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hourline.billing.model import Movement
from hourline.kernel.codes import Effect, Role
from hourline.kernel.money import Rounding, round_fraction

_DAYS_TO_A_LATER_MONTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignReceivable:
    """Hold what an invoice has on receivable, or on `role` retainage, through a day.

    `due` is in minor units of the invoice's currency; `carried`, and `revalued` which
    earlier runs of the same month added to it, are in the entity's.
    """

    document_no: int
    number: str
    contract_no: int
    currency: int
    entity_currency: int
    due: int
    carried: int
    revalued: int
    role: int = Role.RECEIVABLE


@dataclass(frozen=True, slots=True)
class Valued:
    """Hold a receivable and its value at the rate of the day, in entity currency."""

    receivable: ForeignReceivable
    value: int

    @property
    def unrealised(self) -> int:
        """Return the whole exchange difference; above zero it is a gain."""
        return self.value - self.receivable.carried

    @property
    def to_book(self) -> int:
        """Return what of the difference earlier runs of the month did not book."""
        return self.unrealised - self.receivable.revalued


def valued_at(
    receivable: ForeignReceivable, rate: Fraction, rounding: Rounding
) -> Valued:
    """Value what is due at a rate of entity for invoice minor units, rounded once."""
    return Valued(receivable, round_fraction(receivable.due * rate, rounding))


def revaluation_movements(
    amount: int, role: Role = Role.RECEIVABLE
) -> tuple[Movement, Movement]:
    """Return the booking of a difference, part 0, and its reversal, part 1.

    A gain is Dr `role` / Cr fx_gain_loss, a loss the other way round. It exists in the
    entity's currency only. The reversal is no mirror: it belongs to another month,
    so a ledger gets both.
    """
    gain, loss = (
        (role, Role.FX_GAIN_LOSS),
        (Role.FX_GAIN_LOSS, role),
    )
    sides = (gain, loss) if amount > 0 else (loss, gain)
    booked, reversed_ = (
        Movement(
            part=part,
            effect=Effect.FX,
            debit=debit,
            credit=credit,
            amount=0,
            entity_amount=abs(amount),
        )
        for part, (debit, credit) in enumerate(sides)
    )
    return booked, reversed_


def day_of_reversal(through: date) -> date:
    """Return the first day of the month after a day."""
    later = through.replace(day=1) + timedelta(days=_DAYS_TO_A_LATER_MONTH)
    return later.replace(day=1)
