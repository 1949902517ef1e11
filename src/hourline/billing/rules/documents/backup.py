"""Rule: the backup of a document shows each hour once and sums to the document."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hourline.billing.documents.model import CustomerDocument, Evidence


class Layout(StrEnum):
    """Name what a backup is ordered and summed by."""

    PERSON = "person"
    DAY = "day"
    TASK = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRow:
    """Hold one entry, expense or milestone, and the line of the document it is on."""

    line: int
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupGroup:
    """Hold what belongs to one person, day or task."""

    title: str
    rows: tuple[BackupRow, ...]

    @property
    def seconds(self) -> int:
        """Return the time of all rows."""
        return sum(row.evidence.seconds for row in self.rows)

    @property
    def net(self) -> int:
        """Return the amount of all rows, in minor units."""
        return sum(row.evidence.net for row in self.rows)


def backup(document: CustomerDocument, layout: Layout) -> list[BackupGroup]:
    """Return the groups of a layout, in order; together they are the document's net.

    Within a group rows are by day, then by person, then in the order of the document.
    """
    title = _TITLES[layout]
    groups: dict[str, list[BackupRow]] = {}
    for line, one in document.evidence:
        row = BackupRow(line=line.number, evidence=one)
        groups.setdefault(title(one), []).append(row)
    return [
        BackupGroup(title=name, rows=tuple(sorted(rows, key=_order)))
        for name, rows in sorted(groups.items())
    ]


def _order(row: BackupRow) -> tuple[str, str, int]:
    return row.evidence.dated.isoformat(), row.evidence.person, row.line


def _task(one: Evidence) -> str:
    return ", ".join(part for part in (one.project, one.task) if part) or "Other"


_TITLES: dict[Layout, Callable[[Evidence], str]] = {
    Layout.PERSON: lambda one: one.person or "Other",
    Layout.DAY: lambda one: one.dated.isoformat(),
    Layout.TASK: _task,
}
