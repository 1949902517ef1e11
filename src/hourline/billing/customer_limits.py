"""Keep what is billed to one customer of a contract below its limits."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor

from hourline.billing.model import Assembled, OpenItem
from hourline.billing.model_allotted import OpenForOne
from hourline.billing.rules.customer_room import CustomerRoomInMoney, total_of
from hourline.billing.store_customers import read_net_of_customers
from hourline.infra.database import Session
from hourline.master.snapshot import ContractTerms, CustomerCap, Snapshot


def customer_room(
    session: Session, snapshot: Snapshot, contract_no: int, items: Iterable[OpenItem]
) -> CustomerRoomInMoney | None:
    """Return what customers with a limit may still be billed; None where none has one.

    Neither where amounts are set by hand: those are refused above a limit, and move
    nothing to other customers.
    """
    terms = snapshot.allotting.get(contract_no)
    if terms is None or not terms.customer_caps:
        return None
    if any(item.net_by_hand is not None for item in items):
        return None
    return CustomerRoomInMoney(
        terms.customer_caps, read_net_of_customers(session, contract_no)
    )


def above_customer_limit(
    session: Session,
    assembled: Assembled,
    terms: ContractTerms,
    kept: Sequence[OpenForOne],
) -> tuple[CustomerCap, int] | None:
    """Return a limit that a bill exceeds, with what its customer would be billed.

    What is kept open for it counts.
    """
    if not terms.customer_caps:
        return None
    invoiced = read_net_of_customers(session, assembled.terms.contract_no)
    nets = {place: Fraction(net) for place, net in invoiced.items()}
    for one in kept:
        place = one.day.contract_line_no, one.customer_no
        nets[place] = nets.get(place, Fraction(0)) + one.amount
    for line in assembled.lines:
        customer_no = line.item.customer_no
        if line.item.milestone is None and customer_no is not None:
            place = line.item.contract_line_no, customer_no
            nets[place] = nets.get(place, Fraction(0)) + line.net
    totals = [(cap, floor(total_of(cap, nets))) for cap in terms.customer_caps]
    return next(((cap, total) for cap, total in totals if total > cap.amount), None)


def named(cap: CustomerCap, contract_no: int, snapshot: Snapshot) -> str:
    """Return what a limit is of, in words."""
    if cap.contract_line_no is None:
        contract = snapshot.contract(contract_no).id
        return f"customer {cap.customer} in contract {contract}"
    line = snapshot.contract_line(cap.contract_line_no).id
    return f"customer {cap.customer} on contract line {line}"
