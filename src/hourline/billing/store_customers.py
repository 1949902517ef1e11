"""Read what customers of a contract were billed, for limits of one customer."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from hourline.billing.model_allotted import (
    BilledToCustomers,
    InvoicedDay,
    OpenForOne,
    PortionKey,
)
from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.quantity import PRICE_SCALE
from hourline.master.snapshot import WHOLE_PPM


def read_billed_to_customers(
    session: Session, contract_no: int, portions: Sequence[PortionKey] = ()
) -> BilledToCustomers:
    """Return what customers were billed for work; what one has open keeps its room.

    With it the shares that these portions, billed in part, were billed by.
    """
    worth: dict[tuple[int, int], Fraction] = {}
    for line_no, customer_no, *price, seconds, units, by_hand in session.tuples(
        QUERIES["customers_billed"], contract_no=contract_no
    ):
        at_rate = Fraction(seconds) * Fraction(price[0], price[1] * PRICE_SCALE)
        exact = (at_rate + Fraction(units)) / WHOLE_PPM + by_hand
        key = line_no, customer_no
        worth[key] = worth.get(key, Fraction(0)) + exact
    return BilledToCustomers(worth, _shares_of(session, portions))


def read_open_for_one(session: Session, contract_no: int) -> list[OpenForOne]:
    """Return what was billed to several customers and is open for some of them."""
    return [
        OpenForOne(
            (entry_no, revision, part),
            customer_no,
            InvoicedDay(
                contract_line_no=line_no,
                person_no=person_no,
                dated=dated,
                seconds=Fraction(seconds) / WHOLE_PPM,
                worth=Fraction(seconds)
                / WHOLE_PPM
                * Fraction(rate_amount, rate_seconds * PRICE_SCALE),
                expenses=Fraction(units) / WHOLE_PPM,
            ),
        )
        for (
            entry_no,
            revision,
            part,
            customer_no,
            line_no,
            person_no,
            dated,
            rate_amount,
            rate_seconds,
            seconds,
            units,
        ) in session.tuples(QUERIES["open_for_one"], contract_no=contract_no)
    ]


def _shares_of(
    session: Session, portions: Sequence[PortionKey]
) -> dict[PortionKey, dict[int, int]]:
    shares: dict[PortionKey, dict[int, int]] = {}
    if not portions:
        return shares
    entry_nos, revisions, parts = zip(*portions, strict=True)
    for *portion, customer_no, share_ppm in session.tuples(
        QUERIES["shares_of_portions"],
        entry_no=list(entry_nos),
        revision=list(revisions),
        part=list(parts),
    ):
        entry_no, revision, part = portion
        shares.setdefault((entry_no, revision, part), {})[customer_no] = share_ppm
    return shares


def read_net_of_customers(
    session: Session, contract_no: int
) -> Counter[tuple[int, int]]:
    """Return what was invoiced less credits for work, by line and customer, net."""
    nets: Counter[tuple[int, int]] = Counter()
    for line_no, customer_no, net in session.tuples(
        QUERIES["net_of_customers"], contract_no=contract_no
    ):
        nets[line_no, customer_no] += net
    return nets
