"""Give a firm a contract in euros, books in dollars, and a group in pounds at 0.80."""

from datetime import date
from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange


def fx(source: str, target: str, rate: str, day: date) -> MasterChange:
    """Give what a unit of one currency is worth in another from a day on."""
    return MasterChange(
        "fx_rate",
        f"{source}-{target} {day:%b}",
        fields={
            "from_currency": source,
            "to_currency": target,
            "rate": Decimal(rate),
        },
        effective_from=day,
    )


EUROS = MasterChange("contract", "C1", fields={"currency": "EUR"})
ABROAD = (
    EUROS,
    MasterChange("entity_group", "G", fields={"currency": "GBP"}),
    MasterChange("legal_entity", "US1", fields={"group": "G"}),
    fx("JPY", "EUR", "0.00613", date(2025, 1, 1)),
    fx("JPY", "USD", "0.00667", date(2025, 1, 1)),
    fx("EUR", "USD", "1.10", date(2025, 1, 1)),
    fx("EUR", "USD", "1.12", date(2025, 3, 20)),
    fx("GBP", "USD", "1.25", date(2025, 1, 1)),
)
