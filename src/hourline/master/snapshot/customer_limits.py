"""Hold the limits of what is billed to one customer of a contract, or of a line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hourline.kernel.money import Currency
from hourline.master.model import ContractCustomer, ContractLine, LineCustomerLimit
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.limits import usable_amount
from hourline.master.snapshot.records import number_of
from hourline.master.snapshot.shares import (
    NOT_SHARED,
    WHOLE_PPM,
    ContractShares,
    shares_by_contract,
)
from hourline.master.snapshot.timelines import Span
from hourline.master.snapshot.unusable import UnusableRecord

# From a day on, what a customer's share is, in millionths.
DatedShare = tuple[date, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCap:
    """Hold how much may be billed to a customer, in minor units.

    It is of a contract line, without one of the contract. `whole` is as of a `Cap`.
    `shares` are the customer's in the order of their days; each holds until the next.
    `record` is the kind and the id of what says so, `customer` the customer's id.
    """

    record: tuple[str, str]
    customer_no: int
    customer: str
    contract_line_no: int | None
    amount: int
    whole: bool
    shares: tuple[DatedShare, ...]

    def is_on(self, contract_line_no: int) -> bool:
        """Tell whether what is billed on a contract line counts for it."""
        return self.contract_line_no in {None, contract_line_no}

    def share_on(self, day: date) -> int:
        """Return the customer's share of work of a day, in millionths."""
        return next(share for since, share in reversed(self.shares) if since <= day)


@dataclass(frozen=True, slots=True)
class _Place:
    """Hold the contract a limit is of, and who has which share of it."""

    no: int
    id: str
    currency: Currency
    blocks: bool
    own: int | None
    shares: ContractShares

    def shares_of(self, customer_no: int) -> tuple[DatedShare, ...]:
        """Return a customer's shares by day; alone it has all."""
        days = {
            date.min,
            *(span.effective_from for span, _ in self.shares.spans),
            *(span.effective_until for span, _ in self.shares.spans),
        }
        return tuple(
            (day, self._share(customer_no, day)) for day in sorted(days - {date.max})
        )

    def _share(self, customer_no: int, day: date) -> int:
        held = self.shares.on(day)
        if not held:
            return WHOLE_PPM if customer_no == self.own else 0
        return sum(one.share_ppm for one in held if one.customer_no == customer_no)


def customer_caps_of(
    catalogue: Catalogue, currencies: Mapping[int, Currency]
) -> dict[int, tuple[CustomerCap, ...]]:
    """Return the limits of customers by contract, those of its lines first.

    `currencies` are those of the contracts there are, by number. What a record says
    last holds, of one that shares a contract the last with a share. Raises
    UnusableRecord for a limit no amount of the currency can be, of a customer that has
    no share of the contract, and beside a share of 0.
    """
    found: dict[int, list[CustomerCap]] = {}
    stated = [*_of_lines(catalogue), *_of_contracts(catalogue)]
    shares = shares_by_contract(catalogue) if stated else {}
    for one in stated:
        place = _place(catalogue, one, currencies, shares)
        if place is not None:
            found.setdefault(place.no, []).append(_cap(catalogue, one, place))
    return {no: tuple(caps) for no, caps in found.items()}


@dataclass(frozen=True, slots=True)
class _Stated:
    record: tuple[str, str]
    contract: str
    customer: str
    limit: Decimal
    line_no: int | None = None
    line: ContractLine | None = None


def _of_contracts(catalogue: Catalogue) -> Iterator[_Stated]:
    kept = catalogue.contract_customers
    for dense, id_ in enumerate(kept.ids):
        record = ContractCustomer.kind, id_
        content = _last_shared(record, kept.of(dense))
        if content is not None and content.limit is not None:
            yield _Stated(record, content.contract, content.customer, content.limit)


def _last_shared(
    record: tuple[str, str], spans: Sequence[Span[ContractCustomer]]
) -> ContractCustomer | None:
    contents = [span.content for span in spans]
    if any(one.limit is not None and not one.share for one in contents):
        raise UnusableRecord(
            *record,
            why="it has a limit, but a share of 0",
            remedy="Leave out the limit of a customer that has no share.",
        )
    return next((one for one in reversed(contents) if one.share), None)


def _of_lines(catalogue: Catalogue) -> Iterator[_Stated]:
    kept, lines = catalogue.of_kind(LineCustomerLimit.kind), catalogue.lines
    for dense, id_ in enumerate(kept.ids):
        spans = kept.of(dense)
        content = spans[-1].content if spans else None
        if content is None or content.limit is None:
            continue
        line_dense = lines.find(content.contract_line)
        spans_of_line = lines.of(line_dense)
        if spans_of_line:
            line = spans_of_line[-1].content
            yield _Stated(
                (LineCustomerLimit.kind, id_),
                line.contract,
                content.customer,
                content.limit,
                line_no=lines.nos[line_dense],
                line=line,
            )


def _place(
    catalogue: Catalogue,
    one: _Stated,
    currencies: Mapping[int, Currency],
    shares: Mapping[str, ContractShares],
) -> _Place | None:
    no = number_of(catalogue.contracts, one.contract)
    if no is None or no not in currencies:
        return None
    dense = catalogue.contracts.dense_of_no[no]
    contract = catalogue.contracts.of(dense)[-1].content
    by_line = None if one.line is None else one.line.over_limit
    return _Place(
        no=no,
        id=one.contract,
        currency=currencies[no],
        blocks=(by_line or contract.over_limit) == "block",
        own=number_of(catalogue.customers, contract.customer),
        shares=shares.get(one.contract, NOT_SHARED),
    )


def _cap(catalogue: Catalogue, one: _Stated, place: _Place) -> CustomerCap:
    no = number_of(catalogue.customers, one.customer)
    shares = () if no is None else place.shares_of(no)
    if no is None or not any(share for _, share in shares):
        raise UnusableRecord(
            *one.record,
            why=f"customer {one.customer} has no share of contract {place.id}",
            remedy="Name a customer of the contract, or leave the limit out.",
        )
    return CustomerCap(
        record=one.record,
        customer_no=no,
        customer=one.customer,
        contract_line_no=one.line_no,
        amount=usable_amount(one.record, "limit", one.limit, place.currency),
        whole=place.blocks,
        shares=shares,
    )
