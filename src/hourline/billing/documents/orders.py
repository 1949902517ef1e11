"""Find the customer's order that an issued document names."""

from collections.abc import Iterable
from datetime import date

from hourline.billing.documents.records import Records


def purchase_order_of(
    records: Records,
    day: date,
    *,
    contract_no: int,
    contract_line_nos: Iterable[int],
    of_customer: str | None,
) -> str | None:
    """Return the order of the contract lines, else the contract's, else the customer's.

    A document names one order or none, so there is none where its lines differ.
    """

    def stated(master_no: int) -> str | None:
        order = records.fields(master_no, day).get("purchase_order")
        return None if order is None else str(order)

    usual = stated(contract_no) or of_customer
    orders = {stated(line_no) or usual for line_no in contract_line_nos}
    return orders.pop() if len(orders) == 1 else None
