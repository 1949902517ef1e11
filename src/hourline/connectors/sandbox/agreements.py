"""Invent what the firm agrees beside its systems: shares, blocks, transfer prices.

No system of the firm knows these, so they are decided in Hourline itself.
"""

from datetime import date

from hourline.connectors.sandbox.engagements import YEAR_START
from hourline.connectors.sandbox.model import (
    BillRate,
    Contract,
    ContractShare,
    CrossCharge,
    Customer,
    PrepaidHours,
    RoundedTime,
    TransferPrice,
)
from hourline.connectors.sandbox.terms import domestic_hourly, foreign_hourly

_EXPIRES_ON = date(2026, 12, 31)
# Bought before the month, so that it is invoiced before the first hour of it.
_PURCHASED_ON = date(2026, 9, 28)
_QUARTER_MINUTES = 15

TRANSFER_PRICES = (
    TransferPrice("GB1", "US1", "unit_price", "150", "USD"),
    TransferPrice("DE1", "US1", "cost_plus_percent", "15", None),
    TransferPrice("GB1", "DE1", "percent_of_bill_rate", "80", None),
    TransferPrice("DE1", "GB1", "cost_plus_percent", "12", None),
)
# Departments of US1: delivery is charged at its cost, the practice leads at a price.
CROSS_CHARGES = (
    CrossCharge("US1"),
    CrossCharge("US1", cost_centre="CC-US1-20", price_minor=14_000),
)
_BLENDED_MINOR = 14_800


def build_blended_rate(
    contracts: tuple[Contract, ...], customers: tuple[Customer, ...]
) -> BillRate:
    """Return the one price of everybody on a contract abroad."""
    contract = foreign_hourly(contracts, customers, "DE1")[0]
    return BillRate(
        contract.currency,
        _BLENDED_MINOR,
        YEAR_START,
        contract=contract.contract,
        blended=True,
    )


def build_shares(
    contracts: tuple[Contract, ...], customers: tuple[Customer, ...]
) -> tuple[ContractShare, ...]:
    """Return a contract that two customers share, and one that three do."""
    return (
        *_shared(contracts, customers, ("GB1", 2), percents=("60", "40")),
        *_shared(
            contracts, customers, ("DE1", 2), percents=("33.33", "33.33", "33.34")
        ),
    )


def build_prepaid_hours(
    contracts: tuple[Contract, ...], customers: tuple[Customer, ...]
) -> tuple[PrepaidHours, ...]:
    """Return a block sold elsewhere, and one that Hourline invoices in advance."""
    (sold_elsewhere, sold_here) = (
        domestic_hourly(contracts, customers, entity)[place].lines[0].line
        for entity, place in (("GB1", 0), ("DE1", 1))
    )
    days = (_PURCHASED_ON, _EXPIRES_ON)
    return (
        PrepaidHours("H-2026-07", sold_elsewhere, 40, *days, None),
        PrepaidHours("H-2026-08", sold_here, 200, *days, 2_700_000),
    )


def build_rounded_time(
    contracts: tuple[Contract, ...], customers: tuple[Customer, ...]
) -> RoundedTime:
    """Return the customer whose time is billed in quarters of an hour begun."""
    contract = domestic_hourly(contracts, customers, "GB1")[1]
    return RoundedTime(contract.customer, _QUARTER_MINUTES)


def _shared(
    contracts: tuple[Contract, ...],
    customers: tuple[Customer, ...],
    place: tuple[str, int],
    *,
    percents: tuple[str, ...],
) -> tuple[ContractShare, ...]:
    """Share a contract with others of the same country; the last takes the cents."""
    entity, position = place
    contract = domestic_hourly(contracts, customers, entity)[position]
    own = next(c for c in customers if c.customer == contract.customer)
    others = [
        customer
        for customer in customers
        if customer.country == own.country
        and not customer.internal
        and customer is not own
    ]
    return tuple(
        ContractShare(
            contract.contract,
            customer.customer,
            percent,
            order=order,
            takes_difference=order == len(percents),
        )
        for order, (customer, percent) in enumerate(
            zip((own, *others), percents, strict=False), start=1
        )
    )
