"""Follow the master rows of a scenario, so that a change may name only what changes."""

from collections.abc import Mapping
from typing import Any

from hourline.scenarios.format.contract_rows import ContractRow
from hourline.scenarios.format.conversion import convert
from hourline.scenarios.format.figures import found
from hourline.scenarios.format.given import (
    CrossChargeRow,
    CustomerRow,
    EntityRow,
    EntryLockRow,
    FxRow,
    HourTypeRow,
    IntercompanyRow,
    MasterRow,
    PeriodRow,
    PersonRow,
    PrepaidRow,
    ProjectRow,
    RightRow,
    TaxRow,
    VendorRow,
)
from hourline.scenarios.format.group_rows import GroupRow
from hourline.scenarios.format.refusal import InvalidScenario

_ROWS: Mapping[str, type[MasterRow]] = {
    "entity": EntityRow,
    "customer": CustomerRow,
    "vendor": VendorRow,
    "person": PersonRow,
    "contract": ContractRow,
    "project": ProjectRow,
    "hour_types": HourTypeRow,
    "tax": TaxRow,
    "fx": FxRow,
    "intercompany": IntercompanyRow,
    "cross_charge": CrossChargeRow,
    "prepaid": PrepaidRow,
    "period": PeriodRow,
    "entry_lock": EntryLockRow,
    "right": RightRow,
    "group": GroupRow,
}
# Where `given` lists the rows of a kind that have an id.
_LISTS = {
    "group": "groups",
    "entity": "entities",
    "customer": "customers",
    "vendor": "vendors",
    "person": "people",
    "contract": "contracts",
    "project": "projects",
    "hour_types": "hour_types",
    "prepaid": "prepaid",
    "entry_lock": "entry_locks",
}
# A field of a kind that takes the place of another one.
_INSTEAD_OF = {
    "cost_rate": "cost_rates",
    "cost_rates": "cost_rate",
    "customer": "customers",
    "customers": "customer",
}

# What an estimate says of a contract line.
_ESTIMATED = ("estimate_hours", "estimate_cost", "price")


class KnownRows:
    """Hold the latest row of each record as the author wrote it."""

    def __init__(self, rows: dict[tuple[str, str], dict[str, Any]]) -> None:
        """Start with rows by kind and id."""
        self._rows = rows

    @classmethod
    def of_given(cls, given: Mapping[str, Any]) -> "KnownRows":
        """Take the rows of a `given` that was found to be right."""
        return cls(
            {
                (kind, row["id"]): row
                for kind, name in _LISTS.items()
                for row in given.get(name) or ()
            }
        )

    def changed(self, value: object, place: str) -> MasterRow:
        """Return the whole row after a change, and remember it.

        Raises InvalidScenario with the place of what is wrong.
        """
        if not isinstance(value, dict):
            raise InvalidScenario(place, "expected a mapping of fields")
        fields = {name: what for name, what in value.items() if name != "kind"}
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in _ROWS:
            wrong = f"expected {' | '.join(_ROWS)}, found {found(kind)}"
            raise InvalidScenario(f"{place}.kind", wrong)
        before = self._rows.get((kind, str(fields.get("id"))), {})
        replaced = {_INSTEAD_OF.get(name) for name in fields}
        kept = {name: what for name, what in before.items() if name not in replaced}
        row = convert({**kept, **fields}, _ROWS[kind], place)
        if "id" in fields:
            self._rows[kind, fields["id"]] = {**kept, **fields}
        return row

    def estimated(self, value: object) -> None:
        """Remember what an estimate says of a contract line, for later changes."""
        if not isinstance(value, dict):
            return
        said = {name: value[name] for name in _ESTIMATED if name in value}
        for (kind, record_id), row in self._rows.items():
            if kind != "contract":
                continue
            lines = [
                {**line, **said}
                if line.get("id") == value.get("contract_line")
                else line
                for line in row.get("lines") or ()
            ]
            self._rows[kind, record_id] = {**row, "lines": lines}
