"""Say what no system of the firm knows: accounts, taxes, routes, and who is who."""

from collections.abc import Iterator

from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Role
from tools.e2e_tryton.work import Month
from tools.tryton.firm import Firm

TARGET = "tryton"
_ACCOUNTS = {
    Role.RECEIVABLE: "1.2.1",
    Role.TAX_PAYABLE: "20600",
    Role.REVENUE: "40000",
    Role.COST: "50000",
    Role.PAYROLL_ALLOCATION: "50900",
    Role.WIP: "10600",
    Role.ACCRUED_REVENUE: "10650",
}
_POSTED = ("invoice", "credit_note", "journal")


def decided(month: Month, *, mode: str) -> Iterator[MasterChange]:
    """Give what the firm decides in Hourline itself: its routes post, or compare."""
    for order, company in enumerate(month.plan.companies, 1):
        for role, number in _ACCOUNTS.items():
            name = role.name.lower()
            account = {"entity": company.code, "role": name, "number": number}
            yield MasterChange(
                "ledger_account", f"{company.code}:{name}", fields=account
            )
        (tax,) = company.taxes
        rule = {
            "order": order,
            "rate": tax.percent,
            "code": "S",
            "entity_country": company.country,
            "target_tax": tax.name,
        }
        yield MasterChange("tax_rule", tax.name, fields=rule)
    for kind in _POSTED:
        route = {"document": kind, "connection": TARGET, "mode": mode}
        yield MasterChange("target_route", kind, fields=route)


def named_in_the_export(month: Month, firm: Firm) -> Iterator[MasterChange]:
    """Give which person and project of the firm a name in the export means."""
    for company in month.plan.companies:
        for person in company.people:
            yield MasterChange("person", person.name, person.number)
    for project in month.projects:
        own_id = firm.companies[project.company].projects[project.planned.name]
        yield MasterChange("project", project.code, f"{project.company}-{own_id}")
