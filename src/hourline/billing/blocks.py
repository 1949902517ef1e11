"""Sell blocks of prepaid hours that have a price: each is an item of one invoice."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from hourline.billing.model import AmountKind, Assembled, OpenItem
from hourline.billing.parties import tax_rule_on
from hourline.billing.store import QUERIES
from hourline.billing.store_blocks import read_sold_before
from hourline.infra.database import Session
from hourline.kernel.problems import Problem
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import Block, Snapshot


def contracts_to_sell(session: Session, snapshot: Snapshot, through: date) -> list[int]:
    """Return the contracts with a block to be put on an invoice for the first time."""
    return [
        contract_no
        for contract_no, terms in snapshot.allotting.items()
        if _unsold(session, contract_no, terms.blocks, through)
    ]


def block_items(
    session: Session, snapshot: Snapshot, contract_no: int, through: date
) -> list[OpenItem] | Problem:
    """Return the blocks of a contract, purchased up to a day, to be invoiced first.

    A block that was invoiced before is like a reached milestone from then on: what was
    credited of it is open again by its own row. Its day, also for its tax, is that of
    the purchase. Returns the problem `tax_not_determined`.
    """
    terms = snapshot.allotting.get(contract_no)
    items = []
    for block in _unsold(session, contract_no, terms.blocks if terms else (), through):
        line = snapshot.contract_line(block.contract_line_no)
        tax_rule_no = tax_rule_on(snapshot, line, block.purchased)
        if isinstance(tax_rule_no, Problem):
            return tax_rule_no
        currency = snapshot.contract(contract_no).currency
        items.append(_item(block, currency, tax_rule_no))
    return items


def sell_blocks(session: Session, snapshot: Snapshot, assembled: Assembled) -> None:
    """Record the blocks among the lines of invoices about to be written, each once."""
    contract_no = assembled.terms.contract_no
    terms = snapshot.allotting.get(contract_no)
    if terms is None:
        return
    items = {
        (line.item.contract_line_no, line.item.milestone): line.item
        for line in assembled.lines
    }
    sold = read_sold_before(session, contract_no)
    for block in terms.blocks:
        item = items.get((block.contract_line_no, block.id))
        if item is not None and block.no not in sold:
            _sell(session, snapshot, block, item)


def _unsold(
    session: Session, contract_no: int, blocks: Iterable[Block], through: date
) -> list[Block]:
    priced = [block for block in blocks if block.price and block.purchased <= through]
    sold = read_sold_before(session, contract_no) if priced else set()
    return [block for block in priced if block.no not in sold]


def _item(block: Block, currency: int, tax_rule_no: int | None) -> OpenItem:
    return OpenItem(
        contract_line_no=block.contract_line_no,
        entry_no=None,
        revision=None,
        part=None,
        milestone=block.id,
        kind=AmountKind.PREPAID_BLOCK,
        dated=block.purchased,
        approved_at=datetime.combine(block.purchased, time.min, UTC),
        source_id=block.id,
        project_no=None,
        person_no=None,
        tax_rule_no=tax_rule_no,
        currency=currency,
        seconds_total=0,
        seconds_billed=0,
        rate_amount=0,
        rate_seconds=1,
        amount_open=block.price or 0,
        amount_total=block.price or 0,
        accrued=0,
        accrued_entity=0,
        opening=_described(block),
        deferred=True,
    )


def _described(block: Block) -> str:
    return (
        f"{spoken_hours(block.seconds)} prepaid, {block.id}, to use by {block.expires}"
    )


def _sell(session: Session, snapshot: Snapshot, block: Block, item: OpenItem) -> None:
    contract_no = snapshot.contract_line(block.contract_line_no).contract_no
    session.run(
        QUERIES["insert_milestone"],
        contract_line_no=item.contract_line_no,
        milestone=item.milestone,
        kind=AmountKind.PREPAID_BLOCK,
        contract_no=contract_no,
        reached_on=item.dated,
        amount=item.amount_total,
        currency=item.currency,
        tax_rule_no=item.tax_rule_no,
    )
    session.run(
        QUERIES["sell_block"],
        contract_line_no=item.contract_line_no,
        milestone=item.milestone,
        block_no=block.no,
        contract_no=contract_no,
        entity_no=snapshot.contract(contract_no).entity_no,
        currency=item.currency,
        description=item.opening,
    )
