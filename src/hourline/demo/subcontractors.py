"""Take in the bills of subcontractors, and say which of their hours were approved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hourline import flow
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.subcontracting import vendor_bills_file
from hourline.demo.month import Firmwide
from hourline.demo.progress import Steps
from hourline.flow.vendor_bill_file import read_vendor_bills
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Role
from hourline.kernel.money import currency_numbered
from hourline.ledger.vendor_bills import list_vendor_lines
from hourline.proof.balances import RoleBalance
from hourline.proof.statement import Equation

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledWork:
    """Hold what a vendor bills for a person on a project, in minor units.

    `cost` is what the work cost at approval; it is None for a line that waits, because
    it differs from what was approved.
    """

    vendor: str
    entity: str
    person: str
    project: str
    seconds: int
    approved_seconds: int
    billed: int
    cost: int | None
    currency: str


def match_vendor_bills(wide: Firmwide, steps: Steps) -> None:
    """Take in the month's bills; what fits approved time is booked at once."""
    bills = read_vendor_bills(vendor_bills_file(wide.firm.vendor_bills()))
    with steps.step("Bills of subcontractors") as step:
        wide.systems.surviving(
            lambda: flow.receive_vendor_bills(wide.database, wide.tenant, bills)
        )
        step.advance(sum(len(bill.lines) for bill in bills))


def read_billed_work(session: Session, firm: Firm) -> list[BilledWork]:
    """Return every line of every bill by the names of who bills and works."""
    people = {person.employee_number: person.name for person in firm.people}
    projects = {
        found.project: found.name for found in (*firm.projects, *firm.late_projects)
    }
    vendors = {vendor.vendor: vendor.name for vendor in firm.vendors}
    hired = [person.employee_number for person in firm.people if person.vendor]
    approved = {
        (person, project): seconds
        for person, project, seconds in session.tuples(
            QUERIES["approved_of_people"], people=hired
        )
    }
    return [
        BilledWork(
            vendor=vendors[line.vendor],
            entity=line.entity,
            person=people[line.person],
            project=projects[line.project],
            seconds=line.seconds,
            approved_seconds=approved.get((line.person, line.project), 0),
            billed=line.amount,
            cost=line.cost if line.match_no else None,
            currency=currency_numbered(line.currency).code,
        )
        for line in list_vendor_lines(session)
    ]


def payable_equations(
    lines: Sequence[BilledWork], balances: Sequence[RoleBalance]
) -> list[Equation]:
    """Return what is owed to vendors against the lines that were matched.

    Every bill here is in the currency of the books it is booked in.
    """
    matched: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        if line.cost is not None:
            matched[line.entity, line.currency] += line.billed
    owed = {
        row.entity: -row.amount for row in balances if row.role is Role.VENDOR_PAYABLE
    }
    return [
        Equation(
            f"payable to subcontractors of {entity} = bills matched",
            currency,
            owed.get(entity, 0),
            billed,
        )
        for (entity, currency), billed in sorted(matched.items())
    ]
