"""Choose the operating-system user that runs the server, and act as that user."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hourline.infra.postgres.cannot_start import CannotStart

UNPRIVILEGED = "nobody"
COMMAND_SECONDS_MAX = 300

# Nothing of the caller's environment reaches the server: no secrets, no PG* options.
# Language C, because the launcher reads what the server writes.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class OsUser:
    """Name the user that owns the data and runs the server."""

    name: str
    uid: int
    gid: int
    differs: bool
    """Whether the launcher (root) has to change to this user."""


def server_user(launcher_uid: int) -> OsUser:
    """Give the launcher's own user, or `nobody` when the launcher is root.

    PostgreSQL refuses to run as root; `nobody` exists everywhere, so no user is added.

    Raises:
        CannotStart: the launcher is root and the system has no user `nobody`.
    """
    if launcher_uid != 0:
        return OsUser(f"uid {launcher_uid}", launcher_uid, os.getegid(), differs=False)
    try:
        found = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as reason:
        wrong = "PostgreSQL refuses to run as root, and there is no user 'nobody'."
        remedy = "Run Hourline as an ordinary user, or set DATABASE_URL."
        raise CannotStart(wrong, remedy) from reason
    return OsUser(found.pw_name, found.pw_uid, found.pw_gid, differs=True)


def run_as(user: OsUser, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a short command as `user` with a clean environment; keep its output.

    Raises:
        CannotStart: the system does not let the launcher change user, or the
            command did not end within five minutes.
    """
    try:
        return subprocess.run(
            command,
            user=user.uid if user.differs else None,
            group=user.gid if user.differs else None,
            extra_groups=[] if user.differs else None,
            umask=0o077,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=COMMAND_SECONDS_MAX,
        )
    except (OSError, subprocess.SubprocessError) as reason:
        wrong = f"Cannot run {command[0]} as {user.name}: {reason}."
        remedy = "Run Hourline as an ordinary user, or set DATABASE_URL."
        raise CannotStart(wrong, remedy) from reason


def first_closed_directory(user: OsUser, path: Path) -> Path | None:
    """Give the first directory on the way to `path` that `user` may not enter."""
    if _may_enter(user, path):
        return None
    way = [*reversed(path.parents), path]
    return next(step for step in way if step == path or not _may_enter(user, step))


def _may_enter(user: OsUser, path: Path) -> bool:
    if not user.differs:
        return os.access(path, os.X_OK)
    # A real attempt, since mode bits do not tell about access control lists.
    attempt = ("/bin/sh", "-c", 'cd -- "$1"', "sh", str(path))
    return run_as(user, attempt).returncode == 0
