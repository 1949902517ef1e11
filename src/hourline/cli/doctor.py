"""The command `doctor`: look at what Hourline needs here and name the remedies."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import psycopg

from hourline.infra.postgres import (
    CannotStart,
    embedded_postgres,
    find_binaries,
    without_password,
)
from hourline.infra.settings import InvalidSetting, Settings, load_settings

PYTHON_MIN = (3, 11)
POSTGRES_MIN = 150_000
FREE_BYTES_MIN = 1_000_000_000
CONNECT_SECONDS_MAX = 5
EMBEDDED_PLATFORMS = ("linux", "darwin")


@dataclass(frozen=True)
class Finding:
    """Hold what one check found, and what to do where something is wrong."""

    checked: str
    found: str
    remedy: str | None = None

    @property
    def is_wrong(self) -> bool:
        """Tell whether somebody has to do something."""
        return self.remedy is not None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--demo", is_flag=True, help="Look at the demo's database.")
def doctor(*, as_json: bool, demo: bool) -> None:
    """Check that Hourline can run here; exit 1 with remedies where it cannot."""
    findings = list(examine(os.environ, demo=demo))
    wrong = any(finding.is_wrong for finding in findings)
    if as_json:
        report = {"ok": not wrong, "findings": [asdict(one) for one in findings]}
        click.echo(json.dumps(report, indent=2))
    else:
        _print(findings)
    sys.exit(1 if wrong else 0)


def examine(environ: Mapping[str, str], *, demo: bool) -> Iterator[Finding]:
    """Run every check that applies to these settings, in order of dependence."""
    yield check_python(sys.version_info[:2])
    try:
        settings = load_settings(environ, demo=demo)
    except InvalidSetting as reason:
        yield Finding("settings", "cannot be used", str(reason))
        return
    yield check_platform(sys.platform, settings)
    if settings.database_url:
        yield check_database(settings.database_url)
        return
    yield check_binaries(settings)
    yield Finding("state directory", str(settings.state_dir))
    yield check_free_space(settings.state_dir)
    yield check_start(settings, on_wait=lambda word: click.echo(word, err=True))


def check_python(version: tuple[int, ...]) -> Finding:
    """Compare the interpreter's version with the oldest supported one."""
    found = f"{platform.python_version()} ({sys.executable})"
    if version >= PYTHON_MIN:
        return Finding("Python", found)
    return Finding("Python", found, "Install Python 3.11 or later.")


def check_platform(name: str, settings: Settings) -> Finding:
    """Tell whether the embedded PostgreSQL is supported on this system at all."""
    found = f"{platform.system()} {platform.release()} {platform.machine()}"
    if name in EMBEDDED_PLATFORMS or settings.database_url:
        return Finding("platform", found)
    remedy = "The embedded PostgreSQL runs on Linux and macOS; set DATABASE_URL."
    return Finding("platform", found, remedy)


def check_binaries(settings: Settings) -> Finding:
    """Find the PostgreSQL programs the embedded server would run."""
    try:
        found = find_binaries(settings.pg_bin)
    except CannotStart as reason:
        return Finding("PostgreSQL programs", reason.wrong, reason.remedy)
    shown = f"{found.version} ({found.origin}: {found.bin_dir})"
    return Finding("PostgreSQL programs", shown)


def check_free_space(state_dir: Path) -> Finding:
    """Measure the free space where the state directory is or would be."""
    places = [state_dir, *state_dir.parents]
    there = next(one for one in places if os.access(one, os.F_OK))
    free = shutil.disk_usage(there).free
    found = f"{free // 1_000_000:,} MB"
    if free >= FREE_BYTES_MIN:
        return Finding("free disk space", found)
    remedy = "Free at least 1,000 MB there, or set HOURLINE_STATE to another disk."
    return Finding("free disk space", found, remedy)


def check_start(settings: Settings, *, on_wait: Callable[[str], None]) -> Finding:
    """Start the embedded server; stop it again unless it ran already."""
    checked = "embedded PostgreSQL"
    try:
        server = embedded_postgres(settings)
        if server.is_alive():
            return Finding(checked, f"runs as process {server.pid}")
        server.start(on_wait=on_wait)
        server.stop()
    except CannotStart as reason:
        return Finding(checked, reason.wrong, reason.remedy)
    return Finding(checked, "can start")


def check_database(url: str) -> Finding:
    """Sign in to the database of DATABASE_URL and ask its version."""
    shown = without_password(url)
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS_MAX) as connection:
            version = connection.info.server_version
    except psycopg.Error as reason:
        found = f"{shown} cannot be reached: {str(reason).strip()}"
        remedy = "Check that the server runs and that address, user and password in "
        return Finding("DATABASE_URL", found, remedy + "DATABASE_URL are right.")
    found = f"{shown}, PostgreSQL {version // 10_000}.{version % 10_000}"
    if version >= POSTGRES_MIN:
        return Finding("DATABASE_URL", found)
    return Finding("DATABASE_URL", found, "Use PostgreSQL 15 or later.")


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        mark = "WRONG" if finding.is_wrong else "ok"
        click.echo(f"{mark:<6}{finding.checked}: {finding.found}")
        if finding.remedy:
            click.echo(f"      remedy: {finding.remedy}")
