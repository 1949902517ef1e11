"""Measure the dry run of a changed rulebook against having decided the same work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hourline.cli.bench.durable import (
    cpu_spent,
    load_masters,
    new_tenant,
    receive_first,
    receive_others,
)
from hourline.cli.bench.figure import Measured
from hourline.cli.bench.workload import Workload
from hourline.flow.rulebook.drafts import export_book
from hourline.flow.rulebook.files import RulebookFile, written
from hourline.flow.rulebook.trial import Trial, try_rulebook
from hourline.infra.database import Database
from hourline.master.rulebook.columns import text_of
from hourline.master.rulebook.model import Book, RuleRow

_MID_YEAR = date(2026, 7, 1)
_PRICES = "transfer_prices"
# By table: the column that is raised in every other row, and by how much.
_RAISED: Mapping[str, tuple[str, Decimal]] = {
    "bill_rates": ("rate", Decimal(3)),
    "cost_rates": ("rate", Decimal(1)),
    "tax": ("rate", Decimal(1)),
    _PRICES: ("value", Decimal(1)),
}


def dry_run_against_deciding(work: Workload, *, database_url: str) -> Measured:
    """Compare a dry run of all work with receiving, deciding and storing it.

    By CPU of client and database backend. Raises LookupError as `try_changed`.
    """
    database = Database.open(database_url, connections_max=1)
    try:
        tenant = new_tenant(database, "dry-run")
        with database.tenant(tenant) as session:
            load_masters(session, work.without_limits().with_departments())
        receive_first(database, tenant, work.lines)
        decided = cpu_spent(
            database, lambda: receive_others(database, tenant, work.lines)
        )
        files = changed_rulebook(export_book(database, tenant))
        tried = cpu_spent(database, lambda: try_changed(database, tenant, files))
    finally:
        database.close()
    return Measured(
        "dry-run",
        f"decide {len(work.lines):,} entries again with a draft and compare, against"
        " receiving, deciding and storing them, client and server CPU",
        tried,
        decided,
        target_percent=125,
    )


def changed_rulebook(book: Book) -> list[RulebookFile]:
    """Return a rulebook that changes whatever a dry run compares.

    Rates, costs, taxes, transfer prices and accounts are others, departments charge
    each other, and days of persons are rounded, to 45 minutes, where entries were.
    """
    pairs = [(row.cell("lender"), row.cell("borrower")) for row in book[_PRICES]]
    entities = sorted({entity for pair in pairs for entity in pair})
    changed = {
        table: [
            row if place % 2 else _raised(row, column, by)
            for place, row in enumerate(book[table])
        ]
        for table, (column, by) in _RAISED.items()
    }
    changed["time_rounding"] = [
        row if place % 2 else _saying(row, scope="person_day", increment_minutes="45")
        for place, row in enumerate(book["time_rounding"])
    ]
    files = {
        **written(changed, as_="csv"),
        "accounts.csv": _csv(
            "entity,role,number", (f"{entity},wip,1400" for entity in entities)
        ),
        "cross_charges.csv": _csv(
            "entity,model,value",
            (f"{entity},cost_plus_percent,10" for entity in entities),
        ),
    }
    return [RulebookFile(name, content) for name, content in files.items()]


def try_changed(
    database: Database, tenant: int, files: Sequence[RulebookFile]
) -> Trial:
    """Return what a draft changes; raise LookupError where a comparison is idle."""
    draft, trial = try_rulebook(
        database,
        tenant,
        files,
        effective_on=_MID_YEAR,
        dates=(date.min, date.max),
    )
    if trial is None:
        msg = f"the draft is refused: {draft.errors[0].sentence}"
        raise LookupError(msg)
    found = {
        "lines": any(one.difference for one in trial.groups),
        "taxes": any(one.tax_after != one.tax_before for one in trial.groups),
        "entries": trial.largest,
        "transfers": trial.transfers,
        "departments": trial.cross_charges,
        "days": trial.days.days,
        "books": trial.books,
        "accounts": trial.accounts,
    }
    idle = [name for name, what in found.items() if not what]
    if idle:
        msg = f"the dry run compares nothing of {', '.join(idle)}"
        raise LookupError(msg)
    return trial


def _raised(row: RuleRow, column: str, by: Decimal) -> RuleRow:
    return _saying(row, **{column: text_of(Decimal(row.cell(column)) + by)})


def _saying(row: RuleRow, **cells: str) -> RuleRow:
    return replace(row, cells=tuple((dict(row.cells) | cells).items()))


def _csv(header: str, rows: Iterable[str]) -> bytes:
    return "\n".join([header, *rows]).encode()
