"""Describe the actions that Hourline adds to the format."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

import msgspec

from hourline.scenarios.format.figures import (
    SECONDS_PER_HOUR,
    Currency,
    Figure,
    whole_seconds,
)
from hourline.scenarios.format.given import RightRow
from hourline.scenarios.format.period_steps import AcceptLate, Into, OverrideLock
from hourline.scenarios.format.rows import Row


class Revalue(Row, frozen=True, kw_only=True):
    """Receivables in foreign currencies are valued at the rates of a day."""

    entity: str
    through: date
    into_soft_closed: Into | None = None


class VendorBillLine(Row, frozen=True, kw_only=True):
    """Hours of a person on a project that a vendor bills, by rate or by amount."""

    person: str
    project: str
    starts: date = msgspec.field(name="from")
    ends: date = msgspec.field(name="until")
    hours: Figure
    rate: Figure | None = None
    amount: Figure | None = None

    def __post_init__(self) -> None:
        if (self.rate is None) == (self.amount is None):
            raise ValueError("expected one of rate and amount")
        if self.starts >= self.ends:
            raise ValueError(f"expected until after from, found {self.ends}")
        if min(self.rate or 0, self.amount or 0) < 0:
            raise ValueError("expected a figure of 0 or more")
        _ = self.billed_seconds

    @property
    def billed_seconds(self) -> int:
        """Return the hours in seconds."""
        return whole_seconds(self.hours, SECONDS_PER_HOUR)


class VendorBill(Row, frozen=True, kw_only=True):
    """A vendor bills for the work of its people."""

    id: str
    vendor: str
    entity: str
    billed_on: date = msgspec.field(name="date")
    currency: Currency | None = None
    lines: tuple[VendorBillLine, ...]

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("expected at least one line")


class Postpone(Row, frozen=True, kw_only=True):
    """An entry is left out of the next invoice of its contract."""

    entry: str


class Transfer(Row, frozen=True, kw_only=True):
    """An entry, or so much of its time or money, is transferred to another project."""

    entry: str
    project: str
    hours: Figure | None = None
    amount: Figure | None = None

    def __post_init__(self) -> None:
        if self.hours is not None and self.amount is not None:
            raise ValueError("expected hours of time, or an amount of an expense")
        for figure in (self.hours, self.amount):
            if figure is not None and figure <= 0:
                raise ValueError(f"expected a part above 0, found {figure}")
        _ = self.seconds

    @property
    def seconds(self) -> int | None:
        """Return the hours to transfer in seconds; None for all of the entry."""
        if self.hours is None:
            return None
        return whole_seconds(self.hours, SECONDS_PER_HOUR)


class Reprice(Row, frozen=True, kw_only=True):
    """Open work is decided anew under the terms in force, as a second person agrees."""

    contract: str | None = None
    project: str | None = None
    person: str | None = None
    starts: date | None = msgspec.field(name="from", default=None)
    ends: date | None = msgspec.field(name="until", default=None)


class Correct(Reprice, frozen=True, kw_only=True):
    """The same is done to many entries, as a second person agrees."""

    act: Literal["reprice", "transfer", "write_off", "hold", "postpone", "release"]
    to: str | None = None
    entries: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if (self.act == "transfer") != (self.to is not None):
            raise ValueError("expected the field to for a transfer, and for it alone")
        work = (self.contract, self.project, self.person, self.starts, self.ends)
        if self.entries is not None and any(work):
            raise ValueError("expected entries, or fields of their work; found both")


class Cancel(Row, frozen=True, kw_only=True):
    """An invoice is cancelled whole."""

    invoice: Literal["last"] | int
    cancel_date: date | None = msgspec.field(name="date", default=None)
    into_soft_closed: Into | None = None


class WriteOffInvoice(Row, frozen=True, kw_only=True):
    """An amount of an invoice, by default all that is due, is given up."""

    invoice: Literal["last"] | int
    amount: Figure | None = None
    dated: date = msgspec.field(name="date")
    into_soft_closed: Into | None = None


class ReleaseRetainage(Row, frozen=True, kw_only=True):
    """What customers withhold of a contract's invoices, or a part of it, is due."""

    contract: str
    dated: date = msgspec.field(name="date")
    amount: Figure | None = None
    customer: str | None = None
    into_soft_closed: Into | None = None


class GrantRight(RightRow, frozen=True, kw_only=True):
    """Two persons agree that a user has a right."""


class AcceptPrice(AcceptLate, frozen=True, kw_only=True):
    """Somebody accepts the price that was set by hand for an entry."""


class HoldMilestone(Row, frozen=True, kw_only=True):
    """A reached milestone is taken out of billing."""

    contract_line: str
    milestone: str


class ReleaseMilestone(HoldMilestone, frozen=True, kw_only=True):
    """A held milestone is put back into billing."""


class OverrideRevenue(Row, frozen=True, kw_only=True):
    """Two persons say by hand what a contract line has earned as of its last run."""

    contract_line: str
    earned: Figure


class ApproveDraft(Row, frozen=True, kw_only=True):
    """Somebody approves the open draft of a contract, as it is or as it was earlier."""

    contract: str
    by: str = "second person"


class Rebill(Row, frozen=True, kw_only=True):
    """Somebody proposes to credit what the terms in force price otherwise.

    The date is that of the draft that bills it anew.
    """

    contract: str
    dated: date = msgspec.field(name="date")
    starts: date | None = msgspec.field(name="from", default=None)
    ends: date | None = msgspec.field(name="until", default=None)


class ApproveCredit(Row, frozen=True, kw_only=True):
    """Somebody approves every credit of a contract that waits, as it is.

    The date is that of the draft that bills corrected work anew.
    """

    contract: str
    dated: date = msgspec.field(name="date")
    by: str = "second person"


AddedAction: TypeAlias = (
    Revalue
    | VendorBill
    | Cancel
    | WriteOffInvoice
    | Postpone
    | ReleaseRetainage
    | OverrideLock
    | AcceptLate
    | Transfer
    | Reprice
    | Correct
    | GrantRight
    | AcceptPrice
    | ApproveDraft
    | HoldMilestone
    | ReleaseMilestone
    | OverrideRevenue
    | Rebill
    | ApproveCredit
)

ADDED_ACTIONS: Mapping[str, type[AddedAction]] = {
    "revalue": Revalue,
    "vendor_bill": VendorBill,
    "cancel": Cancel,
    "write_off_invoice": WriteOffInvoice,
    "postpone": Postpone,
    "release_retainage": ReleaseRetainage,
    "override_lock": OverrideLock,
    "accept_late": AcceptLate,
    "transfer": Transfer,
    "reprice": Reprice,
    "correct": Correct,
    "grant_right": GrantRight,
    "accept_price": AcceptPrice,
    "approve_draft": ApproveDraft,
    "hold_milestone": HoldMilestone,
    "release_milestone": ReleaseMilestone,
    "override_revenue": OverrideRevenue,
    "rebill": Rebill,
    "approve_credit": ApproveCredit,
}
