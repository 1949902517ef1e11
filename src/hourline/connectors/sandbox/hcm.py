"""Serve the people of the firm and what they cost, as its HCM does."""

from collections.abc import Sequence

from hourline.connectors.sandbox.calls import Answer, Call, Operation, page
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import Person
from hourline.connectors.sandbox.subcontracting import Vendor
from hourline.connectors.sandbox.wire import day, major


def hcm_operations(firm: Firm) -> tuple[Operation, ...]:
    """Return the operations of the HCM; it knows employee numbers only."""
    currencies = {entity.entity: entity.currency for entity in firm.entities}
    organisation = {
        "entities": [
            {"id": entity.entity, "name": entity.name, "country": entity.country}
            for entity in firm.entities
        ],
        "cost_centres": [
            {"id": found.cost_centre, "entity": found.entity, "name": found.name}
            for found in firm.cost_centres
        ],
    }
    cost_rates = [
        row
        for person in firm.people
        for row in _cost_rates(person, currencies[person.entity])
    ]
    calendars = [
        {
            "id": calendar.calendar,
            "weekday_minutes": list(calendar.weekday_minutes),
            "holidays": [day(found) for found in calendar.holidays],
        }
        for calendar in firm.calendars
    ]
    return (
        Operation(
            "show_organisation",
            "GET",
            "/api/organisation",
            lambda _call: Answer(200, organisation),
        ),
        _listing("suppliers", [_supplier(vendor) for vendor in firm.vendors]),
        _listing("employees", [_employee(person) for person in firm.people]),
        _listing("cost-rates", cost_rates),
        _listing("calendars", calendars),
        _listing("leave", [row for person in firm.people for row in _leave(person)]),
    )


def _listing(name: str, rows: Sequence[object]) -> Operation:

    def handler(call: Call) -> Answer:
        return page(rows, call)

    return Operation(f"list_{name.replace('-', '_')}", "GET", f"/api/{name}", handler)


def _supplier(vendor: Vendor) -> dict[str, object]:
    return {
        "id": vendor.vendor,
        "name": vendor.name,
        "country": vendor.country,
        "currency": vendor.currency,
    }


def _employee(person: Person) -> dict[str, object]:
    return {
        "employee_number": person.employee_number,
        "name": person.name,
        "entity": person.entity,
        "role": person.role,
        "cost_centre": person.cost_centre,
        "calendar": person.calendar,
        "supplier": person.vendor,
        "provided_by": person.provided_by,
        "employed_from": day(person.employed_from),
    }


def _cost_rates(person: Person, currency: str) -> list[dict[str, object]]:
    return [
        {
            "employee_number": person.employee_number,
            "rate_per_hour": major(rate.rate_minor),
            "currency": currency,
            "effective_from": day(rate.effective_from),
            "effective_until": day(rate.effective_until),
        }
        for rate in person.cost_rates
    ]


def _leave(person: Person) -> list[dict[str, object]]:
    return [
        {
            "employee_number": person.employee_number,
            "kind": leave.kind,
            "effective_from": day(leave.effective_from),
            "effective_until": day(leave.effective_until),
        }
        for leave in person.leave
    ]
