"""Create a data directory with a secret password, or check that one can be used."""

import os
import secrets
import shutil
from pathlib import Path

from hourline.infra.postgres.binaries import Binaries
from hourline.infra.postgres.cannot_start import CannotStart
from hourline.infra.postgres.layout import Layout, create_private
from hourline.infra.postgres.os_user import OsUser, run_as

SUPERUSER = "postgres"
PASSWORD_BYTES = 32
BUILTIN_LOCALE_MAJOR_MIN = 17
LAST_LINES = 15


def ensure_cluster(
    layout: Layout, user: OsUser, binaries: Binaries, *, fsync: bool
) -> None:
    """Create the data directory if there is none; otherwise check the one there is.

    Raises:
        CannotStart: it cannot be created, is another major version's or another
            user's, or its password is lost.
    """
    if layout.cluster.exists():
        _check(layout, user, binaries)
        return
    # A name of its own each time: the `initdb` of a killed program may still write.
    for leftover in layout.root.glob("data.*.unfinished"):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished = layout.root / f"data.{secrets.token_hex(4)}.unfinished"
    create_private(unfinished, user)
    _initialise(layout, user, binaries, unfinished, fsync=fsync)
    # Renamed last, so that a start cut short is never taken for a data directory.
    unfinished.rename(layout.cluster)
    if fsync:
        _flush_directory(layout.root)


def last_lines(text: str) -> str:
    """Give the end of a program's output, indented for a message."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-LAST_LINES:])


def _initialise(
    layout: Layout, user: OsUser, binaries: Binaries, unfinished: Path, *, fsync: bool
) -> None:
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    _write_secret(layout.password_file, password, owner=None)
    for_user = layout.root / "password.unfinished"
    _write_secret(for_user, password, owner=user)
    try:
        outcome = run_as(user, _initdb(binaries, unfinished, for_user, fsync=fsync))
    finally:
        for_user.unlink(missing_ok=True)
    if outcome.returncode != 0:
        wrong = f"{binaries.bin_dir / 'initdb'} could not create a database in "
        wrong += f"{layout.root}:\n{last_lines(outcome.stdout + outcome.stderr)}\n"
        raise CannotStart(wrong, "Remove the cause it names, or set DATABASE_URL.")


def _initdb(
    binaries: Binaries, cluster: Path, password_file: Path, *, fsync: bool
) -> list[str]:
    command = [
        str(binaries.bin_dir / "initdb"),
        f"--pgdata={cluster}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
    ]
    if binaries.major >= BUILTIN_LOCALE_MAJOR_MIN:
        # Sorts by code point like C, and knows the case of letters beyond ASCII.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return command if fsync else [*command, "--no-sync"]


def _write_secret(path: Path, text: str, *, owner: OsUser | None) -> None:
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
        if owner and owner.differs:
            os.fchown(descriptor, owner.uid, owner.gid)


def _flush_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check(layout: Layout, user: OsUser, binaries: Binaries) -> None:
    owner = layout.cluster.stat().st_uid
    if owner != user.uid:
        wrong = f"The data in {layout.cluster} belongs to uid {owner}, and the server "
        wrong += f"would run as uid {user.uid} ({user.name})."
        raise CannotStart(wrong, "Run Hourline as it was run before.")
    if not layout.password_file.exists():
        wrong = f"The password of the database is missing: {layout.password_file}."
        remedy = "Restore that file from a backup of the state directory, or move "
        remedy += f"{layout.root} away to begin with an empty database."
        raise CannotStart(wrong, remedy)
    _check_version(layout, binaries)


def _check_version(layout: Layout, binaries: Binaries) -> None:
    version_file = layout.cluster / "PG_VERSION"
    if not version_file.exists():
        wrong = f"{layout.cluster} is not a PostgreSQL data directory."
        raise CannotStart(wrong, "Move it away and start again.")
    written_by = version_file.read_text(errors="replace").strip()
    if written_by != str(binaries.major):
        wrong = f"The data in {layout.cluster} was written by PostgreSQL {written_by}, "
        wrong += f"and the programs found are {binaries.version} ({binaries.origin}: "
        wrong += f"{binaries.bin_dir}). Nothing was changed."
        remedy = f"Set HOURLINE_PG_BIN to programs of version {written_by} and go on "
        remedy += "as before; or with them dump everything by `pg_dumpall`, stop, move "
        remedy += f"{layout.root} away, start with version {binaries.major}, and "
        raise CannotStart(wrong, remedy + "restore the dump by `psql`.")
