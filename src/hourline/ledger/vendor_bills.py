"""Take vendor bills in, match their lines with approved time, and end matches."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.money import currency_numbered, major_units, round_fraction
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.quantity import spoken_hours
from hourline.kernel.subledgers import Subledger
from hourline.ledger.rules.match_vendor_line import (
    ApprovedTime,
    BilledTime,
    Tolerance,
    fits,
    match_movements,
)
from hourline.ledger.store import QUERIES
from hourline.ledger.vendor_model import ListedLine, OpenLine, TriedLine, VendorBill
from hourline.master.model import Person
from hourline.master.snapshot import (
    FxRateMissing,
    NoOpenPeriod,
    RecordNotKnown,
    Snapshot,
)


@dataclass(frozen=True, slots=True)
class _Fit:
    line: OpenLine
    approved: Sequence[ApprovedTime]
    booked_on: date
    billed: int


@dataclass(frozen=True, slots=True)
class _Standing:
    match_no: int
    entity_no: int
    entry_no: int
    booked_on: date


def record_vendor_bill(session: Session, bill: VendorBill) -> bool | Problem:
    """Record a bill with its lines; return whether it is new.

    A bill is known by its vendor and reference. The same again changes nothing, other
    content is the problem `conflicting_duplicate` and changes nothing either.
    """
    named = {"vendor_no": bill.vendor_no, "reference": bill.reference}
    content_hash = _content_hash(bill)
    bill_no = session.value(
        QUERIES["insert_vendor_bill"],
        int,
        **named,
        entity_no=bill.entity_no,
        billed_on=bill.billed_on,
        currency=bill.currency,
        content_hash=content_hash,
    )
    if bill_no is None:
        known = session.value(QUERIES["vendor_bill_hash"], bytes, **named)
        return False if known == content_hash else _conflict(bill)
    session.run_many(
        QUERIES["insert_vendor_bill_line"],
        [
            {
                "bill_no": bill_no,
                "line_no": line_no,
                **{name: getattr(line, name) for name in line.__slots__},
            }
            for line_no, line in enumerate(bill.lines, start=1)
        ],
    )
    return True


def _content_hash(bill: VendorBill) -> bytes:
    head = (bill.entity_no, bill.billed_on.isoformat(), bill.currency)
    rows = [
        (
            line.person_no,
            line.project_no,
            line.worked_from.isoformat(),
            line.worked_until.isoformat(),
            line.seconds,
            line.amount,
        )
        for line in bill.lines
    ]
    return hashlib.sha256(repr((head, rows)).encode()).digest()


def _conflict(bill: VendorBill) -> Problem:
    return Problem(
        ProblemCode.CONFLICTING_DUPLICATE,
        f"Vendor bill {bill.reference} of {bill.vendor} is recorded with other"
        " content.",
        "Find out which of the two is right; a further bill needs a reference of its"
        " own.",
        {"vendor": bill.vendor, "bill": bill.reference},
    )


def match_open_lines(
    session: Session, snapshot: Snapshot, entry_nos: Sequence[int] | None = None
) -> list[TriedLine]:
    """Match every open line that fits the approved time there is now; book it.

    With entries, only lines of the persons and projects these were decided on.
    Returns each line tried, with the problem `vendor_bill_differs` of one that stays
    open, `fx_rate_not_found` or `period_closed` of one that cannot be booked.
    """
    if session.value(QUERIES["lock_vendor_bills"], int) == 0:
        return []
    return [
        TriedLine(line, _tried(session, snapshot, line))
        for line in session.all(
            QUERIES["open_vendor_lines"],
            OpenLine,
            entry_nos=None if entry_nos is None else list(entry_nos),
        )
    ]


def end_matches(
    session: Session, snapshot: Snapshot, entry_nos: Sequence[int]
) -> list[int]:
    """End the matches that stand of entries and take back what they booked.

    Their lines are open again. A mirror keeps the accounting date while its month is
    open, else it goes to the first day of the next open one. Returns the matches ended;
    raises NoOpenPeriod.
    """
    if session.value(QUERIES["lock_vendor_bills"], int) == 0:
        return []
    cause = int(Cause.VENDOR_MATCH)
    standing = session.all(
        QUERIES["matches_of_entries"],
        _Standing,
        entry_nos=list(entry_nos),
        cause=cause,
    )
    for one in standing:
        session.run(
            QUERIES["mirror_match"],
            match_no=one.match_no,
            cause=cause,
            accounting_date=snapshot.accounting_date(
                one.entity_no, one.booked_on, Subledger.COSTS
            ),
        )
        session.run(
            QUERIES["end_match"],
            match_no=one.match_no,
            entity_no=one.entity_no,
            entry_no=one.entry_no,
        )
    return [one.match_no for one in standing]


def list_vendor_lines(session: Session, vendor: str | None = None) -> list[ListedLine]:
    """Return the lines of all vendor bills, or of one vendor's, in their order."""
    return session.all(QUERIES["vendor_lines_listed"], ListedLine, vendor=vendor)


def _tried(session: Session, snapshot: Snapshot, line: OpenLine) -> Problem | None:
    exchanged = _exchanged(snapshot, line)
    if isinstance(exchanged, Problem):
        return exchanged
    booked_on, billed = exchanged
    approved: list[ApprovedTime] = []
    if _is_of_vendor(snapshot, line):
        approved = session.all(
            QUERIES["approved_time_of"],
            ApprovedTime,
            person_no=line.person_no,
            project_no=line.project_no,
            entity_no=line.entity_no,
            worked_from=line.worked_from,
            worked_until=line.worked_until,
        )
    entity = snapshot.entity(line.entity_no).content
    tolerance = Tolerance(
        entity.vendor_hours_tolerance, entity.vendor_percent_tolerance
    )
    if not fits(billed, approved, tolerance):
        return _differs(snapshot, line, approved)
    _match(session, snapshot, _Fit(line, approved, booked_on, billed.amount))
    return None


def _exchanged(snapshot: Snapshot, line: OpenLine) -> tuple[date, BilledTime] | Problem:
    """Return when a line is booked, and what it bills in the entity's currency."""
    detail = {"vendor": line.vendor, "bill": line.reference}
    try:
        booked_on = snapshot.accounting_date(
            line.entity_no, line.billed_on, Subledger.COSTS
        )
        books = snapshot.entity(line.entity_no).currency
        rate = snapshot.minor_fx(line.currency, books, booked_on)
    except NoOpenPeriod as error:
        return Problem(
            ProblemCode.PERIOD_CLOSED,
            f"{_named(line)} cannot be booked: {error}.",
            "Open a posting period of the entity; the line is matched by itself then.",
            detail,
        )
    except FxRateMissing as error:
        return Problem(
            ProblemCode.FX_RATE_NOT_FOUND,
            f"{_named(line)} cannot be translated: {error}.",
            "Add the rate of exchange; the line is matched by itself then.",
            detail,
        )
    amount = round_fraction(line.amount * rate, snapshot.rounding(line.entity_no))
    return booked_on, BilledTime(line.seconds, amount)


def _is_of_vendor(snapshot: Snapshot, line: OpenLine) -> bool:
    person = _person(snapshot, line)
    vendor = None if person is None else person.vendor
    return vendor is not None and snapshot.number("vendor", vendor) == line.vendor_no


def _person(snapshot: Snapshot, line: OpenLine) -> Person | None:
    try:
        return snapshot.person(line.person_no, on=line.worked_from).content
    except RecordNotKnown:
        return None


def _match(session: Session, snapshot: Snapshot, fit: _Fit) -> None:
    line, approved = fit.line, fit.approved
    cost = sum(one.cost for one in approved)
    match_no = session.value(
        QUERIES["insert_vendor_match"],
        int,
        bill_no=line.bill_no,
        line_no=line.line_no,
        entity_no=line.entity_no,
        seconds=sum(one.seconds for one in approved),
        cost=cost,
        billed=fit.billed,
        entry_nos=[one.entry_no for one in approved],
        revisions=[one.revision for one in approved],
    )
    session.run_many(
        QUERIES["insert_match_line"],
        [
            {
                "cause": int(Cause.VENDOR_MATCH),
                "match_no": match_no,
                "part": moved.part,
                "effect": int(Effect.COST),
                "entity_no": line.entity_no,
                "project_no": line.project_no,
                "person_no": line.person_no,
                "debit": int(moved.debit),
                "credit": int(moved.credit),
                "currency": snapshot.entity(line.entity_no).currency,
                "amount": moved.amount,
                "accounting_date": fit.booked_on,
                "document_date": line.billed_on,
            }
            for moved in match_movements(cost=cost, billed=fit.billed)
        ],
    )


def _differs(
    snapshot: Snapshot, line: OpenLine, approved: Sequence[ApprovedTime]
) -> Problem:
    person = snapshot.person(line.person_no).id
    project = snapshot.project(line.project_no).id
    hours = spoken_hours(sum(one.seconds for one in approved))
    cost = _money(sum(one.cost for one in approved), _books(snapshot, line))
    found = f"{hours} are approved and cost {cost}"
    if not _is_of_vendor(snapshot, line):
        found = f"{person} works for {line.vendor} not on that day"
    return Problem(
        ProblemCode.VENDOR_BILL_DIFFERS,
        f"{_named(line)} bills {spoken_hours(line.seconds)} of {person} on project"
        f" {project} from {line.worked_from} to before {line.worked_until} for"
        f" {_money(line.amount, line.currency)}; {found}.",
        "Have the time approved or corrected, or ask the vendor for another bill; the"
        " line is matched by itself when both agree.",
        {
            "vendor": line.vendor,
            "bill": line.reference,
            "line": str(line.line_no),
            "person": person,
            "project": project,
            "hours_billed": spoken_hours(line.seconds),
            "hours_approved": hours,
        },
    )


def _named(line: OpenLine) -> str:
    return f"Line {line.line_no} of vendor bill {line.reference} of {line.vendor}"


def _books(snapshot: Snapshot, line: OpenLine) -> int:
    return snapshot.entity(line.entity_no).currency


def _money(amount: int, number: int) -> str:
    currency = currency_numbered(number)
    return f"{major_units(amount, currency):f} {currency.code}"
