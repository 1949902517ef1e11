"""Run the month of the simulated firm and print the proof and where to look."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from hourline import flow
from hourline.connectors.sandbox.admin import read_books
from hourline.connectors.sandbox.firm import build_firm
from hourline.demo import month, posting, setup, show
from hourline.demo.client import ApiClient
from hourline.demo.firm_rules import firm_rules
from hourline.demo.month import PSA, Firmwide
from hourline.demo.progress import Steps
from hourline.demo.receivers import (
    invoice_equations,
    receivable_accounts,
    receiver_equations,
    told_equation,
)
from hourline.demo.systems import Run, Systems, keep_run
from hourline.exceptions.store import queue_counts, waiting_entries
from hourline.flow.connections import Connections
from hourline.flow.workers import DEMO_PATIENCE
from hourline.infra.database import Database
from hourline.infra.json import encode_json
from hourline.infra.secrets import Keyring
from hourline.infra.tenants import create_tenant
from hourline.kernel.codes import DocumentKind
from hourline.proof.differences import differences
from hourline.proof.statement import state_books

ERPS = ("atlas", "borealis")
RECEIVERS = ("billing", *ERPS, PSA)


def run_month(
    console: Console,
    database: Database,
    *,
    systems: Systems,
    run: Run,
    keyring: Keyring,
    state_dir: Path,
    json_file: Path | None = None,
) -> bool:
    """Carry the month the whole way; return whether every proof holds."""
    began = time.monotonic()
    with Steps(console).running() as steps:
        with steps.step("Systems started") as step:
            systems.start()
            step.advance(len(systems.places()))
        wide = _open(database, systems, steps, run=run, keyring=keyring)
        _carry(wide, steps, run)
    books = systems.surviving(lambda: _books(systems))
    proven = systems.surviving(
        lambda: _prove(console, wide, books=books, json_file=json_file)
    )
    keep_run(state_dir, replace(run, finished=proven))
    _say(console, wide, proven=proven, seconds=time.monotonic() - began)
    return proven


def _open(
    database: Database, systems: Systems, steps: Steps, *, run: Run, keyring: Keyring
) -> Firmwide:
    firm = build_firm()
    erps = {entity.entity: entity.erp for entity in firm.entities}
    tenant = create_tenant(database, slug=run.slug, name=firm.name)
    numbers = systems.surviving(
        lambda: setup.connect_systems(
            database,
            tenant,
            places=systems.places(),
            keyring=keyring,
            webhook_secret=run.webhook_secret,
            erps=erps,
        )
    )
    connections = Connections(database, keyring)
    systems.surviving(lambda: flow.own_kinds(database, tenant))

    def sync() -> int:
        synced = flow.sync_master(database, tenant, connections, patience=DEMO_PATIENCE)
        return synced.changed + synced.unchanged

    with steps.step("Master data from its owners") as step:
        step.advance(systems.surviving(sync))
    rules = [*firm_rules(firm), *setup.routes(erps)]
    with steps.step("Prices, taxes, accounts, routes") as step:
        systems.surviving(lambda: flow.change_master(database, tenant, rules))
        step.advance(len(rules))
    key = systems.surviving(lambda: setup.make_key(database, tenant))
    return Firmwide(
        database=database,
        tenant=tenant,
        slug=run.slug,
        firm=firm,
        systems=systems,
        api=ApiClient(systems.api_url, key),
        psa_no=numbers[PSA],
        sync=sync,
        poll=lambda: flow.poll_entries(
            database,
            tenant,
            connections,
            connection_no=numbers[PSA],
            patience=DEMO_PATIENCE,
        ),
    )


def _carry(wide: Firmwide, steps: Steps, run: Run) -> None:
    month.deliver_by_webhook(wide, steps, secret=run.webhook_secret)
    month.deliver_by_poll(wide, steps, title="Time by poll")
    month.deliver_by_batch(wide, steps)
    month.deliver_by_file(wide, steps)
    month.deliver_by_event(wide, steps)
    for what, title in (
        ("late_projects", "Late projects arrive"),
        ("corrections", "Corrections before billing"),
        ("recalls", "Recalls"),
    ):
        month.release_late(wide, steps, what=what, title=title)
    month.bill_month(wide, steps)
    wide.systems.surviving(lambda: posting.misbehave(wide))
    posting.book_month(wide, steps)


def _books(systems: Systems) -> Mapping[str, list[dict[str, Any]]]:
    places = systems.places()
    return {name: read_books(places[name]) for name in RECEIVERS}


def _prove(
    console: Console,
    wide: Firmwide,
    *,
    books: Mapping[str, list[dict[str, Any]]],
    json_file: Path | None,
) -> bool:
    with wide.database.tenant(wide.tenant) as session:
        statement = state_books(session)
        found = differences(session)
        counts, waiting = queue_counts(session), waiting_entries(session)
    ledgers = {name: books[name] for name in ERPS}
    documents = {name: books[name] for name in RECEIVERS if name != PSA}
    equations = [
        *statement.equations,
        *receiver_equations(statement, documents),
        *invoice_equations(statement, ledgers, receivable_accounts()),
        told_equation(statement, books[PSA]),
    ]
    show.show_arrivals(console, statement)
    show.show_entries(console, statement)
    show.show_money(console, statement)
    show.show_proof(console, equations, found)
    show.show_exceptions(console, counts, waiting)
    bitten = posting.faults_that_bit(wide)
    proven = all(equation.holds for equation in equations) and not found
    if json_file is not None:
        facts = {
            "tenant": wide.slug,
            "dirt": wide.firm.dirt,
            "statement": statement,
            "equations": [{**asdict(row), "holds": row.holds} for row in equations],
            "differences": found,
            "exceptions": counts,
            "waiting": waiting,
            "faults": dict(bitten),
            "proven": proven,
        }
        json_file.write_bytes(encode_json(facts) + b"\n")
    _say_faults(console, bitten.items())
    return proven


def _say_faults(console: Console, bitten: Iterable[tuple[str, int]]) -> None:
    told = ", ".join(f"{fault} {count}x" for fault, count in sorted(bitten))
    console.print(f"The systems misbehaved on the way: {told or 'not at all'}.")


def _say(console: Console, wide: Firmwide, *, proven: bool, seconds: float) -> None:
    if wide.systems.survived:
        console.print(
            f"Programs were lost and started again {wide.systems.survived} times."
        )
    with wide.database.tenant(wide.tenant) as session:
        examples = session.tuples(
            posting.QUERIES["example_entries"], invoice=DocumentKind.INVOICE
        )
    console.print("\n[bold]Follow three hours through everything:[/bold]")
    for source_id, why in examples:
        console.print(f"  hourline trace --demo '{source_id}'", f"  ({why})", sep="")
    console.print("[bold]Go on:[/bold]")
    console.print("  hourline exceptions list --demo      what waits for whom")
    console.print("  hourline reconcile --demo            prove the books again")
    console.print("  hourline up --demo --sandbox         keep the systems running")
    console.print("  hourline down --demo                 stop the database")
    console.print(
        f"[bold green]Every proof holds after {seconds:.0f} s: nothing is lost, nothing"
        " is doubled.[/]"
        if proven
        else "[bold red]A proof does not hold; see NO above.[/]"
    )
