"""Hold the values of billing: assembled invoices, documents, credits and dues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from hourline.billing.booked import Document, Movement
from hourline.billing.open_item import WHOLE_PPM, AmountKind, OpenItem, Party
from hourline.billing.rules.accrual import Accrual, worth_of_time
from hourline.kernel.codes import DocumentKind

__all__ = [
    "WHOLE_PPM",
    "Adjustment",
    "AmountKind",
    "Assembled",
    "AssembledLine",
    "Because",
    "CreditLine",
    "CreditedLine",
    "Document",
    "InvoicedLine",
    "Issued",
    "Movement",
    "NothingToBill",
    "OpenItem",
    "Party",
    "Terms",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Hold who decided something and why, as the audit chain keeps it."""

    actor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Say what is billed of one entry: so many `seconds`, or all for an `amount`.

    What is left out by seconds becomes non-billable; the amount is in minor units of
    the contract's currency and changes the price, not the time.
    """

    entry_no: int
    seconds: int | None = None
    amount: int | None = None
    because: Because

    def __post_init__(self) -> None:
        """Refuse both measures, none, and less than nothing."""
        if (self.seconds is None) == (self.amount is None):
            raise ValueError("An adjustment is by hours or by amount.")
        if min(self.seconds or 0, self.amount or 0) < 0:
            raise ValueError("An adjustment is of nothing or more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Hold the terms of one bill: what is billed through which day, dated when."""

    contract_no: int
    through: date
    invoice_date: date
    adjustments: tuple[Adjustment, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two adjustments of one entry."""
        entry_nos = [one.entry_no for one in self.adjustments]
        if len(set(entry_nos)) < len(entry_nos):
            raise ValueError("An entry is adjusted once on an invoice.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledLine:
    """Hold one line of an invoice to be: its item, its amounts in minor units.

    `net_at_rate` is what an amount set by hand replaced; `group` which of the invoices
    of its customer it is on.
    """

    line_no: int
    item: OpenItem
    net: int
    tax_rate_ppm: int
    tax: int
    accrual_reversed: int
    accrual_reversed_entity: int
    net_at_rate: int | None = None
    group: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """Hold what one bill gives; it changes nothing until it is issued.

    It is an invoice, or one for each of several customers of the contract, whose ids
    are `customer_ids`, and for each line or project where its contract says so.
    `left_out` are the items that become non-billable in part or whole with it.
    """

    terms: Terms
    entity_no: int
    currency: str
    lines: tuple[AssembledLine, ...]
    left_out: tuple[OpenItem, ...] = ()
    customer_ids: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_shared(self) -> bool:
        """Tell whether several customers are billed."""
        return len(self.customer_ids) > 1

    def customer_of(self, line: AssembledLine) -> str:
        """Return the id of the customer that a line bills."""
        return self.customer_ids[line.item.customer_no or 0]

    @property
    def invoices(self) -> dict[tuple[int, int], tuple[AssembledLine, ...]]:
        """Return the lines of each invoice, by customer and group, in their order."""
        found: dict[tuple[int, int], tuple[AssembledLine, ...]] = {}
        for line in self.lines:
            key = line.item.customer_no or 0, line.group
            found[key] = (*found.get(key, ()), line)
        return found

    @property
    def is_split(self) -> bool:
        """Tell whether a customer gets several invoices."""
        return len({line.group for line in self.lines}) > 1

    def invoice_of(self, line: AssembledLine) -> int:
        """Return which of the invoices a line is on, counted from 1."""
        return list(self.invoices).index((line.item.customer_no or 0, line.group)) + 1

    @property
    def works(self) -> int:
        """Return how many works are billed, however many customers share them."""
        return len({line.item.work for line in self.lines})

    @property
    def net(self) -> int:
        """Return the sum of the lines' net amounts."""
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        """Return the sum of the lines' taxes."""
        return sum(line.tax for line in self.lines)

    @property
    def total(self) -> int:
        """Return net and tax together."""
        return self.net + self.tax

    @property
    def seconds(self) -> int:
        """Return the seconds that are billed, however many customers share them."""
        billed: dict[tuple[int | str | None, ...], int] = {}
        for line in self.lines:
            work, seconds = line.item.work, line.item.seconds
            billed[work] = max(billed.get(work, 0), seconds)
        return sum(billed.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """Hold what was issued; the amounts of a credit note are negative.

    `further` are the further invoices of one bill, to other customers of the contract
    or for other lines or projects of it.
    """

    document_no: int
    kind: DocumentKind
    number: str
    contract_no: int
    entity_no: int
    customer_no: int
    currency: str
    net: int
    tax: int
    total: int
    lines: int
    further: tuple["Issued", ...] = ()

    @property
    def all(self) -> tuple["Issued", ...]:
        """Return it with those that one bill issued to further customers."""
        return (self, *self.further)


@dataclass(frozen=True, slots=True)
class NothingToBill:
    """Say that a contract has no open items through a day."""

    contract_no: int
    through: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """Ask for a credit of one entry or one milestone of an invoice.

    By `seconds` or by `amount` (minor units, positive); with neither, all that is left.
    `contract_line_no` tells milestones of equal ids apart.
    """

    entry_no: int | None = None
    milestone: str | None = None
    contract_line_no: int | None = None
    seconds: int | None = None
    amount: int | None = None

    def __post_init__(self) -> None:
        """Refuse a request that names not exactly one thing, or no quantity of it."""
        if (self.entry_no is None) == (self.milestone is None):
            raise ValueError("A credit line names an entry or a milestone.")
        if self.seconds is not None and self.amount is not None:
            raise ValueError("A credit line is by seconds or by amount, not by both.")
        if self.milestone is not None and self.seconds is not None:
            raise ValueError("A milestone is credited by amount; it has no seconds.")
        if (self.seconds or self.amount or 1) < 1 or 0 in (self.seconds, self.amount):
            raise ValueError("A credit is of more than nothing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedLine:
    """Hold a line of an issued invoice and what was credited of it, as positives.

    `retained` is what the customer withheld of it at its issue, and `_exact` the same
    in 1/10000 minor units before rounding.
    """

    line_no: int
    contract_line_no: int
    entry_no: int | None
    revision: int | None
    part: int | None
    milestone: str | None
    project_no: int | None
    person_no: int | None
    seconds: int
    rate_amount: int
    rate_seconds: int
    net: int
    tax_rule_no: int | None
    tax_rate_ppm: int
    tax: int
    description: str
    entity_net: int
    credited_seconds: int
    credited_net: int
    credited_tax: int
    credited_entity_net: int
    seconds_total: int
    seconds_billed: int
    accrued: int
    accrued_entity: int
    amount_total: int = 0
    amount_billed: int = 0
    units: int = 0
    credited_units: int = 0
    units_total: int = 0
    units_billed: int = 0
    seconds_given_up: int = 0
    units_given_up: int = 0
    seconds_allotted: int = 0
    units_allotted: int = 0
    net_at_rate: int | None = None
    credited_net_at_rate: int = 0
    deferred: bool = False
    in_position: bool = False
    kind: int = AmountKind.MILESTONE
    share_ppm: int = WHOLE_PPM
    weight_uneven: int = 0
    net_drawn: int = 0
    tax_drawn: int = 0
    entity_net_drawn: int = 0
    retained: int = 0
    retained_exact: int = 0
    credited_retained: int = 0
    credited_retained_exact: int = 0

    @property
    def is_retainer(self) -> bool:
        """Tell whether later invoices draw it."""
        return self.milestone is not None and self.kind == AmountKind.RETAINER

    @property
    def units_left(self) -> int:
        """Return the units of an expense not credited yet."""
        return self.units - self.credited_units

    @property
    def settled(self) -> tuple[Fraction | int, int]:
        """Return what of its work or milestone accrues no longer, and of how much.

        Time in seconds, an expense in its units, a milestone in money; what is open
        for some customers counts by their shares.
        """
        if self.milestone is not None:
            return self.amount_billed, self.amount_total
        settled = (
            self.seconds_billed
            + self.units_billed
            - Fraction(self.weight_uneven, WHOLE_PPM)
            + self.seconds_given_up
            + self.units_given_up
            + self.seconds_allotted
            + self.units_allotted
        )
        return settled, self.seconds_total + self.units_total

    @property
    def accrual(self) -> Accrual:
        """Return what the whole of its work or milestone accrued."""
        return Accrual(
            amount=self.accrued,
            entity=self.accrued_entity,
            whole=self.settled[1],
            exact=worth_of_time(
                self.seconds_total,
                rate_amount=self.rate_amount,
                rate_seconds=self.rate_seconds,
            ),
            shared=self.share_ppm != WHOLE_PPM,
        )

    @property
    def seconds_left(self) -> int:
        """Return the seconds not credited yet."""
        return self.seconds - self.credited_seconds

    @property
    def net_left(self) -> int:
        """Return the net amount not credited yet; of a retainer, nor drawn."""
        return self.net - self.credited_net - self.net_drawn

    @property
    def live(self) -> bool:
        """Tell whether something of the line still stands."""
        return self.seconds_left > 0 or self.units_left > 0 or self.net_left != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedLine:
    """Hold how much of an invoice line a credit note takes back, as positives.

    `accrued_again` and `accrued_again_entity` are what its work accrues once more;
    `retained` is what is no longer withheld, and exactly so in 1/10000 of that.
    """

    line: InvoicedLine
    seconds: int
    net: int
    units: int = 0
    tax: int = 0
    accrued_again: int = 0
    accrued_again_entity: int = 0
    retained: int = 0
    retained_exact: int = 0

    @property
    def ends(self) -> bool:
        """Tell whether nothing of the invoice line stands after this credit."""
        return self.seconds == self.line.seconds_left and self.net == self.line.net_left
