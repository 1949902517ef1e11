"""Run the real timecards in a firm of their own and print what came of them."""

import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from hourline.connectors.sandbox.admin import read_books, start_sandbox, stop_sandbox
from hourline.demo import show
from hourline.demo.progress import Steps
from hourline.demo.receivers import (
    Books,
    invoice_equations,
    ledger_equations,
    receivable_accounts,
    receiver_equations,
)
from hourline.demo.timecard_master import read_rows
from hourline.demo.timecards import (
    ERP,
    LINES,
    Bench,
    Imported,
    Imports,
    carry_timecards,
)
from hourline.exceptions.store import queue_counts, waiting_entries
from hourline.infra.database import Database
from hourline.infra.json import encode_json
from hourline.infra.queries import load_queries
from hourline.infra.tenants import create_tenant, list_tenants
from hourline.kernel.codes import DocumentKind, Outcome
from hourline.kernel.money import currency_numbered
from hourline.proof.differences import differences
from hourline.proof.statement import Equation, Statement, state_books

QUERIES = load_queries(__package__)
_SLUG = "timecards"


def run_timecards(
    console: Console,
    database: Database,
    *,
    folder: Path,
    state_dir: Path,
    json_file: Path | None = None,
) -> bool:
    """Carry a folder of timecards the whole way; return whether every proof holds."""
    number = sum(tenant.slug.startswith(_SLUG) for tenant in list_tenants(database)) + 1
    slug = f"{_SLUG}-{number}"
    tenant = create_tenant(database, slug=slug, name="The consultancy")
    with tempfile.TemporaryDirectory(dir=state_dir, prefix="sandbox-") as place:
        sandbox = start_sandbox(Path(place) / "books", Path(place) / "ports.json")
        try:
            bench = Bench(database, tenant, sandbox, folder)
            with Steps(console).running() as steps:
                imports = carry_timecards(bench, steps)
            books = {ERP: read_books(sandbox.servers[ERP])}
        finally:
            stop_sandbox(sandbox)
    with database.tenant(tenant) as session:
        statement = state_books(session)
        found = differences(session)
        invoices = session.tuples(
            QUERIES["invoices_by_customer"], invoice=DocumentKind.INVOICE
        )
        counts, waiting = queue_counts(session), waiting_entries(session)
    equations = [
        *_import_equations(imports),
        *statement.equations,
        *_receiver_equations(statement, books),
    ]
    show.show_arrivals(console, statement)
    show.show_fates(console, statement)
    _show_customers(console, invoices)
    show.show_money(console, statement)
    show.show_proof(console, equations, found)
    show.show_exceptions(console, counts, waiting)
    proven = all(equation.holds for equation in equations) and not found
    first = next(read_rows(folder, LINES, ("id",)))["id"]
    _say(console, slug, first, proven=proven)
    if json_file is not None:
        facts = {
            "tenant": slug,
            "imports": {
                "first": _named(imports.first),
                "again": _named(imports.again),
                "corrected": _named(imports.corrected),
                "restored": _named(imports.restored),
            },
            "statement": statement,
            "equations": [{**asdict(row), "holds": row.holds} for row in equations],
            "differences": found,
            "exceptions": counts,
            "proven": proven,
        }
        json_file.write_bytes(encode_json(facts) + b"\n")
    return proven


def _receiver_equations(statement: Statement, books: Books) -> list[Equation]:
    return [
        *receiver_equations(statement, books),
        *invoice_equations(statement, books, receivable_accounts()),
        *ledger_equations(books),
    ]


def _import_equations(imports: Imports) -> list[Equation]:
    # A row that cannot be read is no revision; it waits in a queue and is shown there.
    refused = imports.first.outcomes[Outcome.REFUSED]
    rows = sum(imports.first.outcomes.values()) - refused
    return [
        Equation("rows taken = revisions", "rows", rows, imports.first.versions),
        Equation(
            "revisions after the second import = after the first",
            "rows",
            imports.again.versions,
            imports.first.versions,
        ),
        Equation(
            "corrections = lines changed",
            "rows",
            imports.corrected.outcomes[Outcome.ACCEPTED],
            1,
        ),
        Equation(
            "duplicates of that import = lines not changed",
            "rows",
            imports.corrected.outcomes[Outcome.DUPLICATE],
            rows - 1,
        ),
    ]


def _show_customers(
    console: Console, rows: list[tuple[str, str, int, int, int]]
) -> None:
    shown = show.table("Invoices per agency", "agency", "name", "invoices", "net")
    for customer, name, invoices, net, currency in rows:
        code = currency_numbered(currency).code
        shown.add_row(customer, name, str(invoices), show.amount(net, code))
    shown.add_section()
    shown.add_row(f"{len(rows)} agencies", "", str(sum(row[2] for row in rows)), "")
    console.print(shown)


def _named(imported: Imported) -> dict[str, object]:
    outcomes = {
        outcome.name.lower(): count for outcome, count in imported.outcomes.items()
    }
    return {"outcomes": outcomes, "revisions": imported.versions}


def _say(console: Console, slug: str, entry: str, *, proven: bool) -> None:
    console.print(
        "[bold green]Every proof holds: nothing is lost, nothing is doubled.[/]"
        if proven
        else "[bold red]A proof does not hold; see NO above.[/]"
    )
    options = f"--demo --tenant {slug}"
    console.print(f"Follow an hour:      hourline trace {options} {entry}")
    console.print(f"See what is open:    hourline exceptions list {options}")
