"""Read what of sold blocks of prepaid hours is invoiced, used and earned; record it."""

from dataclasses import dataclass
from datetime import date

from hourline.billing.model import Movement
from hourline.billing.store import CODES, QUERIES
from hourline.billing.store_documents import Booking, write_movements
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, Effect, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldBlock:
    """Hold a sold block: invoiced less credits, used seconds, and earned so far.

    Amounts are net, in minor units of the contract's currency and of the entity's.
    """

    block_no: int
    contract_line_no: int
    milestone: str
    entity_no: int
    currency: int
    invoice_date: date | None
    billed: int
    entity_billed: int
    seconds_used: int
    earned: int
    entity_earned: int
    expired_through: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """Hold what more, or below zero less, of a block is earned, and why.

    By the change of an allotment, because it had expired through a day, or because
    what is invoiced of it changed.
    """

    block: SoldBlock
    contract_no: int
    seconds_used: int
    amount: int
    entity_amount: int
    entity_currency: int
    accounting_date: date
    document_date: date
    allotment_no: int | None = None
    expired_through: date | None = None
    project_no: int | None = None
    person_no: int | None = None


def read_sold_blocks(session: Session, contract_no: int) -> list[SoldBlock]:
    """Return the sold blocks of a contract."""
    return session.all(
        QUERIES["sold_blocks"], SoldBlock, contract_no=contract_no, **CODES
    )


def read_selling_contracts(session: Session, entity_no: int) -> list[int]:
    """Return the contracts of an entity that sold blocks, in order of number."""
    rows = session.tuples(QUERIES["contracts_with_sold_blocks"], entity_no=entity_no)
    return [contract_no for (contract_no,) in rows]


def read_sold_before(session: Session, contract_no: int) -> set[int]:
    """Return the blocks of a contract that were put on an invoice before."""
    rows = session.tuples(QUERIES["blocks_sold_before"], contract_no=contract_no)
    return {block_no for (block_no,) in rows}


def record_earning(session: Session, earning: Earning) -> None:
    """Record an earning and book it: Dr contract_liability / Cr revenue."""
    [(earning_no,)] = session.tuples(
        QUERIES["insert_earning"],
        block_no=earning.block.block_no,
        contract_no=earning.contract_no,
        allotment_no=earning.allotment_no,
        expired_through=earning.expired_through,
        seconds_used=earning.seconds_used,
        amount=earning.amount,
        entity_amount=earning.entity_amount,
    )
    booking = Booking(
        cause=Cause.EARNING,
        cause_no=earning_no,
        entity_no=earning.block.entity_no,
        contract_no=earning.contract_no,
        currency=earning.block.currency,
        entity_currency=earning.entity_currency,
        accounting_date=earning.accounting_date,
        document_date=earning.document_date,
    )
    write_movements(session, booking, [_movement(earning)])


def _movement(earning: Earning) -> Movement:
    more = (earning.amount, earning.entity_amount) > (0, 0)
    liability, revenue = Role.CONTRACT_LIABILITY, Role.REVENUE
    sign = 1 if more else -1
    return Movement(
        part=0,
        effect=Effect.EARNING,
        debit=liability if more else revenue,
        credit=revenue if more else liability,
        amount=sign * earning.amount,
        entity_amount=sign * earning.entity_amount,
        project_no=earning.project_no,
        person_no=earning.person_no,
    )
