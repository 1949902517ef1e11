"""Write the firm's time entries and amounts the way its systems send them."""

from datetime import date, datetime

from hourline.connectors.sandbox.model import SourceTimeEntry

# Also the header of the CSV and XLSX files.
FIELDS = (
    "id",
    "revision",
    "status",
    "person",
    "project",
    "activity",
    "hour_type",
    "date",
    "seconds",
    "billable_seconds",
    "note",
    "approved_at",
    "updated_at",
)

TimeEntryObject = dict[str, str | int | None]


def time_entry_object(entry: SourceTimeEntry) -> TimeEntryObject:
    """Return the object that every method carries."""
    return {
        "id": entry.id,
        "revision": entry.revision,
        "status": entry.status,
        "person": entry.person,
        "project": entry.project,
        "activity": entry.activity,
        "hour_type": entry.hour_type,
        "date": entry.worked_on.isoformat(),
        "seconds": entry.seconds,
        "billable_seconds": entry.billable_seconds,
        "note": entry.note,
        "approved_at": instant(entry.approved_at),
        "updated_at": instant(entry.updated_at),
    }


def instant(moment: datetime) -> str:
    """Return an RFC 3339 text in UTC with whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day(found: date | None) -> str | None:
    """Return an ISO day, or None where a span is open."""
    return None if found is None else found.isoformat()


def major(minor: int) -> str:
    """Return minor units as a decimal string in major units, two digits."""
    sign, units = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{units // 100}.{units % 100:02d}"
