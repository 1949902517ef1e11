"""Give a filled ERP, ready to be used, hurt and read."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.tryton.database import Databases, databases
from tools.tryton.firm import Firm, create_firm, firm_from_json
from tools.tryton.install import ensure_installed, program
from tools.tryton.place import (
    fingerprint,
    key_module_key,
    packages_key,
    place,
    run_folder,
)
from tools.tryton.plan import FIRM, FirmPlan
from tools.tryton.rpc import Session
from tools.tryton.server import ENVIRONMENT, ErpServer, settings
from tools.tryton.wire import decode, encode

ADMIN = "admin"
ADMIN_PASSWORD = "admin"  # noqa: S105 - of a test server that listens on loopback only
KEY_MODULE = "hourline_key"
MODULES = (
    "company",
    "account",
    "account_product",
    "account_invoice",
    "analytic_account",
    "analytic_invoice",
    "timesheet",
    "timesheet_cost",
    "project",
    "project_revenue",
    "project_invoice",
)


@dataclass(frozen=True)
class Erp:
    """Hold one running ERP with the firm in it."""

    server: ErpServer
    firm: Firm
    is_keyed: bool
    """Whether the ERP refuses a second document with the same key."""

    @property
    def url(self) -> str:
        """Return where the ERP answers."""
        return self.server.url

    @property
    def database(self) -> str:
        """Return the name of the database, which is part of every address."""
        return self.server.database

    def admin(self) -> Session:
        """Return a session of the administrator, who judges and never posts."""
        return Session(self.url, self.database, ADMIN, ADMIN_PASSWORD).opened()


@contextmanager
def running_erp(
    plan: FirmPlan = FIRM, *, is_keyed: bool = False, port: int | None = None
) -> Iterator[Erp]:
    """Start an ERP of its own for the caller; the first time takes two minutes.

    Raises:
        CannotInstall: Tryton is not installed and its packages cannot be had.
    """
    python = ensure_installed()
    with databases() as opened:
        template = _filled(opened, python, plan, is_keyed=is_keyed)
        firm = firm_from_json(decode(_firm_file(template).read_bytes()))
        database = opened.copy(template)
        with _served(opened, python, database, port=port) as server:
            yield Erp(server, firm, is_keyed)


@contextmanager
def _served(
    opened: Databases, python: Path, database: str, *, port: int | None = None
) -> Iterator[ErpServer]:
    folder = run_folder() / database
    folder.mkdir()
    server = ErpServer(
        folder, python=python, uri=opened.uri(), database=database, port=port
    )
    try:
        server.start()
        yield server
    finally:
        server.stop()
        opened.drop(database)
        shutil.rmtree(folder)


def _filled(opened: Databases, python: Path, plan: FirmPlan, *, is_keyed: bool) -> str:
    """Return the template with the firm of the plan."""
    empty = _empty(opened, python, is_keyed=is_keyed)
    source = Path(__file__).parent
    code = [path.read_bytes() for path in sorted(source.glob("firm*.py"))]
    name = f"{empty}_{plan.name}_{fingerprint(repr(plan).encode(), *code)}"

    def make(unfinished: str) -> None:
        working = opened.copy(empty)
        with _served(opened, python, working) as server:
            admin = Session(server.url, working, ADMIN, ADMIN_PASSWORD).opened()
            firm = create_firm(admin, plan)
            server.stop()
            opened.replace(unfinished, working)
        keep = _firm_file(name)
        keep.touch(0o600)
        keep.write_bytes(encode(firm.as_json()))
        _drop_older(opened, name, f"_{plan.name}_")

    return opened.template(name, make)


def _empty(opened: Databases, python: Path, *, is_keyed: bool) -> str:
    """Return the template with the modules and an administrator, and no firm."""
    made_of = [packages_key(), *MODULES, key_module_key() if is_keyed else ""]
    key = fingerprint(" ".join(made_of).encode())
    name = f"erp_keyed_{key}" if is_keyed else f"erp_clean_{key}"

    def make(unfinished: str) -> None:
        if is_keyed:
            # Adding one module to a copy takes seconds, starting anew a minute.
            opened.replace(unfinished, _empty(opened, python, is_keyed=False))
            _activate(opened, python, unfinished, KEY_MODULE)
        else:
            # Naming an address asks for the administrator, once.
            address = ("--email", "admin@example.com")
            _activate(opened, python, unfinished, *MODULES, options=address)
        _drop_older(opened, name)

    return opened.template(name, make)


def _activate(
    opened: Databases,
    python: Path,
    database: str,
    *modules: str,
    options: tuple[str, ...] = (),
) -> None:
    with TemporaryDirectory() as folder:
        config, password = Path(folder) / "trytond.conf", Path(folder) / "password"
        config.write_text(settings(opened.uri()), encoding="utf-8")
        password.write_text(ADMIN_PASSWORD, encoding="utf-8")
        command = [*program(python, "trytond-admin"), "-c", str(config)]
        command += ["-d", database, *options]
        subprocess.run(
            [*command, "--activate-dependencies", "-u", *modules],
            env=ENVIRONMENT | {"TRYTONPASSFILE": str(password)},
            stdin=subprocess.DEVNULL,
            check=True,
        )


def _drop_older(opened: Databases, kept: str, mark: str = "") -> None:
    """Remove what was made for the same purpose from other code or packages."""
    kind = kept[: len("erp_clean_")]
    for name in opened.names():
        if name.startswith(kind) and mark in name and not name.startswith(kept):
            opened.drop(name)
            _firm_file(name).unlink(missing_ok=True)


def _firm_file(template: str) -> Path:
    return place() / f"{template}.json"
