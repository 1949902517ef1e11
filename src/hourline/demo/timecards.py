"""Carry a consultancy's real timecards from their files to an ERP, and prove it."""

import calendar
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hourline import flow
from hourline.billing.model import Issued
from hourline.connectors.sandbox.admin import Sandbox, set_period
from hourline.connectors.sandbox.finance import build_accounts
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.target import TargetPort
from hourline.demo.progress import Steps
from hourline.demo.timecard_master import (
    ENTITY,
    FolderIncomplete,
    master_changes,
    read_rows,
)
from hourline.infra.database import Database
from hourline.infra.queries import load_queries
from hourline.intake.file import Acknowledged, SourceFile
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem
from hourline.master.store import set_connection

QUERIES = load_queries(__package__)
LINES = "timecard_lines.csv"
ERP = "atlas"
_COLUMNS = {
    "id": "id",
    "person": "person",
    "project": "project",
    "date": "week_end",
    "seconds": "hours",
    "role": "grade",
    "note": "notes",
    "approved_at": "created",
    "updated_at": "modified",
}
READING = {
    "fields": _COLUMNS,
    "status": "approved",
    "duration_unit": "hours",
}


class FileRefused(FolderIncomplete):
    """Say why the timecards were refused as a whole."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Hold what a run works on: the tenant's books, its sandbox and its folder."""

    database: Database
    tenant: int
    sandbox: Sandbox
    folder: Path


@dataclass(frozen=True, slots=True)
class Imported:
    """Count what an import did, and the revisions there are after it."""

    outcomes: Counter[Outcome]
    versions: int


@dataclass(frozen=True, slots=True)
class Imports:
    """Hold the four imports: new, the same again, one line changed, changed back."""

    first: Imported
    again: Imported
    corrected: Imported
    restored: Imported


def carry_timecards(bench: Bench, steps: Steps) -> Imports:
    """Run the whole way: master data, imports, billing month by month, posting."""
    connection_no = _set_up(bench, steps)
    content = _lines(bench.folder)
    imports = Imports(
        first=_import(bench, steps, connection_no, content=content, title="Timecards"),
        again=_import(
            bench, steps, connection_no, content=content, title="The same file again"
        ),
        corrected=_import(
            bench,
            steps,
            connection_no,
            content=_changed(content, 1),
            title="One line corrected",
        ),
        restored=_import(
            bench,
            steps,
            connection_no,
            content=_changed(content, 0),
            title="Corrected back",
        ),
    )
    _bill(bench, steps, months=list(_months(content)))
    _post(bench, steps)
    return imports


def _set_up(bench: Bench, steps: Steps) -> int:
    changes = [
        *master_changes(bench.folder),
        *(
            MasterChange(
                "ledger_account",
                f"{found.entity}-{found.role.name.lower()}",
                fields={
                    "entity": found.entity,
                    "role": found.role.name.lower(),
                    "number": found.number,
                },
            )
            for found in build_accounts()
            if found.entity == ENTITY
        ),
        *(
            MasterChange(
                "target_route", kind, fields={"document": kind, "connection": ERP}
            )
            for kind in ("invoice", "credit_note", "journal")
        ),
    ]
    with bench.database.tenant(bench.tenant) as session:
        connection_no = set_connection(
            session,
            name="timecards",
            connector="file",
            states_revisions=False,
            settings={"reading": READING},
        )
        set_connection(session, name=ERP, connector="sandbox_atlas")
    with steps.step("Master data", total=len(changes)) as step:
        flow.change_master(
            bench.database, bench.tenant, changes, connection_no=connection_no
        )
        step.advance(len(changes))
    return connection_no


def _lines(folder: Path) -> bytes:
    if not any(read_rows(folder, LINES, tuple(_COLUMNS.values()))):
        raise FolderIncomplete(f"{LINES} in {folder} has no line.")
    return (folder / LINES).read_bytes()


def _import(
    bench: Bench, steps: Steps, connection_no: int, *, content: bytes, title: str
) -> Imported:
    file = SourceFile(connection_no, LINES, content, datetime.now(UTC))
    with steps.step(title, total=content.count(b"\n") - 1) as step:
        answer = flow.receive_file(
            bench.database, bench.tenant, file, on_part=step.advance
        )
    acknowledged = [row for row in answer if isinstance(row, Acknowledged)]
    refused = [problem for problem in answer if isinstance(problem, Problem)]
    if refused:
        raise FileRefused(" ".join(problem.sentence for problem in refused))
    with bench.database.tenant(bench.tenant) as session:
        versions = session.value(QUERIES["count_versions"], int) or 0
    return Imported(Counter(row.outcome for row in acknowledged), versions)


def _changed(content: bytes, more_hours: int) -> bytes:
    """Return the file with one line of other hours, modified a little later.

    The first line is changed by `more_hours`; 0 takes back an earlier change.
    """
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    header, line = rows[0], rows[1]
    hours, modified = header.index("hours"), header.index("modified")
    line[hours] = str(Decimal(line[hours]) + more_hours)
    instant = datetime.fromisoformat(line[modified])
    later = instant + timedelta(days=1 if more_hours else 2)
    line[modified] = later.isoformat().replace("+00:00", "Z")
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def _months(content: bytes) -> Iterator[date]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
    days = [_day(row["week_end"]) for row in rows]
    for year, month in sorted({(day.year, day.month) for day in days if day}):
        yield date(year, month, calendar.monthrange(year, month)[1])


def _day(text: str | None) -> date | None:
    # A line whose date cannot be read waits in its queue; it belongs to no month.
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _bill(bench: Bench, steps: Steps, *, months: list[date]) -> None:
    with steps.step("Billing, month by month", total=len(months)) as step:
        for last_day in months:
            outcomes = flow.bill_due(
                bench.database, bench.tenant, through=last_day, invoice_date=last_day
            )
            step.advance(1)
            step.count(sum(isinstance(outcome, Issued) for outcome in outcomes))
    erp = bench.sandbox.servers[ERP]
    for last_day in months:
        set_period(erp, entity=ENTITY, period=f"{last_day:%Y-%m}", status="open")


def _post(bench: Bench, steps: Steps) -> None:
    place = bench.sandbox.servers[ERP]
    port = TargetPort(
        targets=connector("sandbox_atlas").targets,
        address=place.url,
        send=place.egress().send,
    )
    planned = flow.plan_postings(bench.database, bench.tenant)
    with steps.step("Posting into the ERP", total=planned) as step:
        while (done := _post_some(bench, port)) > 0:
            step.advance(done)


def _post_some(bench: Bench, port: TargetPort) -> int:
    summary = flow.post_due(bench.database, bench.tenant, lambda _no: port, limit=25)
    return len(summary.settled)
