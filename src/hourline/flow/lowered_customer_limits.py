"""Find limits of a customer that are lowered below what is billed to it already."""

from collections.abc import Iterator
from math import floor

from hourline.billing import service as billing
from hourline.billing.rules.customer_room import total_of
from hourline.infra.database import Session
from hourline.kernel.money import currency_numbered, major_units
from hourline.master.snapshot import (
    ContractTerms,
    Snapshot,
    UnusableRecord,
)


def lowered_of_customers(
    session: Session, before: ContractTerms | None, at: tuple[int, Snapshot]
) -> Iterator[UnusableRecord]:
    """Yield the limits lowered below what a customer was billed.

    One that is new counts as lowered. What was credited to one of several customers
    and stands for the others counts, since it is open to bill to that one.
    """
    contract_no, snapshot = at
    terms = snapshot.allotting[contract_no]
    so_far = before.customer_caps if before else ()
    allowed = {cap.record: cap.amount for cap in so_far}
    lowered = [
        cap
        for cap in terms.customer_caps
        if cap.record not in allowed or cap.amount < allowed[cap.record]
    ]
    if not lowered:
        return
    nets = billing.read_net_of_customers(session, contract_no)
    worth = billing.read_billed_to_customers(session, contract_no).worth
    kept = {place: floor(exact) for place, exact in worth.items()}
    currency = currency_numbered(terms.currency)
    for cap in lowered:
        net = max(total_of(cap, nets), total_of(cap, kept))
        if cap.amount < net:
            limit, billed = (major_units(of, currency) for of in (cap.amount, net))
            kind, id_ = cap.record
            yield UnusableRecord(
                kind,
                id_,
                why=f"its limit of {limit} {currency.code} is below the {billed}"
                f" {currency.code} invoiced already to customer {cap.customer}",
                remedy="Set it no lower than that, or credit the invoices first.",
            )
