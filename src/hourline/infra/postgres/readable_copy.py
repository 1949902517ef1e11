"""Give the server's user programs it can read, copying a package's if need be."""

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

from hourline.infra.postgres.binaries import Binaries
from hourline.infra.postgres.cannot_start import CannotStart
from hourline.infra.postgres.os_user import OsUser, run_as

READABLE_DIRECTORY, READABLE_PROGRAM, READABLE_FILE = 0o755, 0o755, 0o644

# `initdb` reads the share folder, so programs alone being reachable is not enough.
RUNS = '"$1" --version >/dev/null 2>&1 && { test ! -e "$2" || test -r "$2/"; }'


def readable_by(user: OsUser, binaries: Binaries, *, copies: Path) -> Binaries:
    """Give `binaries` if `user` can run them, else a copy of them below `copies`.

    The caller holds the start of this state directory, and no server runs.

    Raises:
        CannotStart: the programs are out of reach and not from a copyable package.
    """
    if not user.differs or _runs(user, binaries.bin_dir):
        return binaries
    if binaries.copy_from is None:
        wrong = f"User {user.name}, as which root must run PostgreSQL, cannot run the "
        wrong += f"programs in {binaries.bin_dir}."
        remedy = "Name a folder open to all users in HOURLINE_PG_BIN, or run Hourline "
        remedy += "as an ordinary user."
        raise CannotStart(wrong, remedy)
    copied = _copied(binaries, binaries.copy_from, copies)
    if not _runs(user, copied.bin_dir):
        wrong = f"User {user.name} cannot run the copied programs in {copied.bin_dir}."
        remedy = "Is that file system mounted noexec? Set HOURLINE_STATE elsewhere."
        raise CannotStart(wrong, remedy)
    return copied


def _runs(user: OsUser, bin_dir: Path) -> bool:
    share = bin_dir.parent / "share"
    attempt = ("/bin/sh", "-c", RUNS, "sh", str(bin_dir / "postgres"), str(share))
    return run_as(user, attempt).returncode == 0


def _copied(binaries: Binaries, source: Path, copies: Path) -> Binaries:
    target = copies / _fingerprint(binaries)
    if not target.exists():
        shutil.rmtree(copies, ignore_errors=True)
        unfinished = copies / "unfinished"
        for part in binaries.copy_parts:
            shutil.copytree(
                source / part, unfinished / part, copy_function=_copy_readable
            )
        for folder, _, _ in os.walk(copies):
            Path(folder).chmod(READABLE_DIRECTORY)
        # Renamed last, so that a copy cut short is never taken for a whole one.
        unfinished.rename(target)
    return replace(binaries, bin_dir=target / binaries.bin_dir.relative_to(source))


def _fingerprint(binaries: Binaries) -> str:
    program = binaries.bin_dir / "postgres"
    seen = program.stat()
    text = f"{program}\n{seen.st_size}\n{seen.st_mtime_ns}"
    return f"{binaries.version}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _copy_readable(source: str, target: str) -> None:
    shutil.copyfile(source, target)
    runs = Path(source).stat().st_mode & 0o100
    Path(target).chmod(READABLE_PROGRAM if runs else READABLE_FILE)
