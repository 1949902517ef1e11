"""Take vendor bills in, and match their lines whenever something may make them fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.transactions import (
    in_one_transaction,
    now,
    number_of,
    queued,
    snapshot_of,
)
from hourline.infra.database import Database, Session
from hourline.kernel.money import (
    Currency,
    Rounding,
    currency_numbered,
    currency_of,
    minor_units,
    round_fraction,
)
from hourline.kernel.problems import Problem
from hourline.ledger import vendor_bills as ledger
from hourline.ledger.vendor_model import BillLine, TriedLine, VendorBill
from hourline.master.snapshot import Snapshot

_LINE = "vendor_bill_line"
_SECONDS_PER_HOUR = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLine:
    """Hold a line as the vendor states it: names, and a rate per hour or an amount.

    Both are in major units of the bill's currency; `worked_until` is exclusive.
    """

    person: str
    project: str
    worked_from: date
    worked_until: date
    seconds: int
    rate: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a line that says both prices or none, and less than nothing."""
        if (self.rate is None) == (self.amount is None):
            raise ValueError("A line of a vendor bill has a rate or an amount.")
        if min(self.seconds, self.rate or 0, self.amount or 0) < 0:
            raise ValueError("A line of a vendor bill is of nothing or more.")
        if self.worked_from >= self.worked_until:
            raise ValueError("A line of a vendor bill ends after the day it begins.")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedBill:
    """Hold a bill as the vendor states it; without a currency in the vendor's.

    Where the vendor has none, it is in that of the entity.
    """

    vendor: str
    reference: str
    entity: str
    billed_on: date
    currency: str | None
    lines: tuple[StatedLine, ...]


def receive_vendor_bills(
    database: Database, tenant: int, bills: Sequence[StatedBill]
) -> list[bool | Problem]:
    """Record bills in one transaction and match what fits; say which were new.

    The same bill again changes nothing; other content waits as
    `conflicting_duplicate`. Raises NotKnown for a name there is no record of,
    CurrencyNotKnown and AmountTooFine; then nothing is recorded.
    """

    def work(session: Session) -> list[bool | Problem]:
        snapshot = snapshot_of(session)
        outcomes = [
            queued(
                session,
                ledger.record_vendor_bill(session, _numbered(snapshot, bill)),
                kind="vendor_bill",
                key=f"{bill.vendor}/{bill.reference}",
            )
            for bill in bills
        ]
        match_in(session, snapshot)
        return outcomes

    return in_one_transaction(database, tenant, work)


def match_vendor_bills(database: Database, tenant: int) -> list[TriedLine]:
    """Try every open line of every vendor bill again; see `match_in`."""
    return in_one_transaction(
        database, tenant, lambda session: match_in(session, snapshot_of(session))
    )


def match_in(
    session: Session, snapshot: Snapshot, entry_nos: Sequence[int] | None = None
) -> list[TriedLine]:
    """Match the open lines that fit now; one that does not waits in its queue.

    With entries, only the lines that these may concern are tried.
    """
    tried = ledger.match_open_lines(session, snapshot, entry_nos)
    at = now()
    for one in tried:
        subject = Subject(_LINE, one.line.key)
        keep = [one.problem.code] if one.problem else []
        exceptions.resolve_subject(
            session, subject, resolution="tried again", at=at, keep_codes=keep
        )
        if one.problem:
            exceptions.open_items(session, [(subject, one.problem)], at=at)
    return tried


def _numbered(snapshot: Snapshot, bill: StatedBill) -> VendorBill:
    entity_no = number_of(snapshot, "legal_entity", bill.entity)
    vendor_no = number_of(snapshot, "vendor", bill.vendor)
    currency = _currency(snapshot, bill, entity_no, vendor_no)
    rounding = snapshot.rounding(entity_no)
    return VendorBill(
        vendor_no=vendor_no,
        vendor=bill.vendor,
        reference=bill.reference,
        entity_no=entity_no,
        billed_on=bill.billed_on,
        currency=currency.number,
        lines=tuple(
            BillLine(
                person_no=number_of(snapshot, "person", line.person),
                project_no=number_of(snapshot, "project", line.project),
                worked_from=line.worked_from,
                worked_until=line.worked_until,
                seconds=line.seconds,
                amount=_amount(line, currency, rounding),
            )
            for line in bill.lines
        ),
    )


def _currency(
    snapshot: Snapshot, bill: StatedBill, entity_no: int, vendor_no: int
) -> Currency:
    stated = bill.currency
    if stated is None:
        stated = snapshot.vendor(vendor_no).content.currency
    if stated is None:
        return currency_numbered(snapshot.entity(entity_no).currency)
    return currency_of(stated)


def _amount(line: StatedLine, currency: Currency, rounding: Rounding) -> int:
    if line.amount is not None:
        return minor_units(line.amount, currency)
    exact = Fraction(line.rate or 0) * line.seconds / _SECONDS_PER_HOUR
    return round_fraction(exact * 10**currency.decimals, rounding)
