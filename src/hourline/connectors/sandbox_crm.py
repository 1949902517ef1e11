"""Read customers, contracts and their lines from the sandbox's CRM."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.master import Listing


def _customer(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    names = ("country", "name", "tax_id", "payment_days")
    fields = {name: row[name] for name in names}
    yield MasterChange("customer", row["id"], fields=fields)


def _contract(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    fields = {
        "customer": row["customer"],
        "entity": row["entity"],
        "currency": row["currency"],
        "name": row["title"],
        "limit": row["limit"],
        **row["terms"],
    }
    until = row["effective_until"]
    yield MasterChange(
        "contract",
        row["id"],
        fields=fields,
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_until=date.max if until is None else date.fromisoformat(until),
    )
    for line in row["lines"]:
        yield MasterChange("contract_line", line["id"], fields=_line(row["id"], line))


def _line(contract: str, line: Mapping[str, Any]) -> dict[str, object]:
    milestones = [
        {
            "id": milestone["id"],
            "amount": milestone["amount"],
            "date": date.fromisoformat(milestone["due_on"]),
        }
        for milestone in line["milestones"]
    ]
    return {
        "contract": contract,
        "method": line["method"],
        "price": line["price"],
        "milestones": milestones,
        **_terms(line["terms"]),
    }


def _terms(said: Mapping[str, Any]) -> dict[str, object]:
    """Return the terms that a line has beside its price, as the CRM says them."""
    days = {"starts_on": "start", "ends_on": "end"}
    return {
        days.get(name, name): date.fromisoformat(value) if name in days else value
        for name, value in said.items()
    }


CONNECTOR = Connector(
    name="sandbox_crm",
    title="Sandbox CRM",
    masters={
        "customers": Listing(("customer",), ("api", "customers"), _customer),
        "contracts": Listing(
            ("contract", "contract_line"), ("api", "contracts"), _contract
        ),
    },
    owns=("customer", "contract", "contract_line"),
)
