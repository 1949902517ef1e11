"""Describe deliveries, the records in them and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

import msgspec

from hourline.kernel.bounds import ARRIVING_MAX
from hourline.kernel.codes import Method, Outcome
from hourline.kernel.entries import HAND_PRICE_SCALE, EntryColumns
from hourline.kernel.money import round_ratio
from hourline.kernel.problems import Problem
from hourline.kernel.quantity import WHOLE_PPM

ID_LENGTH_MAX = 300
REVISION_MAX = 2**31 - 1
PRICE_END = 10**8
# One entry may stand for a week or a month, not for more.
ENTRY_SECONDS_MAX = 31 * 86_400
# An expense costs at most a billion units of a currency with two decimals.
EXPENSE_COST_MAX = ARRIVING_MAX
MARKUP_PERCENT_MIN, MARKUP_PERCENT_MAX = -100, 1_000
WORK_DATE_FIRST = date(1990, 1, 1)
WORK_DATE_LAST = date(2100, 12, 31)

Identifier: TypeAlias = Annotated[
    str, msgspec.Meta(min_length=1, max_length=ID_LENGTH_MAX)
]
Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=ENTRY_SECONDS_MAX)]
Revision: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=REVISION_MAX)]
# An hour's price by hand: exact, and small enough that no product leaves 64 bits.
Price: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,8}(\.[0-9]{1,4})?$")]
Instant: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
Kind: TypeAlias = Literal["time", "expense"]
Status: TypeAlias = Literal["approved", "submitted", "rejected", "recalled"]
Covers: TypeAlias = Literal["everything", "people_and_projects"]
Gone: TypeAlias = Literal["report", "recall"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold one arrival: its records exactly as they came, and what identifies it.

    `whole` is what the delivery's hash is taken over. `cells` says that each record is
    a row of text cells, where an empty cell says nothing. `lines` are the places of the
    records in their file. `earlier_equals` counts, for a source without ids, what the
    same file held before this part of it. `totals` are the positions of rows that
    state totals of an export, each with what is wrong about it.
    """

    connection_no: int
    method: Method
    delivery_id: str
    received_at: datetime
    records: Sequence[bytes]
    whole: bytes
    cells: bool = False
    lines: Sequence[int] | None = None
    earlier_equals: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)


class TimeRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Be an approved time entry in the wire shape; unknown fields are passed over.

    One of kind `expense` is an ExpenseRecord.
    """

    id: Identifier
    status: Status
    person: Identifier
    project: Identifier
    date: date
    seconds: Seconds
    kind: Kind = "time"
    revision: Revision | None = None
    activity: Identifier | None = None
    hour_type: Identifier | None = None
    role: Identifier | None = None
    billable_seconds: Seconds | None = None
    price: Price | None = None
    note: str | None = None
    approved_at: Instant | None = None
    updated_at: Instant | None = None

    @property
    def changed_at(self) -> datetime | None:
        """Give the source's time of this content, where it says one."""
        return self.updated_at or self.approved_at

    @property
    def price_scaled(self) -> int | None:
        """Give the price set by hand in 1/10000 of its currency, where one is."""
        return (
            None if self.price is None else int(Decimal(self.price) * HAND_PRICE_SCALE)
        )


class ExpenseRecord(TimeRecord, frozen=True, kw_only=True, gc=False):
    """Be an approved expense: an entry of no time, with a cost.

    The cost is what was paid, in minor units of a currency by its ISO number, `tax` the
    part of it that is input tax. Where that is recoverable, `recoverable_ppm` of it, in
    millionths, is no cost: the markup, in millionths too, is on the rest. How much is
    `recovery_stated` where the source says it, or that none is.
    """

    cost: int
    currency: int
    markup_ppm: int
    tax: int = 0
    recoverable: bool = True
    recoverable_ppm: int = WHOLE_PPM
    recovery_stated: bool = False
    receipt: Identifier | None = None

    @property
    def recoverable_tax(self) -> int:
        """Give the input tax that the entity gets back, rounded half up."""
        if not self.recoverable:
            return 0
        return round_ratio(self.tax * self.recoverable_ppm, WHOLE_PPM)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Say that a record is not approved: not yet, not any more, or deleted."""

    id: str
    status: Status
    revision: int | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Say why a record is no entry: every finding of it, together.

    Another outcome than refused is of rows that are fine and still are no entry.
    """

    id: str | None
    problems: tuple[Problem, ...]
    outcome: Outcome = Outcome.REFUSED


Statement: TypeAlias = TimeRecord | Withdrawal | Unreadable


class SourceReading(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Say how records of a connection are read; the default is the wire shape.

    `fields` maps our field to a dotted name of theirs. `identity` is the recipe of a
    source without ids: fields of ours, completed by a running number among equals.
    `kind` says of what kind all records are, `kinds` translates what they call a kind.
    """

    states_revisions: bool = True
    fields: dict[str, str] = {}
    statuses: dict[str, Status] = {}
    status: Status | None = None
    kinds: dict[str, Kind] = {}
    kind: Kind | None = None
    identity: tuple[str, ...] = ()
    duration_unit: Literal["seconds", "minutes", "hours"] = "seconds"
    date_order: Literal["iso", "day_first", "month_first"] = "iso"
    decimal_mark: Literal[".", ","] = "."
    encoding: Literal["utf-8", "cp1252", "cp1250", "shift_jis", "utf-16"] = "utf-8"

    @property
    def is_wire_shape(self) -> bool:
        """Say whether records are read as they are, by the typed decoder."""
        return not (
            self.fields
            or self.statuses
            or self.status
            or self.kinds
            or self.kind
            or self.identity
            or self.duration_unit != "seconds"
        )


class ExportReading(
    SourceReading, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Say how exports of a time tool are read: its layout, and what nobody can guess.

    `words` are answers beside the built-in ones. `covers` says what an export leaves
    out at most: nothing, or whole people and projects; not said: anything.
    """

    layout: str
    person_key: Literal["name", "email"]
    approval: Literal["column", "every_row"]
    states_revisions: bool = False
    project_key: Literal["name", "code", "client_and_name"] = "name"
    words: dict[str, bool] = {}
    time_zone: str | None = None
    invoiced: Literal["refuse", "take"] = "refuse"
    gone: Gone = "report"
    covers: Covers | None = None


@dataclass(frozen=True, slots=True)
class StatedCoverage:
    """Hold what is said about an export with it; what is not said is derived.

    `exported_at` tells an export from an earlier one with the very same bytes.
    """

    first_day: date | None = None
    last_day: date | None = None
    covers: Covers | None = None
    gone: Gone | None = None
    exported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """Hold one finding and the record it is about; no position: the whole delivery."""

    position: int | None
    source_id: str | None
    problem: Problem


@dataclass(frozen=True, slots=True)
class Superseded:
    """Name a revision that stops counting: replaced, or recalled without successor."""

    entry_no: int
    revision: int
    by_revision: int | None


@dataclass(frozen=True, slots=True)
class Received:
    """Hold what a delivery changed: one outcome per record, in the order they came.

    `new` has the revision now in force of every entry that got one. `superseded` names
    each revision that stopped counting, also one that came and went within this
    delivery. `known_before` says that the delivery itself had come before. `outdated`
    has the ids of entries of which a kept record of a locked day is overtaken.
    """

    delivery_no: int
    outcomes: list[Outcome]
    source_ids: list[str | None]
    new: EntryColumns
    superseded: list[Superseded]
    problems: list[RecordProblem]
    known_before: bool = False
    refused: bool = False
    outdated: Sequence[str] = ()
