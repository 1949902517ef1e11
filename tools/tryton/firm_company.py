"""Create one company with its chart, fiscal years, taxes and payment term."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tools.tryton.plan import (
    ACCOUNTS,
    CHART,
    EXPENSE_ACCOUNT,
    FIRST_YEAR,
    LAST_YEAR,
    PAYABLE,
    RECEIVABLE,
    REVENUE_ACCOUNT,
    TAX_ACCOUNT,
    PlannedCompany,
)
from tools.tryton.rpc import Session

_CHART = "wizard.account.create_chart"


@dataclass(frozen=True)
class CompanyIds:
    """Hold Tryton's ids of one company's records by their natural keys."""

    code: str
    company: int
    currency: int
    country: int = 0
    accounts: dict[str, int] = field(default_factory=dict)
    """By number."""
    taxes: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)
    """By month, such as 2025-03."""
    payment_term: int = 0
    product: int = 0
    customers: dict[str, int] = field(default_factory=dict)
    """By code."""
    addresses: dict[str, int] = field(default_factory=dict)
    """By the code of their customer."""
    employees: dict[str, int] = field(default_factory=dict)
    """By number."""
    projects: dict[str, int] = field(default_factory=dict)
    dimensions: dict[str, dict[str, int]] = field(default_factory=dict)
    """By axis and code; the axis itself is under the empty code."""


def create_company(
    admin: Session, planned: PlannedCompany, currency: int
) -> CompanyIds:
    """Create the company and its books and let the administrator see them."""
    # Stock Tryton knows no countries; without one no tax can be determined.
    country = admin.create_one(
        "country.country", name=planned.country, code=planned.country
    )
    party = admin.create_one(
        "party.party",
        name=planned.name,
        code=planned.code,
        addresses=[["create", [{"street": "1 High Street", "country": country}]]],
    )
    company = admin.create_one("company.company", party=party, currency=currency)
    user = admin.find_id("res.user", [["login", "=", admin.login]])
    # Without this filter a user sees the documents of one company alone, whatever the
    # context of the call says.
    sees: dict[str, object] = {"companies": [["add", [company]]], "company": company}
    admin.write("res.user", [user], **sees, company_filter="all")
    within = admin.within(company=company)
    accounts = _create_chart(within, company)
    return CompanyIds(
        code=planned.code,
        company=company,
        currency=currency,
        country=country,
        accounts=accounts,
        taxes=_create_taxes(within, planned, company, accounts[TAX_ACCOUNT]),
        periods=_create_years(within, company),
        payment_term=_payment_term(within),
    )


def _create_chart(within: Session, company: int) -> dict[str, int]:
    template_id = within.call("model.ir.model.data.get_id", "account", CHART)
    wizard, *_ = within.call(f"{_CHART}.create")
    start = {"company": company, "account_template": template_id}
    within.call(f"{_CHART}.execute", wizard, {"account": start}, "create_account")
    accounts = _create_accounts(within, company)
    properties = {
        "company": company,
        "account_receivable": accounts[RECEIVABLE],
        "account_payable": accounts[PAYABLE],
        "category_account_expense": accounts[EXPENSE_ACCOUNT],
        "category_account_revenue": accounts[REVENUE_ACCOUNT],
    }
    within.call(
        f"{_CHART}.execute", wizard, {"properties": properties}, "create_properties"
    )
    within.call(f"{_CHART}.delete", wizard)
    return accounts


def _create_accounts(within: Session, company: int) -> dict[str, int]:
    """Add what the template lacks; its types are named in the chart's language."""
    rows = within.find(
        "account.account.type", [["company", "=", company]], ("template.name",)
    )
    types = {row["template."]["name"]: row["id"] for row in rows if row["template."]}
    within.create(
        "account.account",
        *(
            {
                "company": company,
                "code": planned.number,
                "name": planned.name,
                "type": types[planned.type_name],
            }
            for planned in ACCOUNTS
        ),
    )
    found = within.find("account.account", [["company", "=", company]], ("code",))
    return {row["code"]: row["id"] for row in found if row["code"]}


def _create_taxes(
    within: Session, planned: PlannedCompany, company: int, account: int
) -> dict[str, int]:
    return {
        tax.name: within.create_one(
            "account.tax",
            name=tax.name,
            description=f"VAT {tax.percent} %",
            type="percentage",
            rate=tax.percent / Decimal(100),
            company=company,
            invoice_account=account,
            credit_note_account=account,
        )
        for tax in planned.taxes
    }


def _create_years(within: Session, company: int) -> dict[str, int]:
    kinds = within.find("ir.sequence.type", [], ("name",))
    kind_ids = {kind["name"]: kind["id"] for kind in kinds}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        _create_year(within, company, year, kind_ids)
    periods = within.find(
        "account.period", [["fiscalyear.company", "=", company]], ("start_date",)
    )
    return {f"{found['start_date']:%Y-%m}": found["id"] for found in periods}


def _create_year(
    within: Session, company: int, year: int, kind_ids: dict[str, int]
) -> None:
    def sequence(name: str, kind: str) -> int:
        values: dict[str, Any] = {"company": company, "sequence_type": kind_ids[kind]}
        values |= {"name": f"{name} {year}", "prefix": f"{name[0]}{year}-"}
        return within.create_one("ir.sequence.strict", **values)

    invoices, credits_ = sequence("Invoices", "Invoice"), sequence("Credits", "Invoice")
    numbering = {
        "company": company,
        "out_invoice_sequence": invoices,
        "in_invoice_sequence": sequence("Suppliers", "Invoice"),
        "out_credit_note_sequence": credits_,
        "in_credit_note_sequence": credits_,
    }
    created = within.create_one(
        "account.fiscalyear",
        name=str(year),
        start_date=date(year, 1, 1),
        end_date=date(year, 12, 31),
        company=company,
        move_sequence=sequence("Moves", "Account Move"),
        invoice_sequences=[["create", [numbering]]],
    )
    within.call("model.account.fiscalyear.create_period", [created])


def _payment_term(within: Session) -> int:
    name = "30 days"
    found = within.find("account.invoice.payment_term", [["name", "=", name]])
    if found:
        payment_term: int = found[0]["id"]
        return payment_term
    delta = {"days": 30}
    line = {"type": "remainder", "relativedeltas": [["create", [delta]]]}
    return within.create_one(
        "account.invoice.payment_term", name=name, lines=[["create", [line]]]
    )
