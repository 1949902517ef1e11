"""Hold what contracts say of limits and prepaid hours, in whole units, by number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from hourline.kernel.columns import NOTHING
from hourline.kernel.money import AmountTooFine, Currency, minor_units
from hourline.kernel.quantity import HOUR_SECONDS
from hourline.master.model import Contract, ContractLine, PrepaidBlock, Record
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.places import entity_currency, stated_currency
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord

R = TypeVar("R", bound=Record)

_HOURS_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Cap:
    """Hold a limit in minor units of the contract's currency.

    `whole` says that an entry which does not fit whole is over the limit whole.
    """

    amount: int
    whole: bool


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
    """

    entity_no: int
    currency: int
    cap: Cap | None = None
    line_caps: Mapping[int, Cap] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    entity_no: int
    currency: Currency
    content: Contract


def allotting_of(catalogue: Catalogue) -> dict[int, ContractTerms]:
    """Return the terms of the contracts that have a limit or a block, by number.

    What a record says last holds. Raises UnusableRecord for a limit or a price no
    amount of the currency can be, for a block that holds on no day or has no hours, and
    for one on a line that is not billed by time.
    """
    caps: dict[int, Cap] = {}
    line_caps: dict[int, dict[int, Cap]] = {}
    places = dict(_places(catalogue))
    for no, place in places.items():
        id_ = catalogue.contracts.ids[catalogue.contracts.dense_of_no[no]]
        cap = _cap("contract", id_, place.content, place)
        if cap is not None:
            caps[no] = cap
    for line_no, id_, line in _last_lines(catalogue):
        contract_no = _number(catalogue.contracts.find(line.contract), catalogue)
        owner = None if contract_no is None else places.get(contract_no)
        if owner is None or contract_no is None:
            continue
        cap = _cap("contract_line", id_, line, owner)
        if cap is not None:
            line_caps.setdefault(contract_no, {})[line_no] = cap
    blocks = _blocks(catalogue, places)
    return {
        no: ContractTerms(
            entity_no=places[no].entity_no,
            currency=places[no].currency.number,
            cap=caps.get(no),
            line_caps=line_caps.get(no, {}),
            blocks=tuple(sorted(blocks.get(no, ()), key=_used_in_order)),
        )
        for no in sorted({*caps, *line_caps, *blocks})
    }


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


def _last_lines(catalogue: Catalogue) -> Iterator[tuple[int, str, ContractLine]]:
    lines = catalogue.lines
    for dense, no in enumerate(lines.nos):
        line = _last(lines, dense)
        if line is not None:
            yield no, lines.ids[dense], line


def _last(records: Timeline[R], dense: int) -> R | None:
    """Return what a record says last; None where it is unknown or was withdrawn."""
    spans = records.of(dense)
    return spans[-1].content if spans else None


def _cap(
    kind: str, id_: str, content: Contract | ContractLine, place: _Place
) -> Cap | None:
    if content.limit is None:
        return None
    amount = _amount((kind, id_), "limit", content.limit, place.currency)
    over_limit = content.over_limit or place.content.over_limit
    return Cap(amount, whole=over_limit == "block")


def _amount(
    record: tuple[str, str], name: str, amount: Decimal, currency: Currency
) -> int:
    kind, id_ = record
    if amount < 0:
        raise UnusableRecord(
            kind,
            id_,
            why=f"its {name} {amount} is below nothing",
            remedy=f"Correct the {name}, or leave it out.",
        )
    try:
        return minor_units(amount, currency)
    except AmountTooFine as error:
        raise UnusableRecord(
            kind,
            id_,
            why=f"its {name} {error}",
            remedy=f"Round the {name} to what {currency.code} has.",
        ) from None


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
                else _amount(("prepaid_block", id_), "price", price, currency),
            )
        )
    return found


def _seconds(id_: str, block: PrepaidBlock, line: ContractLine) -> int:
    """Return the seconds of a block; raise UnusableRecord for one nobody could use."""
    seconds = Fraction(block.hours) * HOUR_SECONDS
    why, remedy = None, "Correct the hours of the block."
    if not 0 < block.hours <= _HOURS_MAX:
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
