"""Read a document's line with what its amount came of: total, shares, tax, books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from hourline.billing.model import WHOLE_PPM
from hourline.billing.rules.running_total import RunningTotal
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind, Effect, Role
from hourline.kernel.quantity import value_of

QUERIES = load_queries(__package__)
# Seconds, rate amount and seconds, share; then of an expense its units, its exact
# worth as numerator and denominator, and of how many units that is.
Worth: TypeAlias = tuple[int, int, int, int, int, str | None, str | None, int | None]


@dataclass(frozen=True, slots=True)
class BilledLine:
    """Hold an invoice or credit line; amounts are minor units.

    `worth_before`, `amounts_before` and `net_before` are what the contract line was
    billed before its work, `item_worth` and `item_net` what all its customers are
    billed of it in one go. `rate_net` and `rate_tax` are of all lines of its document
    at the same rate of tax. `entity_net` is what the line moved in the books.
    """

    part: int | None
    number: str
    kind: int
    invoice_date: date
    accounting_date: date
    change_no: int
    document_no: int
    line_no: int
    contract_no: int
    contract_line: str
    customer: str
    milestone: str | None
    amount_total: int | None
    seconds: int
    units: int
    rate_amount: int
    rate_seconds: int
    share_ppm: int
    worth_numerator: Decimal | None
    worth_denominator: Decimal | None
    worth_units: int | None
    net: int
    net_at_rate: int | None
    tax: int
    tax_rate_ppm: int
    tax_rule: str | None
    currency: int
    entity_no: int
    credits_number: str | None
    credits_line_no: int | None
    credited_date: date | None
    credited_change_no: int | None
    entity_net: int
    worth_before: list[Worth]
    amounts_before: int
    net_before: int
    item_worth: list[Worth]
    item_net: int
    item_lines: int
    item_share_ppm: int
    item_is_even: bool
    rate_lines: int
    rate_net: int
    rate_tax: int
    retainer: str | None
    retainer_date: date | None
    retainer_change_no: int | None
    is_netted: bool
    tax_engine: str | None
    tax_reference: str | None

    @property
    def is_credit(self) -> bool:
        """Say whether it takes off what an invoice billed."""
        return self.kind == DocumentKind.CREDIT_NOTE

    @property
    def is_shared(self) -> bool:
        """Say whether its customer pays a share of the work only."""
        return self.share_ppm != WHOLE_PPM

    @property
    def is_split(self) -> bool:
        """Say whether the work is billed to all its customers in one go, alike."""
        return self.item_is_even and self.item_share_ppm == WHOLE_PPM

    @property
    def stored_step(self) -> int:
        """Give what the line's own part of the running total's step is stored as."""
        return self.net if self.net_at_rate is None else self.net_at_rate

    @property
    def total_before(self) -> RunningTotal:
        """Give what the contract line was billed before the work."""
        exact = sum(map(worth_of, self.worth_before), Fraction(self.amounts_before))
        return RunningTotal(exact, self.net_before)

    @property
    def item_exact(self) -> Fraction:
        """Give the exact worth of what all customers are billed of the work now."""
        if self.milestone is not None:
            return Fraction(self.item_net)
        return sum(map(worth_of, self.item_worth), Fraction(0))

    @property
    def share(self) -> Fraction:
        """Give what its customer pays of the work."""
        return Fraction(self.share_ppm, WHOLE_PPM)


def worth_of(worth: Sequence[int | str | None]) -> Fraction:
    """Return the exact worth of a `Worth` as it comes from the database."""
    seconds, rate_amount, rate_seconds, share_ppm, units, up, down, of = worth
    exact = value_of(
        int(seconds or 0),
        rate_amount=int(rate_amount or 0),
        rate_seconds=int(rate_seconds or 1),
    )
    if up is not None and down is not None and of:
        exact += Fraction(up) / Fraction(down) * Fraction(int(units or 0), int(of))
    return exact * Fraction(int(share_ppm or 0), WHOLE_PPM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """Name what is billed: an entry's revision, or an amount of a contract line."""

    entry: tuple[int, int] | None = None
    amount: tuple[int, str] | None = None

    @property
    def asked(self) -> dict[str, object]:
        """Give the parameters of queries about it."""
        entry_no, revision = self.entry or (None, None)
        contract_line_no, milestone = self.amount or (None, None)
        return {
            "entry_no": entry_no,
            "revision": revision,
            "contract_line_no": contract_line_no,
            "milestone": milestone,
        }


def billed_lines(session: Session, billed: Billed) -> list[BilledLine]:
    """Return the document lines of what is billed, in order of the documents."""
    return session.all(
        QUERIES["billed_lines"],
        BilledLine,
        **billed.asked,
        invoice=int(DocumentKind.INVOICE),
        cause_invoice=int(Cause.INVOICE),
        cause_credit_note=int(Cause.CREDIT_NOTE),
        effect_sale=int(Effect.SALE),
        effect_recognition=int(Effect.RECOGNITION),
        role_receivable=int(Role.RECEIVABLE),
    )
