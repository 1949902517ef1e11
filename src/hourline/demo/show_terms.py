"""Print what contracts and teams bring beside time: advances, revenue, lent work."""

from collections.abc import Mapping, Sequence

from rich.console import Console

from hourline.billing.intercompany_model import IntercompanyListed
from hourline.connectors.sandbox.firm import Firm
from hourline.demo.advances import Advance
from hourline.demo.expenses import EntityExpenses
from hourline.demo.result import MARGIN, ResultLine
from hourline.demo.show import amount, figure, hours, table
from hourline.demo.subcontractors import BilledWork
from hourline.demo.terms import TermAtWork
from hourline.kernel.money import currency_numbered
from hourline.ledger.store_recognition import ListedRevenue
from hourline.proof.model import CrossChargedPair


def spoken_names(firm: Firm) -> Mapping[str, str]:
    """Return the titles of contracts, their lines and departments by their ids."""
    return {
        **{contract.contract: contract.title for contract in firm.contracts},
        **{
            line.line: f"{contract.title}, line {number}"
            for contract in firm.contracts
            for number, line in enumerate(contract.lines, start=1)
        },
        **{found.cost_centre: found.name for found in firm.cost_centres},
    }


def show_advances(
    console: Console, advances: Sequence[Advance], names: Mapping[str, str]
) -> None:
    """Print retainers, with their tax, and prepaid hours: paid, used and left."""
    shown = table("Paid in advance", "what", "paid", "used", "left")
    for one in advances:
        figures = (one.paid, one.used, one.paid - one.used)
        what = f"{one.what} {names.get(one.of, one.of)}"
        shown.add_row(what, *(figure(side, one.unit) for side in figures))
    console.print(shown)


def show_expenses(console: Console, expenses: Sequence[EntityExpenses]) -> None:
    """Print what each entity bears of the expenses, and what customers pay of them."""
    figures = ("paid", "tax that comes back", "cost")
    shown = table("Expenses", "entity", "expenses", *figures, "billed to customers")
    for one in expenses:
        shown.add_row(
            one.entity,
            str(one.expenses),
            *(amount(it, one.currency) for it in (one.paid, one.input_tax, one.cost)),
            " + ".join(amount(it.amount, it.currency) for it in one.billable),
        )
    console.print(shown)


def show_billed_work(console: Console, lines: Sequence[BilledWork]) -> None:
    """Print the bills of subcontractors, line by line, against what was approved."""
    figures = ("hours billed", "approved", "billed", "cost at approval")
    shown = table("Bills of subcontractors", "vendor", "person", "project", *figures)
    for one in lines:
        cost = "waits" if one.cost is None else amount(one.cost, one.currency)
        shown.add_row(
            one.vendor,
            one.person,
            one.project,
            hours(one.seconds),
            hours(one.approved_seconds),
            amount(one.billed, one.currency),
            cost,
        )
    console.print(shown)


def show_terms(console: Console, terms: Sequence[TermAtWork]) -> None:
    """Print what limits, retainage and special prices came to, contract by contract."""
    shown = table("Special terms at work", "contract", "what", "hours", "amount")
    for one in terms:
        spent = hours(one.seconds) if one.seconds else ""
        shown.add_row(one.title, one.term, spent, amount(one.amount, one.currency))
    console.print(shown)


def show_cross_charges(
    console: Console, pairs: Sequence[CrossChargedPair], names: Mapping[str, str]
) -> None:
    """Print what departments charged each other; in the entity it is nothing."""
    shown = table("Charged between departments", "entity", "from", "to", "hours", "sum")
    for one in pairs:
        shown.add_row(
            one.entity,
            names.get(one.person_department, one.person_department),
            names.get(one.project_department, one.project_department),
            hours(one.seconds),
            _money(one.amount, one.currency),
        )
    console.print(shown)


def show_results(console: Console, results: Sequence[ResultLine]) -> None:
    """Print what the month brought each entity, a column for each.

    A line on which no entity has anything is left out.
    """
    entities = list(dict.fromkeys(one.entity for one in results))
    amounts = {
        (one.name, one.entity): amount(one.amount, one.currency) for one in results
    }
    shown = table("The month by legal entity", "what", *entities)
    for name in dict.fromkeys(one.name for one in results if one.amount):
        if name == MARGIN:
            shown.add_section()
        shown.add_row(name, *(amounts[name, entity] for entity in entities))
        if name == MARGIN:
            shown.add_section()
    console.print(shown)


def show_revenue(
    console: Console, revenue: Sequence[ListedRevenue], names: Mapping[str, str]
) -> None:
    """Print what fixed prices and fees have earned by the end of the month."""
    columns = ("contract line", "how", "price", "earned", "in the books")
    shown = table("Revenue recognised apart from invoices", *columns)
    for row in revenue:
        shown.add_row(
            names.get(row.contract_line, row.contract_line),
            row.method.replace("_", " "),
            _money(row.price, row.currency),
            _money(row.earned, row.currency),
            _money(row.entity_amount, row.entity_currency),
        )
    console.print(shown)


def show_between(console: Console, documents: Sequence[IntercompanyListed]) -> None:
    """Print the invoices between entities as both of them booked them."""
    columns = ("invoice", "from", "to", "entries", "total", "lender", "borrower")
    shown = table("Work lent between entities", *columns)
    for row in documents:
        shown.add_row(
            row.number,
            row.lender,
            row.borrower,
            str(row.lines),
            _money(row.total, row.currency),
            _money(row.lender_total, row.lender_currency),
            _money(row.borrower_total, row.borrower_currency),
        )
    console.print(shown)


def _money(minor: int, currency: int) -> str:
    return amount(minor, currency_numbered(currency).code)
