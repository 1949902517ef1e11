"""Read what customers of a contract were billed, for limits of one customer."""

from collections import Counter
from fractions import Fraction

from hourline.billing.model_allotted import BilledToCustomers
from hourline.billing.store import QUERIES
from hourline.billing.store_shares import read_shares
from hourline.infra.database import Session
from hourline.kernel.quantity import PRICE_SCALE
from hourline.master.snapshot import WHOLE_PPM


def read_billed_to_customers(session: Session, contract_no: int) -> BilledToCustomers:
    """Return what customers were billed for work; what one has open keeps its room."""
    worth: dict[tuple[int, int], Fraction] = {}
    for line_no, customer_no, *price, seconds, units, by_hand in session.tuples(
        QUERIES["customers_billed"], contract_no=contract_no
    ):
        at_rate = Fraction(seconds) * Fraction(price[0], price[1] * PRICE_SCALE)
        exact = (at_rate + Fraction(units)) / WHOLE_PPM + by_hand
        key = line_no, customer_no
        worth[key] = worth.get(key, Fraction(0)) + exact
    shares = {
        (entry_no, revision, part): {one.customer_no: one.share_ppm for one in parties}
        for (entry_no, revision, part, *_), parties in read_shares(
            session, contract_no
        ).items()
        if isinstance(entry_no, int)
        and isinstance(revision, int)
        and isinstance(part, int)
    }
    return BilledToCustomers(worth, shares)


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
