"""Find the layouts of exports: every module in `layouts` declares its own."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hourline.intake.model import ExportReading
from hourline.intake.rules.columns import Layout, needed_fields

_FOLDER = "hourline.intake.layouts"
# What a layout says itself, and another reading would say in its place.
_SAID_BY_LAYOUT = ("fields", "statuses", "status", "identity")


@cache
def layouts() -> Mapping[str, Layout]:
    """Return every layout by name; adding a tool is adding its file.

    Raises TypeError for a module without a LAYOUT.
    """
    found: dict[str, Layout] = {}
    for module in iter_modules(import_module(_FOLDER).__path__):
        declared = getattr(import_module(f"{_FOLDER}.{module.name}"), "LAYOUT", None)
        if not isinstance(declared, Layout):
            raise TypeError(f"{_FOLDER}.{module.name} declares no LAYOUT")
        found[declared.name] = declared
    return found


def layout_of(reading: ExportReading) -> Layout:
    """Return the layout a reading names; raises LookupError naming those there are."""
    found = layouts()
    if reading.layout not in found:
        known = ", ".join(sorted(found))
        raise LookupError(f"no layout {reading.layout}; there are: {known}")
    return found[reading.layout]


def zone_of(reading: ExportReading) -> ZoneInfo | None:
    """Return the time zone of the tool's clock, if it was said."""
    return None if reading.time_zone is None else ZoneInfo(reading.time_zone)


def check_export_reading(reading: ExportReading) -> None:
    """Raise ValueError for settings that do not fit together, LookupError for a name.

    A key that no export of the tool has is refused here and not with its first file.
    """
    layout = layout_of(reading)
    lacking = [
        layout.names_of(field)
        for field in needed_fields(layout, reading)
        if field not in layout.columns
    ]
    if lacking:
        raise ValueError(f"exports of {layout.title} have no {', '.join(lacking)}")
    said = [name for name in _SAID_BY_LAYOUT if getattr(reading, name)]
    if said or reading.states_revisions or reading.duration_unit != "seconds":
        names = ", ".join(said or ["states_revisions or duration_unit"])
        raise ValueError(f"a layout says itself what {names} would say")
    if reading.gone == "recall" and reading.covers is None:
        raise ValueError(
            "gone recall needs covers: everything, or people_and_projects where exports"
            " may be filtered by these and by nothing else"
        )
    try:
        zone_of(reading)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError(f"there is no time zone {reading.time_zone}") from fault
