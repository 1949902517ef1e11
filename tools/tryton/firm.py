"""Create a whole firm in an empty Tryton, over its API alone."""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from tools.tryton.firm_company import CompanyIds, create_company
from tools.tryton.firm_work import create_dimensions, create_work
from tools.tryton.plan import FirmPlan
from tools.tryton.rpc import Session

LOGIN = "hourline"
APPLICATION = "rest"
# What a user needs who reads master data and time, and books invoices and journals.
GROUPS = (
    "Accounting",
    "Employee Administration",
    "Party Administration",
    "Timesheet Administration",
    "Project Administration",
    "Project Invoice",
)


@dataclass(frozen=True)
class Firm:
    """Hold the ids and natural keys of what was created.

    `key` lets a program use the REST API as the user `login`, without a session.
    """

    companies: dict[str, CompanyIds]
    login: str
    password: str = field(repr=False)
    key: str = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self)


def firm_from_json(values: dict[str, Any]) -> Firm:
    """Return the firm that `as_json` gave."""
    companies = {
        code: CompanyIds(**found) for code, found in values["companies"].items()
    }
    return Firm(**{**values, "companies": companies})


def create_firm(admin: Session, plan: FirmPlan) -> Firm:
    """Create everything of the plan and return where it is."""
    currencies = {
        code: admin.create_one(
            "currency.currency",
            name=name,
            code=code,
            symbol=code,
            digits=2,
            rates=[["create", [{"date": date(2020, 1, 1), "rate": per_euro}]]],
        )
        for code, name, per_euro in plan.currencies
    }
    hour = admin.find_id("product.uom", [["name", "=", "Hour"]])
    companies = {}
    for planned in plan.companies:
        created = create_company(admin, planned, currencies[planned.currency])
        within = admin.within(company=created.company)
        created.dimensions.update(create_dimensions(within, created.company, plan))
        create_work(within, planned, created, hour)
        companies[planned.code] = created
    return _with_user(admin, companies)


def _with_user(admin: Session, companies: dict[str, CompanyIds]) -> Firm:
    password = secrets.token_urlsafe(24)
    ids = [found.company for found in companies.values()]
    groups = admin.find("res.group", [["name", "in", list(GROUPS)]])
    user = admin.create_one(
        "res.user",
        name="Hourline",
        login=LOGIN,
        password=password,
        companies=[["add", ids]],
        company=ids[0],
        company_filter="all",
        groups=[["add", [group["id"] for group in groups]]],
    )
    key = secrets.token_hex(32)
    admin.create_one(
        "res.user.application", user=user, application=APPLICATION, key=key
    )
    return Firm(companies, LOGIN, password, key)
