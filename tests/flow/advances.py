"""Give a firm a retainer, and a contract that two customers share."""

from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange

RETAINER = MasterChange(
    "contract_line",
    "C1.R",
    fields={"contract": "C1", "method": "retainer", "amount": Decimal(300)},
)
KIEL = MasterChange("customer", "KIEL", fields={"country": "DE"})


def shares(**percent: str) -> list[MasterChange]:
    """Give each customer of C1 its share, in the order they are named."""
    return [
        MasterChange(
            "contract_customer",
            f"C1:{customer}",
            fields={
                "contract": "C1",
                "customer": customer,
                "share": Decimal(share),
                "order": order,
            },
        )
        for order, (customer, share) in enumerate(percent.items(), start=1)
    ]
