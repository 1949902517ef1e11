"""Let some people belong to other companies, which bill for their hours.

The bills name hours to the hundredth, so they differ from approved time by seconds,
which the entities accept. One vendor's rate for its second person is a little above
what was agreed, and one line of that person bills a day more than was approved.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from hourline.connectors.sandbox.model import Assignment, Person, SourceTimeEntry
from hourline.connectors.sandbox.organisation import MONTH_END, MONTH_START


@dataclass(frozen=True)
class Vendor:
    """A company whose people work for the firm, and how many of them."""

    vendor: str
    name: str
    country: str
    currency: str
    entity: str
    people: int


@dataclass(frozen=True)
class VendorBillLine:
    """What a vendor bills for a person on a project, in hundredths of hours."""

    vendor: str
    bill: str
    entity: str
    currency: str
    employee_number: str
    project: str
    hours_hundredths: int
    rate_minor: int


VENDORS = (
    Vendor("CODEWORKS", "Codeworks LLC", "US", "USD", "US1", 2),
    Vendor("NORDLICHT", "Nordlicht Software GmbH", "DE", "EUR", "DE1", 1),
)
BILLED_ON = date(2026, 10, 31)
_ROLE = "developer"
_DEARER_PERCENT = 102
_A_DAY_HUNDREDTHS = 800
_HUNDREDTH_SECONDS = 36
_COLUMNS = ("vendor", "bill", "entity", "date", "currency", "person", "project")


def with_vendors(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return the people, the last developers of some entities being a vendor's."""
    vendor_of = {
        person.employee_number: vendor.vendor
        for vendor in VENDORS
        for person in _developers(people, vendor.entity)[-vendor.people :]
    }
    return tuple(
        replace(person, vendor=vendor_of.get(person.employee_number))
        for person in people
    )


def build_vendor_bills(
    people: tuple[Person, ...],
    entries: Iterable[SourceTimeEntry],
    allowed: Iterable[Assignment],
) -> tuple[VendorBillLine, ...]:
    """Return the bills of the month for entries as they stand at its end.

    `allowed` says who may work on what: nothing else is billed.
    """
    hired = {person.psa_id: person for person in people if person.vendor}
    pairs = {(one.person, one.project) for one in allowed}
    seconds: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        if entry.person in hired and (entry.person, entry.project) in pairs:
            seconds[entry.person, entry.project] += entry.seconds
    found: list[VendorBillLine] = []
    for vendor in VENDORS:
        own = [person for person in hired.values() if person.vendor == vendor.vendor]
        for place, person in enumerate(own):
            of_person = {
                project: worked
                for (psa_id, project), worked in seconds.items()
                if psa_id == person.psa_id
            }
            found += _lines(vendor, person, of_person, is_dearer=place > 0)
    return tuple(found)


def vendor_bills_file(lines: Iterable[VendorBillLine]) -> bytes:
    """Return the bills as the CSV that Hourline takes in."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*_COLUMNS, "from", "until", "hours", "rate"))
    for one in lines:
        days = (MONTH_START.isoformat(), MONTH_END.isoformat())
        figures = (_hundredths(one.hours_hundredths), _hundredths(one.rate_minor))
        writer.writerow(
            (
                *(one.vendor, one.bill, one.entity, BILLED_ON.isoformat()),
                *(one.currency, one.employee_number, one.project, *days, *figures),
            )
        )
    return text.getvalue().encode()


def _developers(people: tuple[Person, ...], entity: str) -> list[Person]:
    """Return those of an entity whose hour costs the same all month."""
    return [
        person
        for person in people
        if (person.entity, person.role) == (entity, _ROLE)
        and len(person.cost_rates) == 1
    ]


def _lines(
    vendor: Vendor, person: Person, seconds: Mapping[str, int], *, is_dearer: bool
) -> list[VendorBillLine]:
    cost_minor = person.cost_rates[0].rate_minor
    longest = max(seconds, key=lambda project: (seconds[project], project))
    return [
        VendorBillLine(
            vendor=vendor.vendor,
            bill=f"{vendor.vendor[:2]}-2026-10",
            entity=vendor.entity,
            currency=vendor.currency,
            employee_number=person.employee_number,
            project=project,
            hours_hundredths=(worked + _HUNDREDTH_SECONDS // 2) // _HUNDREDTH_SECONDS
            + (_A_DAY_HUNDREDTHS if is_dearer and project == longest else 0),
            rate_minor=cost_minor * _DEARER_PERCENT // 100 if is_dearer else cost_minor,
        )
        for project, worked in sorted(seconds.items())
    ]


def _hundredths(number: int) -> str:
    return f"{number // 100}.{number % 100:02}"
