"""Prove what became of opening positions, and tell where each of them comes from."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.money import currency_numbered, round_fraction
from hourline.kernel.openings import OpeningKind
from hourline.kernel.quantity import PRICE_SCALE

QUERIES = load_queries(__package__)
OPENINGS_MAX = 500
CODES = {
    "opening": int(Effect.OPENING),
    "opening_effects": [int(Effect.OPENING), int(Effect.OPENING_TO_BOOK)],
    "cause_opening": int(Cause.OPENING),
    "cause_entry": int(Cause.ENTRY),
}


@dataclass(frozen=True, slots=True)
class OpeningSum:
    """Hold what was taken over to bill of a contract and what became of it.

    Minor units, each rounded once from its exact value; `accounted` is what is billed,
    open and reversed together.
    """

    contract: str
    currency: str
    opening: int
    billed: int
    open_to_bill: int
    reversed: int
    accounted: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Hold where an opening position comes from, and whether it was taken back."""

    position_no: int
    batch_no: int
    row_no: int
    kind: int
    reference: str
    entry_no: int | None
    revision: int | None
    contract: str
    milestone: str | None
    dated: date
    currency: int
    amount: int
    contract_asset: int
    contract_liability: int
    source: str
    cut_over: date
    file: str
    sha256: str
    proposer: str
    approver: str
    recorded_at: datetime
    proposal_no: int
    reversed_at: datetime | None
    reversed_because: str | None


@dataclass(frozen=True, slots=True)
class OriginDocument:
    """Hold an invoice or credit line that an opening amount is on."""

    document_no: int
    kind: int
    number: str
    invoice_date: date
    line_no: int
    net: int
    tax: int
    currency: int


@dataclass(frozen=True, slots=True)
class OriginLine:
    """Hold a journal line that an opening position caused."""

    effect: int
    mirror: bool
    debit: int
    credit: int
    entity_amount: int
    entity_currency: int
    accounting_date: date
    journal_nos: list[int]


@dataclass(frozen=True, slots=True)
class OpeningStory:
    """Hold everything that happened to an opening position that is no time entry."""

    opening: Origin
    documents: list[OriginDocument]
    bookings: list[OriginLine]


def opening_sums(session: Session) -> list[OpeningSum]:
    """Return per contract and currency what of the openings is billed, open, back."""
    sums: dict[tuple[str, int], list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 4)
    for contract, currency, rate_seconds, *values in session.tuples(
        QUERIES["openings_by_contract"],
        open_work=int(OpeningKind.OPEN_WORK),
        open_amount=int(OpeningKind.OPEN_AMOUNT),
        price_scale=PRICE_SCALE,
    ):
        key = (contract, currency)
        sums[key] = [
            before + Fraction(int(value), rate_seconds * PRICE_SCALE)
            for before, value in zip(sums[key], values, strict=True)
        ]
    return [
        OpeningSum(
            contract,
            currency_numbered(currency).code,
            opening=round_fraction(opening),
            billed=round_fraction(billed),
            open_to_bill=round_fraction(left),
            reversed=round_fraction(back),
            accounted=round_fraction(billed + left + back),
        )
        for (contract, currency), (opening, billed, left, back) in sums.items()
    ]


def origins_of(session: Session, entry_no: int) -> list[Origin]:
    """Return the opening positions that revisions of an entry come from."""
    return session.all(QUERIES["origins"], Origin, position_nos=[], entry_no=entry_no)


def opening_stories(session: Session, term: str) -> list[OpeningStory]:
    """Return the stories of positions a term means that are no time entries."""
    numbers = session.tuples(QUERIES["openings_called"], term=term, limit=OPENINGS_MAX)
    origins = session.all(
        QUERIES["origins"],
        Origin,
        position_nos=[number for (number,) in numbers],
        entry_no=None,
    )
    return [_story(session, one) for one in origins if one.entry_no is None]


def _story(session: Session, origin: Origin) -> OpeningStory:
    number = origin.position_no
    return OpeningStory(
        origin,
        session.all(QUERIES["origin_documents"], OriginDocument, position_no=number),
        session.all(QUERIES["origin_lines"], OriginLine, position_no=number, **CODES),
    )
