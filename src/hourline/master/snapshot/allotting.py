"""Hold what contracts say of limits and prepaid hours, in whole units, by number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeVar

from hourline.kernel.columns import NOTHING
from hourline.kernel.money import Currency
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.master.model import Contract, ContractLine, PrepaidBlock, Record
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.customer_limits import CustomerCap, customer_caps_of
from hourline.master.snapshot.limits import (
    HOURS_MAX,
    Cap,
    SpanCap,
    cap_of,
    span_caps_of,
    usable_amount,
)
from hourline.master.snapshot.places import entity_currency, stated_currency
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Hold a block of prepaid hours; its price is in minor units, None: sold elsewhere.

    Both days are inclusive.
    """

    no: int
    id: str
    contract_line_no: int
    seconds: int
    purchased: date
    expires: date
    price: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """Hold the limits of a contract and of its lines, and its blocks in their order.

    `currency` is the ISO 4217 number the limits are in; lines without one are left out.
    `span_caps` are those of months and of days of a person, `customer_caps` those of
    what is billed to one customer.
    """

    entity_no: int
    currency: int
    cap: Cap | None = None
    line_caps: Mapping[int, Cap] = field(default_factory=dict)
    span_caps: tuple[SpanCap, ...] = ()
    customer_caps: tuple[CustomerCap, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    entity_no: int
    currency: Currency
    content: Contract


def allotting_of(catalogue: Catalogue) -> dict[int, ContractTerms]:
    """Return the terms of the contracts that have a limit or a block, by number.

    What a record says last holds, of the limits of months and days of a person what it
    says of the work date. Raises UnusableRecord for a limit or a price no
    amount of the currency can be, for a block that holds on no day or has no hours, for
    one on a line that is not billed by time, and as `customer_caps_of`.
    """
    places = dict(_places(catalogue))
    limits = {no: _Limits() for no in places}
    for no, place in places.items():
        id_ = catalogue.contracts.ids[catalogue.contracts.dense_of_no[no]]
        spans = catalogue.contracts.of(catalogue.contracts.dense_of_no[no])
        limits[no].add(("contract", id_), spans, place)
    for line_no, id_, spans_of_line in _lines(catalogue):
        line = spans_of_line[-1].content
        contract_no = _number(catalogue.contracts.find(line.contract), catalogue)
        owner = None if contract_no is None else places.get(contract_no)
        if owner is not None and contract_no is not None:
            record = "contract_line", id_
            limits[contract_no].add(record, spans_of_line, owner, line_no)
    blocks = _blocks(catalogue, places)
    of_customers = customer_caps_of(
        catalogue, {no: place.currency for no, place in places.items()}
    )
    return {
        no: ContractTerms(
            entity_no=places[no].entity_no,
            currency=places[no].currency.number,
            cap=limits[no].cap,
            line_caps=limits[no].line_caps,
            span_caps=tuple(limits[no].span_caps),
            customer_caps=of_customers.get(no, ()),
            blocks=tuple(sorted(blocks.get(no, ()), key=_used_in_order)),
        )
        for no in sorted(places)
        if limits[no] != _Limits() or no in blocks or no in of_customers
    }


@dataclass(slots=True)
class _Limits:
    """Gather the limits of a contract and of its lines."""

    cap: Cap | None = None
    line_caps: dict[int, Cap] = field(default_factory=dict)
    span_caps: list[SpanCap] = field(default_factory=list)

    def add(
        self,
        record: tuple[str, str],
        spans: Sequence[Span[Contract]] | Sequence[Span[ContractLine]],
        place: _Place,
        line_no: int | None = None,
    ) -> None:
        last = place.content.over_limit
        cap = cap_of(
            record,
            spans[-1].content,
            currency=place.currency,
            over_limit=spans[-1].content.over_limit or last,
        )
        if line_no is None:
            self.cap = cap
        elif cap is not None:
            self.line_caps[line_no] = cap
        for span in spans:
            self.span_caps += span_caps_of(
                record,
                span.content,
                (span.effective_from, span.effective_until),
                currency=place.currency,
                over_limit=span.content.over_limit or last,
                contract_line_no=line_no,
            )


def _used_in_order(block: Block) -> tuple[date, date, str]:
    return block.expires, block.purchased, block.id


def _places(catalogue: Catalogue) -> Iterator[tuple[int, _Place]]:
    contracts = catalogue.contracts
    for dense, no in enumerate(contracts.nos):
        content = _last(contracts, dense)
        if content is None:
            continue
        entity = catalogue.entities.find(content.entity)
        seller = _last(catalogue.entities, entity)
        if seller is None:
            continue
        currency = (
            entity_currency(content.entity, seller)
            if content.currency is None
            else stated_currency("contract", contracts.ids[dense], content.currency)
        )
        yield no, _Place(catalogue.entities.nos[entity], currency, content)


def _number(dense: int, catalogue: Catalogue) -> int | None:
    return None if dense == NOTHING else catalogue.contracts.nos[dense]


def _lines(
    catalogue: Catalogue,
) -> Iterator[tuple[int, str, Sequence[Span[ContractLine]]]]:
    lines = catalogue.lines
    for dense, no in enumerate(lines.nos):
        spans = lines.of(dense)
        if spans:
            yield no, lines.ids[dense], spans


def _last(records: Timeline[R], dense: int) -> R | None:
    """Return what a record says last; None where it is unknown or was withdrawn."""
    spans = records.of(dense)
    return spans[-1].content if spans else None


def _blocks(
    catalogue: Catalogue, places: Mapping[int, _Place]
) -> dict[int, list[Block]]:
    kept, lines = catalogue.prepaid_blocks, catalogue.lines
    found: dict[int, list[Block]] = {}
    for dense, no in enumerate(kept.nos):
        id_, block = kept.ids[dense], _last(kept, dense)
        if block is None:
            continue
        line_dense = lines.find(block.contract_line)
        line = _last(lines, line_dense)
        if line is None:
            continue
        contract_no = _number(catalogue.contracts.find(line.contract), catalogue)
        if contract_no is None or contract_no not in places:
            continue
        currency = places[contract_no].currency
        price = block.price
        found.setdefault(contract_no, []).append(
            Block(
                no=no,
                id=id_,
                contract_line_no=lines.nos[line_dense],
                seconds=_seconds(id_, block, line),
                purchased=block.purchased,
                expires=block.expires,
                price=None
                if price is None
                else usable_amount(("prepaid_block", id_), "price", price, currency),
            )
        )
    return found


def _seconds(id_: str, block: PrepaidBlock, line: ContractLine) -> int:
    """Return the seconds of a block; raise UnusableRecord for one nobody could use."""
    seconds = Fraction(block.hours) * HOUR_SECONDS
    why, remedy = None, "Correct the hours of the block."
    if not 0 < block.hours <= HOURS_MAX:
        why = f"it has {block.hours} hours"
    elif seconds.denominator != 1:
        why = f"{block.hours} hours are no whole seconds"
    elif block.expires < block.purchased:
        why = f"it expires on {block.expires}, before its purchase {block.purchased}"
        remedy = "Correct its days; both are inclusive."
    elif line.method != "time_and_materials":
        why = f"contract line {block.contract_line} is not billed by time"
        remedy = "Put the block on a line of method time_and_materials."
    if why is not None:
        raise UnusableRecord("prepaid_block", id_, why=why, remedy=remedy)
    return seconds.numerator
