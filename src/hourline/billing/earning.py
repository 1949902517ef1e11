"""Earn sold blocks of prepaid hours: by the hours used, and the rest at expiry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hourline.billing.parties import booking_day
from hourline.billing.rules.earn import earned_to_date
from hourline.billing.store import lock_contracts
from hourline.billing.store_allotments import Change
from hourline.billing.store_blocks import (
    Earning,
    SoldBlock,
    read_selling_contracts,
    read_sold_blocks,
    record_earning,
)
from hourline.infra.database import Session
from hourline.kernel.money import Rounding
from hourline.kernel.problems import Problem
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Block, Snapshot


def earn_used(
    session: Session, snapshot: Snapshot, contract_no: int, changes: Sequence[Change]
) -> Problem | None:
    """Book what allotments, invoices and credits made of the earned prices.

    Hours are earned on the accounting date of their entry; what a sale or a credit
    changes, on that of the document. Returns the problem `period_closed`.
    """
    for sold, block in _sold(session, snapshot, contract_no):
        rounding = snapshot.rounding(sold.entity_no)
        meter = _Meter(sold, block, contract_no, rounding)
        used = [
            (change, seconds)
            for change in changes
            for block_no, seconds in change.used
            if block_no == sold.block_no
        ]
        used_before = sold.seconds_used - sum(seconds for _, seconds in used)
        currency = snapshot.entity(sold.entity_no).currency
        by_document = _by_document(snapshot, meter, used_before, currency)
        if isinstance(by_document, Problem):
            return by_document
        _record(session, meter, by_document)
        for change, seconds in used:
            used_before += seconds
            earning = _by_hours(snapshot, meter, change, (used_before, currency))
            if isinstance(earning, Problem):
                return earning
            _record(session, meter, earning)
    return None


def earn_expired_blocks(
    session: Session, snapshot: Snapshot, entity_no: int, through: date
) -> Problem | None:
    """Earn what is left of an entity's blocks that expired up to and including a day.

    It is booked on the day of expiry while that month is open; a second run books
    nothing. Returns the problem `period_closed` where no month is open.
    """
    contract_nos = read_selling_contracts(session, entity_no)
    lock_contracts(session, contract_nos)
    currency = snapshot.entity(entity_no).currency
    for contract_no in contract_nos:
        for sold, block in _sold(session, snapshot, contract_no):
            if block.expires > through:
                continue
            booked_on = booking_day(
                snapshot, entity_no, block.expires, Subledger.REVENUE
            )
            if isinstance(booked_on, Problem):
                return booked_on
            expired = replace(sold, expired_through=through)
            meter = _Meter(expired, block, contract_no, snapshot.rounding(entity_no))
            earning = replace(
                meter.earning(sold.seconds_used, currency, (booked_on, block.expires)),
                expired_through=through,
            )
            _record(session, meter, earning)
    return None


def _sold(
    session: Session, snapshot: Snapshot, contract_no: int
) -> Iterator[tuple[SoldBlock, Block]]:
    terms = snapshot.allotting.get(contract_no)
    blocks = {block.no: block for block in terms.blocks} if terms else {}
    if not any(block.price is not None for block in blocks.values()):
        return
    for sold in read_sold_blocks(session, contract_no):
        if sold.block_no in blocks:
            yield sold, blocks[sold.block_no]


@dataclass(slots=True)
class _Meter:
    """Count what is booked of a block as earned, step by step."""

    sold: SoldBlock
    block: Block
    contract_no: int
    rounding: Rounding

    def earning(self, used: int, currency: int, dates: tuple[date, date]) -> Earning:
        """Return what so many used seconds earn more than is booked."""
        sold, through = self.sold, self.sold.expired_through
        expired = through is not None and self.block.expires <= through
        amount, entity_amount = (
            earned_to_date(
                billed,
                used,
                self.block.seconds,
                expired=expired,
                rounding=self.rounding,
            )
            - earned
            for billed, earned in (
                (sold.billed, sold.earned),
                (sold.entity_billed, sold.entity_earned),
            )
        )
        return Earning(
            block=sold,
            contract_no=self.contract_no,
            seconds_used=used,
            amount=amount,
            entity_amount=entity_amount,
            entity_currency=currency,
            accounting_date=dates[0],
            document_date=dates[1],
        )

    def book(self, earning: Earning) -> None:
        """Take an earning for booked."""
        self.sold = replace(
            self.sold,
            earned=self.sold.earned + earning.amount,
            entity_earned=self.sold.entity_earned + earning.entity_amount,
        )


def _record(session: Session, meter: _Meter, earning: Earning) -> None:
    if (earning.amount, earning.entity_amount) != (0, 0):
        record_earning(session, earning)
        meter.book(earning)


def _by_document(
    snapshot: Snapshot, meter: _Meter, used: int, currency: int
) -> Earning | Problem:
    dated = meter.sold.invoice_date or meter.block.purchased
    booked_on = booking_day(snapshot, meter.sold.entity_no, dated, Subledger.REVENUE)
    if isinstance(booked_on, Problem):
        return booked_on
    return meter.earning(used, currency, (booked_on, dated))


def _by_hours(
    snapshot: Snapshot, meter: _Meter, change: Change, place: tuple[int, int]
) -> Earning | Problem:
    # Work that is late is not earned before it is accrued.
    accrued_on = change.of.accounting_date
    booked_on = booking_day(
        snapshot, change.of.entity_no, accrued_on, Subledger.REVENUE
    )
    if isinstance(booked_on, Problem):
        return booked_on
    return replace(
        meter.earning(*place, (booked_on, change.of.dated)),
        allotment_no=change.allotment_no,
        project_no=change.of.project_no,
        person_no=change.of.person_no,
    )
