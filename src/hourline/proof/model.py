"""Hold the values of a comparison: what was compared, what differs, what it sums to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from hourline.kernel.booked import BookedDocument
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem

Documents = tuple[BookedDocument, ...]


class Result(StrEnum):
    """Name what a comparison of documents can come to."""

    AGREES = "agrees"
    REGROUPED = "regrouped"
    DIFFERS = "differs"
    ONLY_OURS = "only_ours"
    ONLY_THEIRS = "only_theirs"


# What two systems may do differently and still have the same books.
AGREEING = frozenset({Result.AGREES, Result.REGROUPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Say how far two documents may lie apart and still be taken for the same one.

    A tolerance finds the partner of a document; it never makes a difference agree.
    """

    days: int = 5
    percent: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Say at which instant what is compared: how far, for which accounting dates.

    Without days it is everything since the first document; `until` is exclusive.
    """

    at: datetime
    since: date | None = None
    until: date | None = None
    tolerance: Tolerance = Tolerance()
    ready_days: int = 30


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold why a difference is right as it is, and who says so."""

    difference: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class FieldBreak:
    """Say in what two documents differ, with the words of both sides."""

    name: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Hold the documents of both sides that no rule has brought together yet."""

    ours: Documents
    theirs: Documents


@dataclass(frozen=True, slots=True)
class Match:
    """Hold documents of both sides that are taken for the same booking."""

    ours: Documents
    theirs: Documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Hold what became of one booking; one side is empty where the other stands alone.

    `second_of` names the document that one of theirs looks like a second booking of.
    """

    result: Result
    ours: Documents
    theirs: Documents
    breaks: tuple[FieldBreak, ...] = ()
    second_of: str | None = None

    @property
    def home(self) -> BookedDocument:
        """Return the document by whose date and kind the booking is counted: ours."""
        return (*self.ours, *self.theirs)[0]

    @property
    def agrees(self) -> bool:
        """Say whether both sides have the same in their books."""
        return self.result in AGREEING


@dataclass(frozen=True, slots=True, order=True)
class KindPlace:
    """Name an entity, kind of document, month and currency."""

    entity: str
    kind: DocumentKind
    month: str
    currency: str


@dataclass(frozen=True, slots=True, order=True)
class AccountPlace:
    """Name an entity, ledger account, month and currency."""

    entity: str
    account: str
    month: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTotal:
    """Hold how many documents of a place there are on both sides, and their sums."""

    place: KindPlace
    ours_count: int
    theirs_count: int
    ours: Decimal
    theirs: Decimal

    @property
    def difference(self) -> Decimal:
        """Return theirs less ours."""
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTotal:
    """Hold debit less credit of an account on both sides."""

    place: AccountPlace
    ours: Decimal
    theirs: Decimal

    @property
    def difference(self) -> Decimal:
        """Return theirs less ours."""
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Say how far a comparison is from letting Hourline take over.

    It is ready when something was compared in the days looked at and nothing of them
    is left without an explanation.
    """

    documents: int
    agreeing: int
    unexplained: int
    oldest_unexplained: date | None
    recent: int
    recent_unexplained: int
    days: int

    @property
    def ready(self) -> bool:
        """Say whether the old integration can be switched off, as far as this shows."""
        return self.recent > 0 and self.recent_unexplained == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksSeen:
    """Say as of when the books of a kind were read, and which days are compared.

    `problem` says why they could not be read now; without any reading, and where the
    connector shows no such books, nothing of the kind is compared.
    """

    kind: DocumentKind
    shown: bool
    ours: int
    read_at: datetime | None = None
    since: date | None = None
    until: date | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Hold one booking of a report, and why its difference is right if it is."""

    compared: Compared
    difference: str | None
    explanation: Explanation | None

    @property
    def is_open(self) -> bool:
        """Say whether both sides differ and nobody has said why."""
        return self.difference is not None and self.explanation is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowReport:
    """Hold the comparison with one connection."""

    connection: str
    kept_since: datetime | None
    since: date
    until: date
    books: tuple[BooksSeen, ...]
    listed: tuple[Listed, ...]
    kinds: tuple[KindTotal, ...]
    accounts: tuple[AccountTotal, ...]
    standing: Standing

    @property
    def complete(self) -> bool:
        """Say whether the books of every kind that is shown could be read."""
        return all(
            seen.read_at is not None and seen.problem is None
            for seen in self.books
            if seen.shown
        )

    @property
    def ready(self) -> bool:
        """Say whether the old integration can be switched off, as far as seen."""
        return self.complete and self.standing.ready


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossChargedPair:
    """Hold what a person's department charged a project's, as the ledger has it.

    `amount` is in minor units of the entity's currency.
    """

    entity: str
    person_department: str
    project_department: str
    currency: int
    seconds: int
    amount: int
