"""Find the columns of an export in its header, whatever release wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hourline.intake.model import ExportReading, SourceReading
from hourline.intake.rules.fields import Fields
from hourline.intake.rules.spelling import clean, fold

_ALWAYS = ("date", "task", "seconds", "billable", "start_time")
_WHERE_THERE = ("approved", "invoiced", "end_date", "end_time", "note")
_PERSON = {"name": "person_name", "email": "person_email"}
_PROJECT = {
    "name": ("project",),
    "code": ("project_code",),
    "client_and_name": ("client", "project"),
}
_SPOKEN = {"approved": "approval", "project_code": "project codes"}
_BETWEEN = {"person": " ", "project": " / "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Declare the export of one tool: our field, and what its columns are called.

    A field has one or more alternatives, the first that is there counts; an alternative
    is one or more columns whose cells are joined.
    """

    name: str
    title: str
    columns: Mapping[str, tuple[tuple[str, ...], ...]]

    def names_of(self, field: str) -> str:
        """Return what the columns of a field are called, for a person."""
        alternatives = self.columns.get(field)
        if alternatives is None:
            return f"column for {_SPOKEN.get(field, field)}"
        return " or ".join(" and ".join(names) for names in alternatives)


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold where a header has what is read: label of ours, and the columns behind it.

    `reading` reads a row of cells by these labels.
    """

    sources: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    reading: SourceReading

    def stated_seconds(self, row: Mapping[str, object]) -> int:
        """Return the duration a row states, 0 where it cannot be read."""
        fields = Fields(self.cells(row), self.reading, cells=True)
        return fields.duration("seconds", required=False) or 0

    def cells(self, row: Mapping[str, object]) -> dict[str, object]:
        """Return what a row says, by label; parts that are joined must all be there."""
        said: dict[str, object] = {}
        for field, names in self.sources.items():
            parts = [row[name] for name in names]
            label = self.labels[field]
            said[label] = parts[0] if len(parts) == 1 else _joined(field, parts)
        return said


def needed_fields(layout: Layout, reading: ExportReading) -> list[str]:
    """Return the fields an export must have to be read this way."""
    always = [field for field in _ALWAYS if field in layout.columns]
    approved = ["approved"] if reading.approval == "column" else []
    person = _PERSON[reading.person_key]
    return [person, *_PROJECT[reading.project_key], *always, *approved]


def missing_columns(
    header: Sequence[str], layout: Layout, reading: ExportReading
) -> list[str]:
    """Return the names of the columns a header lacks, for a person."""
    return [
        layout.names_of(field)
        for field in needed_fields(layout, reading)
        if _found(header, layout, field) is None
    ]


def columns_of(
    header: Sequence[str], layout: Layout, reading: ExportReading
) -> Columns | None:
    """Return where a header has what is read, None where it lacks something."""
    if missing_columns(header, layout, reading):
        return None
    chosen: dict[str, tuple[str, ...]] = {
        "person": (_PERSON[reading.person_key],),
        "project": _PROJECT[reading.project_key],
    }
    chosen |= {field: (field,) for field in (*_ALWAYS, *_WHERE_THERE)}
    sources: dict[str, tuple[str, ...]] = {}
    for field, theirs in chosen.items():
        found = [_found(header, layout, one) for one in theirs]
        names = [name for one in found if one is not None for name in one]
        if names:
            sources[field] = tuple(names)
    labels = {
        field: _BETWEEN.get(field, " ").join(clean(name) for name in names)
        for field, names in sources.items()
    }
    inner = SourceReading(
        states_revisions=False,
        status="approved",
        fields=dict(labels) | {"activity": labels.get("task", "task")},
        duration_unit="hours",
        date_order=reading.date_order,
        decimal_mark=reading.decimal_mark,
    )
    return Columns(sources, labels, inner)


def _found(header: Sequence[str], layout: Layout, field: str) -> tuple[str, ...] | None:
    there = {fold(name): name for name in header}
    for names in layout.columns.get(field, ()):
        folded = [fold(name) for name in names]
        if all(name in there for name in folded):
            return tuple(there[name] for name in folded)
    return None


def _joined(field: str, parts: Sequence[object]) -> object:
    texts = []
    for part in parts:
        if not isinstance(part, str):
            return part
        texts.append(clean(part))
    if field == "project" and not all(texts):
        return ""
    return _BETWEEN.get(field, " ").join(text for text in texts if text)
