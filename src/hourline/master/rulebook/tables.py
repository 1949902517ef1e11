"""Declare every table of a rulebook; a new one is an entry here and its kind."""

from collections.abc import Mapping

from hourline.kernel.decision_table import HitPolicy, Shape
from hourline.master.model import (
    BillRate,
    ContractCustomer,
    CostRate,
    CrossCharge,
    ExceptionRoute,
    FxRate,
    HourType,
    LedgerAccount,
    PrepaidBlock,
    TargetRoute,
    TaxRule,
    TimeRounding,
    TransferPrice,
    ValidationSeverity,
)
from hourline.master.rulebook.model import Table
from hourline.master.rules.usable import ROLES
from hourline.master.snapshot.exception_routes import EXCEPTION_ROUTE_SHAPE
from hourline.master.snapshot.shapes import (
    ACCOUNT_SHAPE,
    COST_RATE_SHAPE,
    FX_SHAPE,
    TAX_SHAPE,
    TIME_ROUNDING_SHAPE,
)

BILL_RATES = Table(
    name="bill_rates",
    kind=BillRate,
    about=(
        "What work is sold for: rates per hour or day.\nWith `escalation_percent` the"
        " rate changes by it on each anniversary of `from`; such a row is published as"
        " one for each year, and exported as one."
    ),
    shape=Shape(
        policy=HitPolicy.MOST_SPECIFIC,
        exact=("currency",),
        scopes=("contract_line", "contract", "project", "customer", "entity"),
        dimensions=("person", "role", "activity"),
        flag="blended",
    ),
    currencies=("currency",),
)
COST_RATES = Table(
    name="cost_rates",
    kind=CostRate,
    about="What an hour of a person costs, in the currency of the employing entity.",
    shape=COST_RATE_SHAPE,
)
HOUR_TYPES = Table(
    name="hour_types",
    kind=HourType,
    about="Kinds of hours with their factors on bill and cost rate.",
    shape=Shape(policy=HitPolicy.UNIQUE, exact=("id",)),
)
TRANSFER_PRICES = Table(
    name="transfer_prices",
    kind=TransferPrice,
    about="What an entity charges another for an hour of its people's work.",
    shape=Shape(
        policy=HitPolicy.MOST_SPECIFIC,
        exact=("lender", "borrower"),
        dimensions=("person", "role"),
    ),
    currencies=("currency",),
)
CROSS_CHARGES = Table(
    name="cross_charges",
    kind=CrossCharge,
    about="What a department charges another of its entity for its people's work.",
    shape=Shape(
        policy=HitPolicy.MOST_SPECIFIC,
        exact=("entity",),
        dimensions=("person_cost_centre", "project_cost_centre"),
    ),
)
TIME_ROUNDING = Table(
    name="time_rounding",
    kind=TimeRounding,
    about="How worked time becomes billable: factor, then minimum, then increment.",
    shape=TIME_ROUNDING_SHAPE,
    order="order",
)
PREPAID_BLOCKS = Table(
    name="prepaid_blocks",
    kind=PrepaidBlock,
    two_persons=False,
    about="Hours paid in advance, used by work from purchased to expires, both in.",
    shape=Shape(policy=HitPolicy.UNIQUE, exact=("id",)),
)
CONTRACT_CUSTOMERS = Table(
    name="contract_customers",
    kind=ContractCustomer,
    two_persons=False,
    about="The customers that share a contract, in percent that total 100 every day.",
    shape=Shape(policy=HitPolicy.UNIQUE, exact=("contract", "customer")),
)
TAX = Table(
    name="tax",
    kind=TaxRule,
    about="Which tax a line bears; a line that no row matches is an exception.",
    shape=TAX_SHAPE,
    order="order",
    countries=("entity_country", "customer_country"),
)
FX = Table(
    name="fx",
    kind=FxRate,
    two_persons=False,
    about="Rates of exchange: one unit of from_currency is `rate` of to_currency.",
    shape=FX_SHAPE,
    currencies=("from_currency", "to_currency"),
)
ACCOUNTS = Table(
    name="accounts",
    kind=LedgerAccount,
    about="The account of an entity's chart for an account role.",
    shape=ACCOUNT_SHAPE,
    choices={"role": ROLES},
)
TARGET_ROUTES = Table(
    name="target_routes",
    kind=TargetRoute,
    about="Which connection receives a kind of document, and in which detail.",
    shape=Shape(
        policy=HitPolicy.MOST_SPECIFIC,
        exact=("document", "connection"),
        dimensions=("entity", "journal_type"),
    ),
)
EXCEPTION_ROUTES = Table(
    name="exception_routes",
    kind=ExceptionRoute,
    about="Who owns an exception, and within how many hours it is due.",
    shape=EXCEPTION_ROUTE_SHAPE,
)
VALIDATION_SEVERITY = Table(
    name="validation_severity",
    kind=ValidationSeverity,
    about="Whether a validation refuses an entry, or accepts it and opens an item.",
    shape=Shape(
        policy=HitPolicy.MOST_SPECIFIC, exact=("code",), dimensions=("entity",)
    ),
)

TABLES: tuple[Table, ...] = (
    BILL_RATES,
    COST_RATES,
    HOUR_TYPES,
    TRANSFER_PRICES,
    CROSS_CHARGES,
    TIME_ROUNDING,
    PREPAID_BLOCKS,
    CONTRACT_CUSTOMERS,
    TAX,
    FX,
    ACCOUNTS,
    TARGET_ROUTES,
    EXCEPTION_ROUTES,
    VALIDATION_SEVERITY,
)
TABLE_BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
# Once a rulebook has published one of these, nothing else changes it.
RULES_BY_KIND: Mapping[str, str] = {
    table.kind.kind: table.name for table in TABLES if table.two_persons
}
