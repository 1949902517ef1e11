"""Drive Hourline by its commands, in a state directory of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg

from hourline.cli.desk import Desk
from hourline.flow import change_master
from hourline.infra.database import Database
from hourline.infra.postgres import embedded_postgres
from hourline.infra.settings import load_settings
from hourline.infra.tenants import find_tenant
from hourline.kernel.codes import IntentState
from hourline.master.store import connections
from tools.e2e_tryton.terms import TARGET, decided, named_in_the_export
from tools.e2e_tryton.work import Month
from tools.tryton.erp import Erp

SOURCE = "harvest"
READING = (
    *("--layout", "harvest"),
    *("--person-key", "name"),
    *("--project-key", "code"),
    *("--approval", "column"),
    *("--date-order", "day_first"),
    *("--decimal-mark", ","),
)
_RUN = "from hourline.cli.main import run; run()"
# Also what is booked, as long as drafts of lost calls are still to be swept.
_COUNT = """
SELECT count(*) FROM hourline.posting_intent
WHERE state = ANY(%s) OR (state = %s AND due_at < '9999-01-01')
"""
_UNSET = ("DATABASE_URL", "HOURLINE_PG_PORT", "HOURLINE_KEY_FILE")
_OPEN = tuple(
    int(state)
    for state in (
        IntentState.PLANNED,
        IntentState.READY,
        IntentState.CALLING,
        IntentState.DRAFTED,
        IntentState.AMBIGUOUS,
        IntentState.PROBING,
    )
)


class CommandFailed(Exception):
    """Hold what a command said that should have worked."""


class Hourline:
    """Hold one installation with one firm; `--demo` gives it short leases."""

    def __init__(self, state: Path, *, slug: str) -> None:
        """Name the firm; `connect` creates it."""
        self._state = state
        self._firm = ("--demo", "--tenant", slug)
        self._slug = slug

    def connect(self, erp: Erp, url: str, month: Month, *, mode: str = "post") -> None:
        """Create the firm and connect it to the ERP, which is reached at `url`.

        The master data and prices come from the ERP; accounts, taxes and routes, and
        who is meant by the names in the export, are decided here.
        """
        self.run("tenant", "create", self._slug, "--demo")
        place = ("--address", f"{url}/{erp.database}")
        granted = ("--network", "127.0.0.0/8", "--plain-http")
        keyed = ("--mode", "unique_key") if erp.is_keyed else ()
        tryton = ("--connector", "tryton", *place, *granted, *keyed)
        self.run("connection", "set", TARGET, *tryton, *self._firm)
        secret = ("secret", "set", TARGET, "client_secret")
        self.run(*secret, *self._firm, stdin=erp.firm.key)
        self.run("connection", "set", SOURCE, "--connector", "file", *self._firm)
        self.run("connection", "reading", SOURCE, *READING, *self._firm)
        self.run("sync", *self._firm)
        self._decide(erp, month, mode)

    def _decide(self, erp: Erp, month: Month, mode: str) -> None:
        with self.desk() as desk:
            with desk.database.tenant(desk.tenant) as session:
                numbers = {
                    found.name: found.connection_no for found in connections(session)
                }
            done = change_master(
                desk.database, desk.tenant, [*decided(month, mode=mode)]
            )
            known = change_master(
                desk.database,
                desk.tenant,
                [*named_in_the_export(month, erp.firm)],
                connection_no=numbers[SOURCE],
            )
        for refusal in (*done.refusals, *known.refusals):
            raise CommandFailed(refusal.problem.sentence)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open the firm in this process; raise LookupError before it is connected."""
        settings = load_settings(self._environment(), demo=True)
        address = embedded_postgres(settings).start(on_wait=print)
        url = address.url(database="hourline")
        database = Database.open(url)
        try:
            tenant = find_tenant(database, self._slug)
            if tenant is None:
                raise LookupError(self._slug)
            yield Desk(settings, url, database, tenant)
        finally:
            database.close()

    def import_export(self, path: Path) -> None:
        """Take an export in; rows that wait for a person are no failure."""
        self.run("import", str(path), "--connection", SOURCE, *self._firm, ok=(0, 1))

    def bill(self, through: date) -> None:
        """Bill everything up to a day and plan every document."""
        days = ("--through", str(through), "--date", str(through))
        self.run("billing", "run", *days, *self._firm, ok=(0, 1))
        self.run("postings", "plan", *self._firm)

    def start_posting(self) -> "subprocess.Popen[bytes]":
        """Start a process that books what is due and ends; see `hurt`."""
        with (self._state / "posting.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tools.e2e_tryton.poster", self._slug],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def waiting(self) -> list[str]:
        """Return what is said of each thing that waits for a person."""
        told = json.loads(self.run("exceptions", "list", "--json", *self._firm))
        return [
            *(item["sentence"] for item in told["open"]),
            *(entry["lacks"] for entry in told["waiting"]),
        ]

    def is_finished(self) -> bool:
        """Tell whether no intent of any firm here is open, and no draft is left."""
        settings = load_settings(self._environment(), demo=True)
        address = embedded_postgres(settings).start(on_wait=print)
        with psycopg.connect(address.url(database="hourline")) as connection:
            row = connection.execute(
                _COUNT, [list(_OPEN), IntentState.CONFIRMED]
            ).fetchone()
        return row == (0,)

    def run(self, *arguments: str, ok: tuple[int, ...] = (0,), stdin: str = "") -> str:
        """Run a command to its end and return what it printed.

        Raises:
            CommandFailed: its exit status is none of `ok`.
        """
        done = subprocess.run(
            self._command(*arguments),
            env=self._environment(),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in ok:
            said = f"{done.stdout}{done.stderr}"
            raise CommandFailed(f"hourline {' '.join(arguments)}:\n{said}")
        return done.stdout

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-P", "-c", _RUN, *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if name not in _UNSET}
        return {**kept, "HOURLINE_STATE": str(self._state)}


@contextmanager
def installation() -> Iterator[Path]:
    """Give a fresh state directory; stop its database and remove it in the end.

    It lies directly below the system's folder for such things, because root's server
    runs as another user, who could not pass a private folder in between.
    """
    state = Path(tempfile.gettempdir()) / f"hourline-tryton-{uuid4().hex[:8]}"
    state.mkdir(mode=0o711)
    try:
        yield state
    finally:
        Hourline(state, slug="").run("down", "--demo")
        shutil.rmtree(state)
