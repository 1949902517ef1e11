"""Hold a document as its customer gets it: frozen, with every figure it shows.

Amounts are minor units of the document's currency. Those of a credit note are positive
here, as documents of their own kind say them; in the books they are negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import Currency


class Kind(StrEnum):
    """Name what a line bills."""

    TIME = "time"
    EXPENSE = "expense"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Hold who sends or gets a document, as known when it was issued."""

    id: str
    name: str
    country: str
    tax_id: str | None = None
    street: str | None = None
    city: str | None = None
    postal_code: str | None = None
    region: str | None = None
    email: str | None = None
    phone: str | None = None
    registration_number: str | None = None
    endpoint_id: str | None = None
    endpoint_scheme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Hold who bills: the party, where it is paid, and how its documents look."""

    party: Party
    iban: str | None = None
    bic: str | None = None
    logo: bytes | None = None
    accent_colour: str | None = None
    footer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTreatment:
    """Hold how a line is taxed: the code and reason of the tax rule, and its rate."""

    rule: str
    code: str
    rate_ppm: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Hold what stands behind a line: one entry, expense or milestone.

    `net` is its part of the line; all parts of a line sum to it.
    """

    dated: date
    person: str
    project: str
    task: str
    entry: str
    note: str
    seconds: int
    net: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """Hold one line: what it bills, since and until which day, and its amounts.

    The price is `rate_amount` / `rate_seconds` per second in 1/10000 minor units; a
    line `by_hand` has an amount that a person set instead. No treatment: not taxed.
    """

    number: int
    kind: Kind
    name: str
    first_day: date
    last_day: date
    seconds: int
    rate_amount: int
    rate_seconds: int
    by_hand: bool
    net: int
    tax: int
    treatment: TaxTreatment | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxGroup:
    """Hold the sums of one tax treatment of a document."""

    treatment: TaxTreatment | None
    net: int
    tax: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """Name the invoice that a credit note takes back."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Hold what an invoice sets off of an earlier one that was billed in advance."""

    number: str
    gross: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDocument:
    """Hold an invoice or credit note as its customer gets it.

    `paid` was paid in advance, `advances` are parts of that. `retained` is what the
    customer withholds until it is released, of a credit note what is withheld no
    longer. `entity_tax` is the tax in minor units of the entity's currency, as it was
    booked.
    """

    kind: DocumentKind
    number: str
    issued_on: date
    due_on: date
    currency: Currency
    seller: Seller
    buyer: Party
    contract: str
    purchase_order: str | None
    credited: Credited | None
    lines: tuple[DocumentLine, ...]
    paid: int
    entity_currency: Currency
    entity_tax: int
    retained: int = 0
    advances: tuple[Advance, ...] = ()

    @property
    def is_credit(self) -> bool:
        """Tell whether it takes something back."""
        return self.kind is DocumentKind.CREDIT_NOTE

    @property
    def net(self) -> int:
        """Return the sum of the lines without tax."""
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
    def payable(self) -> int:
        """Return what is still to be paid of the total."""
        return self.total - self.paid

    @property
    def due_now(self) -> int:
        """Return what is to be paid by its date; what is withheld is due later."""
        return self.payable if self.is_credit else self.payable - self.retained

    @property
    def first_day(self) -> date:
        """Return the first day of what it bills."""
        return min(line.first_day for line in self.lines)

    @property
    def last_day(self) -> date:
        """Return the last day of what it bills."""
        return max(line.last_day for line in self.lines)

    @property
    def evidence(self) -> Sequence[tuple[DocumentLine, Evidence]]:
        """Return what stands behind the lines, each with its line."""
        return [(line, one) for line in self.lines for one in line.evidence]
