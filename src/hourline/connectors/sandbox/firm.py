"""Invent a consulting firm, whole and reproducible, from a seed."""

from dataclasses import dataclass, replace
from random import Random

from hourline.connectors.sandbox.agreements import (
    CROSS_CHARGES,
    TRANSFER_PRICES,
    build_blended_rate,
    build_prepaid_hours,
    build_rounded_time,
    build_shares,
)
from hourline.connectors.sandbox.dirt import build_month
from hourline.connectors.sandbox.engagements import (
    NON_BILLABLE,
    YEAR_START,
    build_assignments,
    build_contracts,
    build_customers,
    build_late_projects,
    build_projects,
    hourly_lines,
)
from hourline.connectors.sandbox.expense_model import MonthOfExpenses
from hourline.connectors.sandbox.expenses import Workplaces, build_expenses
from hourline.connectors.sandbox.finance import (
    build_accounts,
    build_bill_rates,
    build_fx_rates,
    build_periods,
    build_tax_rules,
)
from hourline.connectors.sandbox.lending import (
    build_loans,
    lend_time,
    loan_assignments,
    with_providers,
)
from hourline.connectors.sandbox.model import (
    Assignment,
    BillRate,
    Contract,
    ContractShare,
    CostCentre,
    CrossCharge,
    Customer,
    FxRate,
    LedgerAccount,
    LegalEntity,
    MonthOfTime,
    Person,
    PostingPeriod,
    PrepaidHours,
    Project,
    RoundedTime,
    ServiceLine,
    SourceTimeEntry,
    TaxRule,
    TransferPrice,
    WorkingCalendar,
)
from hourline.connectors.sandbox.month import build_entries
from hourline.connectors.sandbox.organisation import (
    CALENDARS,
    ENTITIES,
    SERVICE_LINES,
    build_cost_centres,
    build_people,
)
from hourline.connectors.sandbox.subcontracting import (
    VENDORS,
    Vendor,
    VendorBillLine,
    build_vendor_bills,
    with_vendors,
)
from hourline.connectors.sandbox.surroundings import surroundings
from hourline.connectors.sandbox.terms import with_terms

SEED_DEFAULT = 2026


@dataclass(frozen=True, kw_only=True)
class Firm:
    """Hold all of the firm's master data, rules and one month of its time.

    `late_projects` and `late_assignments` are unknown to the PSA until released.
    """

    seed: int
    name: str
    entities: tuple[LegalEntity, ...]
    calendars: tuple[WorkingCalendar, ...]
    cost_centres: tuple[CostCentre, ...]
    service_lines: tuple[ServiceLine, ...]
    people: tuple[Person, ...]
    customers: tuple[Customer, ...]
    contracts: tuple[Contract, ...]
    projects: tuple[Project, ...]
    late_projects: tuple[Project, ...]
    assignments: tuple[Assignment, ...]
    late_assignments: tuple[Assignment, ...]
    bill_rates: tuple[BillRate, ...]
    tax_rules: tuple[TaxRule, ...]
    accounts: tuple[LedgerAccount, ...]
    periods: tuple[PostingPeriod, ...]
    fx_rates: tuple[FxRate, ...]
    shares: tuple[ContractShare, ...]
    prepaid_hours: tuple[PrepaidHours, ...]
    rounded_time: RoundedTime
    transfer_prices: tuple[TransferPrice, ...]
    cross_charges: tuple[CrossCharge, ...]
    time: MonthOfTime
    expenses: MonthOfExpenses
    vendors: tuple[Vendor, ...] = VENDORS

    @property
    def dirt(self) -> dict[str, int]:
        """Return how many entries each kind of dirt touches."""
        return self.time.dirt

    def approved_entries(self) -> tuple[SourceTimeEntry, ...]:
        """Return the first revision of every approved entry, each once."""
        return tuple(e for found in self.time.by_method.values() for e in found)

    def vendor_bills(self) -> tuple[VendorBillLine, ...]:
        """Return what subcontractors bill for the time that is accepted at the end."""
        changed = {one.id: one for one in (*self.time.corrections, *self.time.recalls)}
        last = (changed.get(one.id, one) for one in self.approved_entries())
        closed = {p.project for p in self.projects if p.status == "closed"}
        return build_vendor_bills(
            self.people,
            (one for one in last if one.status == "approved"),
            (
                one
                for one in (*self.assignments, *self.late_assignments)
                if one.project not in closed
            ),
        )


def build_firm(seed: int = SEED_DEFAULT) -> Firm:
    """Return the firm of a seed; the same seed gives the same firm, to the byte."""
    rng = Random(seed)
    people = with_vendors(build_people(rng))
    customers = build_customers()
    contracts = build_contracts(rng, customers)
    hourly = hourly_lines(contracts)
    projects = build_projects(contracts)
    late_projects = build_late_projects(contracts, len(projects))
    own = build_assignments(rng, people, projects, hourly)
    loans = build_loans(people, projects, _external_lines(contracts))
    people = with_providers(people, projects, loans)
    assignments = (*own, *loan_assignments(loans))
    clean = lend_time(build_entries(rng, people, own), loans)
    around = surroundings(
        people=people,
        projects=projects,
        late_projects=late_projects,
        assignments=assignments,
        hourly=hourly,
    )
    month = build_month(rng, clean, around)
    contracts = with_terms(contracts, customers)
    firm = Firm(
        seed=seed,
        name="Hollis & Crane",
        entities=ENTITIES,
        calendars=CALENDARS,
        cost_centres=build_cost_centres(),
        service_lines=SERVICE_LINES,
        people=people,
        customers=customers,
        contracts=contracts,
        projects=projects,
        late_projects=late_projects,
        assignments=assignments,
        late_assignments=(),
        bill_rates=(
            *build_bill_rates(rng, people, contracts),
            build_blended_rate(contracts, customers),
        ),
        tax_rules=build_tax_rules(),
        accounts=build_accounts(),
        periods=build_periods(),
        fx_rates=build_fx_rates(rng),
        shares=build_shares(contracts, customers),
        prepaid_hours=build_prepaid_hours(contracts, customers),
        rounded_time=build_rounded_time(contracts, customers),
        transfer_prices=TRANSFER_PRICES,
        cross_charges=CROSS_CHARGES,
        time=month,
        expenses=build_expenses(
            seed,
            Workplaces(people, projects, contracts, customers, assignments),
        ),
    )
    return _with_needed_assignments(firm)


def _external_lines(contracts: tuple[Contract, ...]) -> frozenset[str]:
    return frozenset(
        line.line
        for contract in contracts
        for line in contract.lines
        if line.method != NON_BILLABLE
    )


def _with_needed_assignments(firm: Firm) -> Firm:
    """Assign those who worked on late or closed projects, which is no mistake."""
    late = {project.project for project in firm.late_projects}
    closed = {p.project for p in firm.projects if p.status == "closed"}
    worked = dict.fromkeys((e.person, e.project) for e in firm.approved_entries())
    needed = [
        Assignment(person, project, YEAR_START, None)
        for person, project in worked
        if project in late | closed
    ]
    return replace(
        firm,
        assignments=(
            *firm.assignments,
            *(found for found in needed if found.project in closed),
        ),
        late_assignments=tuple(found for found in needed if found.project in late),
    )
