"""Say what firm the test ERP holds: two companies, their charts, people and work."""

from dataclasses import dataclass
from decimal import Decimal

FIRST_YEAR = 2024
LAST_YEAR = 2026


@dataclass(frozen=True)
class PlannedAccount:
    """Name a ledger account that the chart's template lacks, and its type there."""

    number: str
    name: str
    type_name: str


@dataclass(frozen=True)
class PlannedTax:
    """Name a tax; its name is what other systems know it by."""

    name: str
    percent: Decimal


@dataclass(frozen=True)
class PlannedCustomer:
    """Name who is billed."""

    code: str
    name: str
    city: str


@dataclass(frozen=True)
class PlannedPerson:
    """Name who works, and what an hour of this person costs."""

    number: str
    name: str
    hourly_cost: Decimal


@dataclass(frozen=True)
class PlannedProject:
    """Name work for a customer, its price per hour and its tasks."""

    name: str
    customer: str
    hourly_price: Decimal
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class PlannedCompany:
    """Describe one company with books of its own."""

    code: str
    name: str
    currency: str
    country: str
    """Its ISO code, such as GB; the customers are there too."""
    taxes: tuple[PlannedTax, ...]
    customers: tuple[PlannedCustomer, ...] = ()
    people: tuple[PlannedPerson, ...] = ()
    projects: tuple[PlannedProject, ...] = ()


@dataclass(frozen=True)
class FirmPlan:
    """Describe all that is created in an empty Tryton."""

    name: str
    """A word in lower case, by which a kept database is found again."""
    companies: tuple[PlannedCompany, ...]
    currencies: tuple[tuple[str, str, Decimal], ...] = (
        ("EUR", "Euro", Decimal(1)),
        ("GBP", "Pound Sterling", Decimal("0.86")),
    )
    """Code, name, and units for one euro."""
    dimensions: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Service line", ("ADVISORY", "TAX", "AUDIT")),
        ("Cost centre", ("NORTH", "SOUTH")),
    )
    """Each axis of analysis with the codes of its values."""


# The other languages' templates exist only where those languages are installed.
CHART = "account_template_root_en"

# By number, since that is how other systems name an account. Receivables, payables
# and cash are the template's own, and ask for a party where Tryton does.
RECEIVABLE, PAYABLE, CASH = "1.2.1", "2.1.1", "1.1.1"
ACCOUNTS = (
    PlannedAccount("10500", "Retainage receivable", "Current Assets"),
    PlannedAccount("10600", "Work in progress", "Inventories"),
    PlannedAccount(
        "10650",
        "Accrued revenue",
        "Revenue Earned In Arrears (Accrued Revenue) for services done but not yet"
        " received for the year",
    ),
    PlannedAccount("10680", "Contract assets", "Current Assets"),
    PlannedAccount("10700", "Work in progress, group", "Current Assets"),
    PlannedAccount("10710", "Accrued revenue, group", "Current Assets"),
    PlannedAccount("10720", "Receivables from the group", "Current Assets"),
    PlannedAccount(
        "20300",
        "Contract liabilities",
        "Unearned revenue for services paid for by customers but not yet provided",
    ),
    PlannedAccount("20500", "Payables to the group", "Liabilities"),
    PlannedAccount("20600", "VAT payable", "Liabilities and assets for current tax"),
    PlannedAccount("40000", "Revenue from services", "Revenue"),
    PlannedAccount("40500", "Revenue from the group", "Revenue"),
    PlannedAccount("50000", "Cost of services", "Cost of Sales"),
    PlannedAccount("50100", "Expenses for customers", "Cost of Sales"),
    PlannedAccount("50500", "Cost of services from the group", "Cost of Sales"),
    PlannedAccount("50900", "Payroll allocated to services", "Cost of Sales"),
    PlannedAccount("50950", "Expenses cleared", "Cost of Sales"),
    PlannedAccount("60000", "Exchange gains and losses", "Finance costs"),
    PlannedAccount("60100", "Rounding", "Other expenses or losses"),
    PlannedAccount("60200", "Write-offs", "Other expenses or losses"),
)
TAX_ACCOUNT, REVENUE_ACCOUNT, EXPENSE_ACCOUNT = "20600", "40000", "50000"

_ENGLAND = PlannedCompany(
    code="MARLOW-UK",
    name="Marlow Advisory Ltd",
    currency="GBP",
    country="GB",
    taxes=(PlannedTax("GB-20", Decimal(20)), PlannedTax("GB-0", Decimal(0))),
    customers=(
        PlannedCustomer("C-1001", "Harbour Foods Ltd", "Bristol"),
        PlannedCustomer("C-1002", "Pennine Rail Ltd", "Leeds"),
        PlannedCustomer("C-1003", "Ashdown Clinics Ltd", "Lewes"),
    ),
    people=(
        PlannedPerson("E-01", "Imogen Hale", Decimal("45.00")),
        PlannedPerson("E-02", "Tobias Crane", Decimal("60.00")),
    ),
    projects=(
        PlannedProject(
            "Harbour rollout", "C-1001", Decimal("120.00"), ("Design", "Build")
        ),
        PlannedProject("Pennine audit", "C-1002", Decimal("150.00"), ("Fieldwork",)),
    ),
)
_GERMANY = PlannedCompany(
    code="MARLOW-DE",
    name="Marlow Beratung GmbH",
    currency="EUR",
    country="DE",
    taxes=(PlannedTax("DE-19", Decimal(19)), PlannedTax("DE-0", Decimal(0))),
    customers=(PlannedCustomer("C-2001", "Nordlicht Werft GmbH", "Kiel"),),
    people=(PlannedPerson("E-51", "Jonas Lindner", Decimal("50.00")),),
    projects=(
        PlannedProject(
            "Nordlicht Aufbau", "C-2001", Decimal("130.00"), ("Konzept", "Umsetzung")
        ),
    ),
)
FIRM = FirmPlan(name="firm", companies=(_ENGLAND, _GERMANY))
