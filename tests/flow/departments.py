"""Give the firm of tests.flow.house departments that charge each other."""

from decimal import Decimal

from hourline.connectors.sdk.changes import MasterChange

DEV = MasterChange("cost_centre", "DEV", fields={"name": "Development"})
OPS = MasterChange("cost_centre", "OPS", fields={"name": "Operations"})
ANN = MasterChange("person", "ann", fields={"cost_centre": "DEV"})
P1 = MasterChange("project", "P1", fields={"cost_centre": "OPS"})
AT_COST = MasterChange("cross_charge", "at-cost", fields={"entity": "US1"})
DEPARTMENTS = (DEV, OPS, ANN, P1)


def priced(model: str, value: str) -> MasterChange:
    """Give a row of US1 that prices what every department charges every other."""
    fields = {"entity": "US1", "model": model, "value": Decimal(value)}
    return MasterChange("cross_charge", "at-cost", fields=fields)
