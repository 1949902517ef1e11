"""Read timesheet lines from Tryton, the longest unchanged first.

Tryton does not know approval of time: every line that is there counts as approved. A
line deleted in Tryton leaves no trace there, so it must be recalled by other means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.source import Page
from hourline.connectors.sdk.target import Ask
from hourline.connectors.tryton import wire

_FIELDS = (
    "employee.id",
    "work.origin",
    "date",
    "duration",
    "description",
    "write_date",
)
# A transaction that takes long commits a time of change that lies back.
_OVERLAP = timedelta(minutes=5)
_RECORD = msgspec.json.Encoder(decimal_format="number", order="deterministic")
READING: Mapping[str, object] = {
    "states_revisions": False,
    "status": "approved",
    "fields": {
        "person": "employee.id",
        "project": "work.origin",
        "seconds": "duration",
        "note": "description",
        "updated_at": "write_date",
    },
}


@dataclass(frozen=True, slots=True)
class TimesheetLines:
    """Read all lines, then what changed since; the last minutes are read twice."""

    def page(self, cursor: str) -> Ask:
        """Return the call for the lines changed after a cursor: instant, then id."""
        domain: list[object] = []
        if cursor:
            at_text, _, after = cursor.partition(" ")
            at = wire.instant(at_text)
            same_moment = [["write_date", "=", at], ["id", ">", int(after)]]
            domain = [["OR", [["write_date", ">", at]], same_moment]]
        order = ("write_date", "id")
        return wire.search("timesheet.line", domain, fields=_FIELDS, order=order)

    def read(self, reply: HttpReply) -> Page:
        """Return the lines, and the cursor behind the last of them."""
        told = wire.told_records(reply)
        more = len(told) == wire.PAGE_RECORDS
        return Page(
            records=tuple(_RECORD.encode(line) for line in told),
            next_cursor=_behind(told[-1], more=more) if told else None,
            more=more,
        )


def _behind(line: Mapping[str, object], *, more: bool) -> str:
    at = datetime.fromisoformat(str(line["write_date"]))
    if more:
        return f"{at.isoformat()} {line['id']}"
    return f"{(at - _OVERLAP).isoformat()} 0"
