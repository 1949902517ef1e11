"""Hold what is open to bill: portions of work, and amounts billed as they are."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from hourline.billing.rules.accrual import Accrual, worth_of_time
from hourline.kernel.quantity import value_of

# A share of the whole, in millionths.
WHOLE_PPM = 1_000_000


class AmountKind(IntEnum):
    """Name the amounts that are billed as they are, without time."""

    MILESTONE = 1
    RETAINER = 2
    RECURRING_MONTH = 3
    PREPAID_BLOCK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Hold one customer that an item is billed to, with its share and its tax.

    `ahead` is what is billed to it of work beyond the one that was billed least, in
    seconds or units. Of an amount `amount_open` is its own part, where that was split
    before. One of the parties takes the difference of rounding.
    """

    customer_no: int
    tax_rule_no: int | None = None
    tax_rate_ppm: int = 0
    share_ppm: int = WHOLE_PPM
    takes_difference: bool = True
    ahead: int = 0
    amount_open: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """Hold billable work or a reached milestone that is not billed yet, or in part.

    Either a portion (`entry_no`, `revision`, `part`) with open seconds, or open units
    where it is an expense, or a milestone with an open amount. Amounts are minor units
    of the contract's currency, the price is `rate_amount` / `rate_seconds` per second
    in 1/10000 minor units. An expense has a unit for each of its rounded amount, and
    each is worth `unit_numerator` / `unit_denominator` exactly.
    `accrued` and `accrued_entity` are what the whole portion accrued at approval, or
    what of an opening amount was taken over as work in progress; `opening` describes
    such an amount, which is a milestone of the old books.
    `value` is the whole portion at its bill rate; `seconds_given_up`, of an expense
    `units_given_up`, were written off or left out of earlier invoices; what is
    `_allotted` is prepaid or over a limit. What a person adjusted is `seconds_left_out`
    of this invoice, or the `net_by_hand` of its line.

    Several customers may have been billed more or less of it: `uneven` is what is
    billed to one and open for another, `weight_uneven` what is open so by the shares,
    in millionths. It is `shared` where the contract has several. Once it is shared out,
    `customer_no` says who is billed `share_ppm`.

    What is `deferred` credits the contract's liability or asset instead of revenue. A
    month of a recurring fee says for which days it is, and the fee of a whole month.
    """

    contract_line_no: int
    entry_no: int | None
    revision: int | None
    part: int | None
    milestone: str | None
    dated: date
    approved_at: datetime
    source_id: str
    project_no: int | None
    person_no: int | None
    tax_rule_no: int | None
    currency: int
    seconds_total: int
    seconds_billed: int
    rate_amount: int
    rate_seconds: int
    amount_open: int
    accrued: int
    accrued_entity: int
    amount_total: int = 0
    opening: str | None = None
    units_total: int = 0
    units_billed: int = 0
    unit_numerator: Decimal = Decimal(0)
    unit_denominator: Decimal = Decimal(1)
    value: int = 0
    seconds_given_up: int = 0
    units_given_up: int = 0
    seconds_allotted: int = 0
    units_allotted: int = 0
    seconds_left_out: int = 0
    net_by_hand: int | None = None
    kind: int = AmountKind.MILESTONE
    uneven: int = 0
    weight_uneven: int = 0
    customer_no: int | None = None
    share_ppm: int = WHOLE_PPM
    takes_difference: bool = True
    shared: bool = False
    deferred: bool = False
    fee_from: date | None = None
    fee_through: date | None = None
    fee_monthly: int = 0

    @property
    def settled(self) -> tuple[Fraction | int, int]:
        """Return what accrues no longer, billed or given up before, and of how much.

        Time in seconds, an expense in its units, a milestone in money; what is open
        for some customers counts by their shares.
        """
        if self.milestone is not None:
            return self.amount_total - self.amount_open, self.amount_total
        settled = (
            self.seconds_billed
            + self.units_billed
            + self.uneven
            - Fraction(self.weight_uneven, WHOLE_PPM)
            + self.seconds_given_up
            + self.units_given_up
            + self.seconds_allotted
            + self.units_allotted
        )
        return settled, self.seconds_total + self.units_total

    @property
    def worth(self) -> Fraction | None:
        """Return the exact worth of all its time; None of what has an amount only."""
        return worth_of_time(
            self.seconds_total,
            rate_amount=self.rate_amount,
            rate_seconds=self.rate_seconds,
        )

    @property
    def accrual(self) -> Accrual:
        """Return what the whole of it accrued."""
        return Accrual(
            amount=self.accrued,
            entity=self.accrued_entity,
            whole=self.settled[1],
            exact=self.worth,
            shared=self.shared,
        )

    @property
    def work(self) -> tuple[int | str | None, ...]:
        """Return what tells items apart, whoever is billed."""
        portion = (self.entry_no, self.revision, self.part)
        return (*portion, self.contract_line_no, self.milestone)

    @property
    def is_retainer(self) -> bool:
        """Tell whether it is billed before it is earned, for later invoices to draw."""
        return self.milestone is not None and self.kind == AmountKind.RETAINER

    @property
    def measure(self) -> int:
        """Return what is to bill now, in the measure of `settled`."""
        if self.milestone is not None:
            return self.amount_open
        return self.seconds + self.units

    @property
    def seconds(self) -> int:
        """Return the seconds to bill now; a milestone and an expense have none."""
        settled = self.seconds_billed + self.seconds_given_up + self.seconds_allotted
        return self.seconds_total - settled - self.seconds_left_out

    @property
    def is_listed(self) -> bool:
        """Tell whether it is a line of the invoice; work left out whole is none."""
        return self.seconds > 0 or self.seconds_left_out == 0

    @property
    def units(self) -> int:
        """Return the units of an expense still to bill; all else has none."""
        settled = self.units_billed + self.units_given_up + self.units_allotted
        return self.units_total - settled

    @property
    def exact(self) -> Fraction:
        """Return the exact amount still to bill, in minor units."""
        if self.milestone is not None:
            return Fraction(self.amount_open)
        if self.units_total:
            worth = Fraction(self.unit_numerator) / Fraction(self.unit_denominator)
            return worth * self.units
        return value_of(
            self.seconds,
            rate_amount=self.rate_amount,
            rate_seconds=self.rate_seconds,
        )
