"""Print the closing tables of a demonstration: entries, money, proof, exceptions."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from hourline.exceptions.model import WaitingEntry
from hourline.exceptions.store import QueueCount
from hourline.kernel.money import currency_of, major_units
from hourline.proof.differences import Difference
from hourline.proof.statement import Equation, Statement

_CURRENCY_LETTERS = 3
# What the systems were made to do, in the words of those who suffer it.
_FAULT_WORDS = {
    "rate_limit_429": "told us to slow down",
    "timeout_after_effect": "booked and did not answer",
    "error_500_after": "booked and answered with an error",
    "truncated_body": "broke off in the middle of an answer",
}


def amount(minor: int, currency: str) -> str:
    """Return an amount with its currency: `1,600.00 USD`."""
    return f"{major_units(minor, currency_of(currency)):,f} {currency}"


def hours(seconds: int) -> str:
    """Return hours to the hundredth: `171,624.72`."""
    hundredths = (seconds * 100 + 1_800) // 3_600
    return f"{hundredths // 100:,}.{hundredths % 100:02}"


def show_entries(console: Console, statement: Statement) -> None:
    """Print how many entries and hours are in which state, and how they came."""
    shown = table("Time and expenses by state", "state", "entries", "hours")
    for row in statement.entries:
        shown.add_row(row.state, f"{row.entries:,}", hours(row.seconds))
    shown.add_section()
    shown.add_row(
        "all",
        f"{sum(row.entries for row in statement.entries):,}",
        hours(sum(row.seconds for row in statement.entries)),
    )
    console.print(shown)


def show_arrivals(console: Console, statement: Statement) -> None:
    """Print what became of every record that arrived, by method."""
    outcomes = sorted({outcome for _, outcome, _ in statement.records})
    shown = table("Records that arrived, by method", "method", *outcomes)
    for method in sorted({method for method, _, _ in statement.records}):
        counts = {
            outcome: count
            for found, outcome, count in statement.records
            if found == method
        }
        cells = (f"{counts.get(name, 0):,}" for name in outcomes)
        shown.add_row(method, *cells)
    console.print(shown)


def show_fates(console: Console, statement: Statement) -> None:
    """Print the hours in force by fate; the value has expenses, which have no hours."""
    shown = table("Hours and expenses by fate", "fate", "hours", "value")
    for row in statement.fates:
        shown.add_row(
            row.fate.replace("_", " "),
            hours(row.seconds),
            amount(row.amount, row.currency),
        )
    shown.add_section()
    shown.add_row("all", hours(sum(row.seconds for row in statement.fates)), "")
    console.print(shown)


def show_money(console: Console, statement: Statement) -> None:
    """Print the money of each currency by stage."""
    stages = ("time and expenses", "milestones", "invoiced", "credited", "tax", "open")
    shown = table("Money by stage", "currency", *stages, "on receivable")
    for row in statement.money:
        figures = (
            row.billable,
            row.milestones,
            row.invoiced_net,
            row.credited_net,
            row.tax,
            row.open_to_bill,
            row.receivable,
        )
        shown.add_row(row.currency, *(amount(item, row.currency) for item in figures))
    console.print(shown)


def show_openings(console: Console, statement: Statement) -> None:
    """Print what was taken over to bill of each contract, where there is any."""
    if not statement.openings:
        return
    stages = ("taken over", "billed", "open", "reversed")
    shown = table("What was taken over", "contract", *stages)
    for row in statement.openings:
        figures = (row.opening, row.billed, row.open_to_bill, row.reversed)
        shown.add_row(row.contract, *(amount(item, row.currency) for item in figures))
    console.print(shown)


def show_proof(
    console: Console, equations: Sequence[Equation], found: Sequence[Difference]
) -> None:
    """Print every equation with both sides, and every difference found."""
    shown = Table(
        title="The proof", title_justify="left", header_style="bold", show_lines=False
    )
    shown.add_column("")
    shown.add_column("what must be equal")
    shown.add_column("one side", justify="right")
    shown.add_column("the other", justify="right")
    for equation in equations:
        mark = "[green]ok[/green]" if equation.holds else "[bold red]NO[/bold red]"
        sides = (
            figure(side, equation.unit) for side in (equation.left, equation.right)
        )
        shown.add_row(mark, equation.name, *sides)
    mark = "[bold red]NO[/bold red]" if found else "[green]ok[/green]"
    shown.add_row(
        mark, "differences between time, billing and ledger", "0", str(len(found))
    )
    console.print(shown)
    for difference in found[:20]:
        console.print(
            f"  [red]{difference.check}[/red] {difference.subject}: expected"
            f" {difference.expected}, found {difference.found}"
        )


def show_exceptions(
    console: Console, counts: Sequence[QueueCount], waiting: Sequence[WaitingEntry]
) -> None:
    """Print what is open for whom, and until when."""
    if not counts and not waiting:
        console.print("Nothing is open for anybody.")
        return
    columns = ("queue", "what", "owner", "items", "first due")
    shown = table("Open for a person", *columns)
    for row in counts:
        due = f"{row.due_at:%Y-%m-%d %H:%M} UTC"
        shown.add_row(row.queue, row.code, row.owner, str(row.items), due)
    if waiting:
        first = waiting[0]
        due = f"{first.due_at:%Y-%m-%d %H:%M} UTC"
        shown.add_row(
            "waiting", "master data not there yet", first.owner, str(len(waiting)), due
        )
    console.print(shown)


def show_faults(console: Console, bitten: Mapping[str, int]) -> None:
    """Print how the systems misbehaved while documents were booked."""
    if not bitten:
        return
    console.print("While documents were booked, the firm's systems")
    for fault, count in sorted(bitten.items()):
        words = _FAULT_WORDS.get(fault, fault.replace("_", " "))
        console.print(f"  {words}: {count}x")


def figure(side: int, unit: str) -> str:
    """Return a figure in its unit: hours for seconds, an amount for a currency."""
    if unit == "seconds":
        return f"{hours(side)} h"
    if len(unit) == _CURRENCY_LETTERS and unit.isupper():
        return amount(side, unit)
    return f"{side:,}"


def table(title: str, *columns: str) -> Table:
    """Return an empty table; what are figures is aligned to the right."""
    made = Table(title=title, title_justify="left", header_style="bold")
    texts = {
        "name",
        "what",
        "how",
        "from",
        "to",
        "owner",
        "person",
        "project",
        "queue",
        "first due",
        columns[0],
    }
    for column in columns:
        made.add_column(
            column.replace("_", " "), justify="left" if column in texts else "right"
        )
    return made
