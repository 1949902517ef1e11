"""Run the month of the simulated firm and print the proof and where to look."""

import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from hourline import flow
from hourline.connectors.sandbox.firm import Firm, build_firm
from hourline.connectors.sdk.patience import Patience
from hourline.demo import (
    closing,
    month,
    posting,
    setup,
    show,
    show_terms,
    subcontractors,
)
from hourline.demo.client import ApiClient
from hourline.demo.evidence import Evidence, gather
from hourline.demo.firm_rules import firm_rules
from hourline.demo.month import EXPENSES, PSA, Firmwide
from hourline.demo.progress import Steps
from hourline.demo.systems import Run, Systems, keep_run
from hourline.flow.connections import Connections
from hourline.infra.database import Database
from hourline.infra.json import encode_json
from hourline.infra.secrets import Keyring
from hourline.infra.tenants import create_tenant

# Little, because only a step that gives up lets lost programs be started again.
_PATIENCE = Patience(tries_max=4, pause_seconds_max=1)


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
        with steps.step("The books compared") as step:
            evidence = systems.surviving(lambda: gather(wide))
            step.advance(len(evidence.equations))
    if json_file is not None:
        json_file.write_bytes(encode_json(evidence.facts(wide)) + b"\n")
    keep_run(state_dir, replace(run, finished=evidence.proven))
    _show(console, evidence, wide.firm, lost=systems.survived)
    _say(console, evidence, seconds=time.monotonic() - began)
    return evidence.proven


def _open(
    database: Database, systems: Systems, steps: Steps, *, run: Run, keyring: Keyring
) -> Firmwide:
    firm = build_firm()
    erps = {entity.entity: entity.erp for entity in firm.entities}
    tenant = systems.surviving(
        lambda: create_tenant(database, slug=run.slug, name=firm.name)
    )
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
        synced = flow.sync_master(database, tenant, connections, patience=_PATIENCE)
        if synced.problems:
            raise ConnectionError(synced.problems[0].sentence)
        return synced.changed + synced.unchanged

    def poll() -> int:
        polled = flow.poll_all(database, tenant, connections, patience=_PATIENCE)
        for found in polled:
            if found.problem is not None:
                raise ConnectionError(found.problem.sentence)
        return sum(found.records for found in polled)

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
        expenses_no=numbers[EXPENSES],
        sync=sync,
        poll=poll,
    )


def _carry(wide: Firmwide, steps: Steps, run: Run) -> None:
    closing.bill_advances(wide, steps)
    month.deliver_by_webhook(wide, steps, secret=run.webhook_secret)
    month.deliver_by_poll(wide, steps)
    month.deliver_by_batch(wide, steps)
    month.deliver_by_file(wide, steps)
    month.deliver_by_event(wide, steps)
    for what, title in (
        ("late_projects", "Late projects arrive"),
        ("corrections", "Corrections before billing"),
        ("recalls", "Recalls"),
        ("changes", "Receipts and changes of expenses"),
    ):
        month.release_late(wide, steps, what=what, title=title)
    subcontractors.match_vendor_bills(wide, steps)
    month.bill_month(wide, steps)
    closing.invoice_between(wide, steps)
    closing.recognise_month(wide, steps)
    wide.systems.surviving(lambda: posting.misbehave(wide))
    posting.book_month(wide, steps)


def _show(console: Console, evidence: Evidence, firm: Firm, *, lost: int) -> None:
    names = show_terms.spoken_names(firm)
    show.show_arrivals(console, evidence.statement)
    show.show_entries(console, evidence.statement)
    show.show_fates(console, evidence.statement)
    show.show_money(console, evidence.statement)
    show_terms.show_expenses(console, evidence.expenses)
    show_terms.show_billed_work(console, evidence.billed_work)
    show_terms.show_advances(console, evidence.advances, names)
    show_terms.show_terms(console, evidence.terms)
    show_terms.show_revenue(console, evidence.revenue, names)
    show_terms.show_between(console, evidence.between)
    show_terms.show_cross_charges(console, evidence.cross_charges, names)
    show_terms.show_results(console, evidence.results)
    show.show_proof(console, evidence.equations, evidence.differences)
    show.show_exceptions(console, evidence.exceptions, evidence.waiting)
    show.show_faults(console, evidence.bitten)
    if lost:
        console.print(
            f"Programs were lost on the way; what broke off was done again {lost}x."
        )


def _say(console: Console, evidence: Evidence, *, seconds: float) -> None:
    console.print("\n[bold]Follow three hours through everything:[/bold]")
    for source_id, why in evidence.examples:
        console.print(f"  hourline trace --demo '{source_id}'", f"  ({why})", sep="")
    console.print("[bold]Go on:[/bold]")
    console.print("  hourline exceptions list --demo      what waits for whom")
    console.print("  hourline reconcile --demo            prove the books again")
    console.print("  hourline up --demo --sandbox         keep the systems running")
    console.print("  hourline down --demo                 stop the database")
    console.print(
        f"[bold green]Every proof holds after {seconds:.0f} s: nothing is lost, nothing"
        " is doubled.[/]"
        if evidence.proven
        else "[bold red]A proof does not hold; see NO above.[/]"
    )
