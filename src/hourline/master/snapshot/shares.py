"""Share a contract among several customers; their shares always total 100."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.master.model import ContractCustomer
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.records import number_of
from hourline.master.snapshot.timelines import Span
from hourline.master.snapshot.unusable import UnusableRecord

WHOLE_PPM = 1_000_000
_PPM_PER_PERCENT = 10_000
_ALL_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class CustomerShare:
    """Hold the share of a customer in millionths, and whether it takes differences."""

    customer_no: int
    share_ppm: int
    takes_difference: bool


@dataclass(frozen=True, slots=True)
class ContractShares:
    """Hold the shares of one contract as they hold day by day."""

    spans: tuple[tuple[Span[ContractCustomer], int], ...]

    def on(self, day: date) -> tuple[CustomerShare, ...]:
        """Return the customers of a day in the order they are invoiced.

        None where the contract has one customer only, its own. The one marked takes
        the difference of rounding, else the last.
        """
        held = sorted(
            (
                (span.content, customer_no)
                for span, customer_no in self.spans
                if span.effective_from <= day < span.effective_until
            ),
            key=lambda one: (one[0].order, one[1]),
        )
        marked = [customer_no for content, customer_no in held if content.rounding]
        takes = next(iter([*marked, *(no for _, no in reversed(held))]), None)
        return tuple(
            CustomerShare(no, share_ppm(content.share), no == takes)
            for content, no in held
        )


NOT_SHARED = ContractShares(())


def shares_by_contract(catalogue: Catalogue) -> dict[str, ContractShares]:
    """Return the shares of the contracts that several customers have, by their ids."""
    found: dict[str, list[tuple[Span[ContractCustomer], int]]] = {}
    for span in catalogue.contract_customers.spans:
        no = number_of(catalogue.customers, span.content.customer)
        if span.content.share and no is not None:
            found.setdefault(span.content.contract, []).append((span, no))
    return {contract: ContractShares(tuple(spans)) for contract, spans in found.items()}


def share_ppm(share: Decimal) -> int:
    """Return a share in percent as millionths; `refuse_unclear_shares` let it pass."""
    return int(Fraction(share) * _PPM_PER_PERCENT)


def refuse_unclear_shares(catalogue: Catalogue) -> None:
    """Raise UnusableRecord where shares of a contract do not total 100 on a day.

    Also for a share below 0 or finer than 0.0001 percent or of a customer that is not
    known, for two customers of a contract that take the difference of rounding, and for
    one customer named twice.
    """
    by_contract: dict[str, list[Span[ContractCustomer]]] = {}
    shares = catalogue.contract_customers
    for span in shares.spans:
        _refuse_share(shares.id_of(span), span.content.share)
        _refuse_stranger(catalogue, shares.id_of(span), span.content.customer)
        by_contract.setdefault(span.content.contract, []).append(span)
    for contract, spans in by_contract.items():
        # One that ends leaves the others with less than 100 from that day on.
        days = {span.effective_from for span in spans}
        for day in sorted(days | {span.effective_until for span in spans}):
            held = [
                span
                for span in spans
                if span.effective_from <= day < span.effective_until
                and span.content.share
            ]
            _refuse_day(contract, day, [span.content for span in held])


def _refuse_share(id_: str, share: Decimal) -> None:
    if share < 0 or (Fraction(share) * _PPM_PER_PERCENT).denominator != 1:
        raise UnusableRecord(
            "contract_customer",
            id_,
            why=f"a share of {share} percent is below 0 or finer than 0.0001",
            remedy="Give the customer a share with at most four decimals.",
        )


def _refuse_stranger(catalogue: Catalogue, id_: str, customer: str) -> None:
    if number_of(catalogue.customers, customer) is None:
        raise UnusableRecord(
            "contract_customer",
            id_,
            why=f"customer {customer} is not known",
            remedy="Bring in the customer before its share.",
        )


def _refuse_day(contract: str, day: date, held: Iterable[ContractCustomer]) -> None:
    shares = list(held)
    total = sum((one.share for one in shares), Decimal(0))
    if shares and total != _ALL_PERCENT:
        raise UnusableRecord(
            "contract",
            contract,
            why=f"the shares of its customers total {total.normalize():f} percent, not"
            f" 100, from {day} on",
            remedy="Send all customers of the contract together, with shares that"
            " total 100.",
        )
    if sum(one.rounding for one in shares) > 1:
        raise UnusableRecord(
            "contract",
            contract,
            why="several of its customers take the difference of rounding",
            remedy="Mark one customer of the contract for rounding, or none.",
        )
    if len({one.customer for one in shares}) < len(shares):
        raise UnusableRecord(
            "contract",
            contract,
            why="one of its customers has two shares",
            remedy="Give each customer of the contract one share.",
        )
