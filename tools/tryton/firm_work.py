"""Create who is billed, who works, on what, and the axes of analysis."""

from datetime import date
from decimal import Decimal

from tools.tryton.firm_company import CompanyIds
from tools.tryton.plan import (
    EXPENSE_ACCOUNT,
    FIRST_YEAR,
    REVENUE_ACCOUNT,
    FirmPlan,
    PlannedCompany,
    PlannedProject,
)
from tools.tryton.rpc import Session


def create_dimensions(
    within: Session, company: int, plan: FirmPlan
) -> dict[str, dict[str, int]]:
    """Create each axis and its values, and return their ids by axis and code."""
    created: dict[str, dict[str, int]] = {}
    for axis, codes in plan.dimensions:
        root = within.create_one(
            "analytic_account.account", name=axis, type="root", company=company
        )
        created[axis] = {"": root}
        for code in codes:
            created[axis][code] = within.create_one(
                "analytic_account.account",
                name=code.capitalize(),
                code=code,
                type="normal",
                company=company,
                root=root,
                parent=root,
            )
    return created


def create_work(
    within: Session, planned: PlannedCompany, created: CompanyIds, hour: int
) -> None:
    """Create customers, employees and projects, and note their ids."""
    _create_customers(within, planned, created)
    _create_employees(within, planned, created)
    product = _create_product(within, planned, created, hour)
    for project in planned.projects:
        created.projects[project.name] = _create_project(
            within, project, created, product
        )


def _create_customers(
    within: Session, planned: PlannedCompany, created: CompanyIds
) -> None:
    values: list[dict[str, object]] = [
        {
            "name": customer.name,
            "code": customer.code,
            "addresses": [
                [
                    "create",
                    [
                        {
                            "street": "1 High Street",
                            "city": customer.city,
                            "country": created.country,
                        }
                    ],
                ]
            ],
        }
        for customer in planned.customers
    ]
    ids = within.create("party.party", *values) if values else []
    rows = within.find("party.party", [["id", "in", ids]], ("code", "addresses"))
    for row in rows:
        created.customers[row["code"]] = row["id"]
        created.addresses[row["code"]] = row["addresses"][0]


def _create_employees(
    within: Session, planned: PlannedCompany, created: CompanyIds
) -> None:
    for person in planned.people:
        party = within.create_one("party.party", name=person.name, code=person.number)
        employee = within.create_one(
            "company.employee", party=party, company=created.company
        )
        within.create_one(
            "company.employee_cost_price",
            employee=employee,
            date=date(FIRST_YEAR, 1, 1),
            cost_price=person.hourly_cost,
        )
        created.employees[person.number] = employee


def _create_product(
    within: Session, planned: PlannedCompany, created: CompanyIds, hour: int
) -> int:
    category = within.create_one(
        "product.category",
        name=f"Services of {planned.name}",
        accounting=True,
        account_revenue=created.accounts[REVENUE_ACCOUNT],
        account_expense=created.accounts[EXPENSE_ACCOUNT],
        customer_taxes=[["add", [created.taxes[planned.taxes[0].name]]]],
    )
    variant = {"suffix_code": planned.code, "cost_price": Decimal(0)}
    template = within.create_one(
        "product.template",
        name=f"Consulting, {planned.name}",
        type="service",
        cost_price_method="fixed",
        default_uom=hour,
        account_category=category,
        list_price=Decimal(100),
        products=[["create", [variant]]],
    )
    return within.find_id("product.product", [["template", "=", template]])


def _create_project(
    within: Session, planned: PlannedProject, created: CompanyIds, product: int
) -> int:
    shared: dict[str, object] = {
        "company": created.company,
        "product": product,
        "list_price": planned.hourly_price,
        "timesheet_available": True,
    }
    tasks = [{**shared, "name": task, "type": "task"} for task in planned.tasks]
    return within.create_one(
        "project.work",
        **shared,
        name=planned.name,
        type="project",
        party=created.customers[planned.customer],
        project_invoice_method="timesheet",
        children=[["create", tasks]],
    )
