"""Write the firm's time entries and amounts the way its systems send them."""

from datetime import date, datetime

from hourline.connectors.sandbox.expense_model import SourceExpense
from hourline.connectors.sandbox.model import SourceTimeEntry
from hourline.kernel.money import currency_of, major_units

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
ExpenseObject = dict[str, str | int | bool | None]


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


def expense_object(expense: SourceExpense) -> ExpenseObject:
    """Return an expense in the words of the tool that keeps it."""
    currency = currency_of(expense.currency)
    return {
        "expense": expense.id,
        "version": expense.version,
        "state": expense.state,
        "account": account_of(expense.employee_number),
        "code": code_of(expense.project),
        "spent_on": expense.spent_on.isoformat(),
        "purpose": expense.purpose,
        "paid": f"{major_units(expense.paid_minor, currency):f}",
        "currency": expense.currency,
        "tax": f"{major_units(expense.tax_minor, currency):f}",
        "tax_reclaimable": expense.tax_reclaimable,
        "markup_percent": str(expense.markup_percent),
        "receipt": expense.receipt,
        "approved_at": instant(expense.approved_at),
        "changed_at": instant(expense.changed_at),
    }


def account_of(employee_number: str) -> str:
    """Return what the expense tool calls an employee: `U-1007` is `E-1007`."""
    return f"U-{employee_number.removeprefix('E-')}"


def code_of(project: str) -> str:
    """Return what the expense tool calls a project of the PSA: `PRJ-12` is `p-12`."""
    return f"PRJ-{project.removeprefix('p-')}"


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
