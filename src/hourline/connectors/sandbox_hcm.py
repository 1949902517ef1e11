"""Read people, what they cost and when they work from the sandbox's HCM."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.declare import Connector
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.master import Listing, MasterPage
from hourline.connectors.sdk.target import Ask

_MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Organisation:
    """Read the cost centres out of the organisation, which comes as one page."""

    kinds: tuple[str, ...] = ("cost_centre",)

    def page(self, cursor: str) -> Ask:  # noqa: ARG002 - there is one page
        return Ask(method="GET", path=("api", "organisation"))

    def read(self, reply: HttpReply) -> MasterPage:
        rows = reply.json()["cost_centres"]
        return MasterPage(
            changes=tuple(
                MasterChange("cost_centre", row["id"], fields={"name": row["name"]})
                for row in rows
            ),
            next_cursor=None,
        )


def _supplier(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    fields = {name: row[name] for name in ("name", "country", "currency")}
    yield MasterChange("vendor", row["id"], fields=fields)


def _calendar(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    fields = {
        "weekday_seconds": [
            minutes * _MINUTE_SECONDS for minutes in row["weekday_minutes"]
        ],
        "holidays": row["holidays"],
    }
    yield MasterChange("calendar", row["id"], fields=fields)


def _employee(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    names = ("entity", "role", "name", "cost_centre", "calendar")
    fields = {name: row[name] for name in names}
    fields |= {"vendor": row["supplier"], "resourcing_entity": row["provided_by"]}
    yield MasterChange(
        "person",
        row["employee_number"],
        fields=fields,
        effective_from=date.fromisoformat(row["employed_from"]),
    )


def _cost_rate(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    fields = {"person": row["employee_number"], "rate": row["rate_per_hour"]}
    yield MasterChange(
        "cost_rate",
        f"{row['employee_number']} from {row['effective_from']}",
        fields=fields,
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_until=_day(row["effective_until"]),
    )


def _leave(row: Mapping[str, Any]) -> Iterator[MasterChange]:
    fields = {
        "person": row["employee_number"],
        "away_from": row["effective_from"],
        "away_until": row["effective_until"],
    }
    name = f"{row['employee_number']} {row['effective_from']}"
    yield MasterChange("leave", name, fields=fields)


def _day(text: str | None) -> date:
    return date.max if text is None else date.fromisoformat(text)


CONNECTOR = Connector(
    name="sandbox_hcm",
    title="Sandbox HCM",
    masters={
        "organisation": _Organisation(),
        "calendars": Listing(("calendar",), ("api", "calendars"), _calendar),
        "suppliers": Listing(("vendor",), ("api", "suppliers"), _supplier),
        "employees": Listing(("person",), ("api", "employees"), _employee),
        "cost_rates": Listing(("cost_rate",), ("api", "cost-rates"), _cost_rate),
        "leave": Listing(("leave",), ("api", "leave"), _leave),
    },
    owns=("cost_centre", "calendar", "vendor", "person", "cost_rate", "leave"),
)
