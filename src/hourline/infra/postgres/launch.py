"""Launch the server in a session of its own, and signal it."""

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hourline.infra.postgres.binaries import Binaries
from hourline.infra.postgres.cannot_start import CannotStart
from hourline.infra.postgres.layout import DEFAULT_PORT, ELSEWHERE, Layout
from hourline.infra.postgres.os_user import ENVIRONMENT, OsUser

OUTPUT_BYTES_MAX = 10_000_000


@dataclass(frozen=True)
class Launched:
    """Hold a server just launched and where its messages begin in its output file."""

    running: "subprocess.Popen[bytes]"
    output_from: int


# Servers this program launched. Kept, so that a dead one is reaped and is no zombie.
_launched: dict[int, "subprocess.Popen[bytes]"] = {}


def launch(
    layout: Layout, user: OsUser, binaries: Binaries, *, options: list[str]
) -> Launched:
    """Start the server detached: it outlives this program and its terminal.

    Raises:
        CannotStart: the system refuses to run the program.
    """
    program = str(binaries.bin_dir / "postgres")
    output = _open_output(layout.output_file)
    output_from = os.fstat(output).st_size
    try:
        launched = subprocess.Popen(
            [program, "-D", str(layout.cluster), *options],
            user=user.uid if user.differs else None,
            group=user.gid if user.differs else None,
            extra_groups=[] if user.differs else None,
            umask=0o077,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError) as reason:
        wrong = f"Cannot run {program} as {user.name}: {reason}."
        raise CannotStart(wrong, ELSEWHERE) from reason
    finally:
        os.close(output)
    _launched[launched.pid] = launched
    return Launched(launched, output_from)


def server_options(
    socket_dir: Path, *, listen_port: int | None, fsync: bool
) -> list[str]:
    """Give the server's settings: a private socket, and TCP on loopback if asked."""
    settings = {
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "listen_addresses": "127.0.0.1" if listen_port else "",
        # Nobody is let in before recovery has ended, not even to read.
        "hot_standby": "off",
        "port": str(listen_port or DEFAULT_PORT),
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        # A firm's first import fills empty tables; without fresh statistics the first
        # reports on it would be planned as if they still were empty.
        "autovacuum_naptime": "2s",
        "autovacuum_analyze_threshold": "200",
        "autovacuum_analyze_scale_factor": "0.02",
    }
    if not fsync:
        # Commits still reach the operating system, so killing the server loses none.
        settings |= {"fsync": "off", "full_page_writes": "off"}
        # Every look at a table lets go of the plans that were made for it, and the
        # hundreds of small firms of a test run are all alike.
        settings["autovacuum_naptime"] = "15s"
    options = [("-c", f"{name}={value}") for name, value in settings.items()]
    return [word for option in options for word in option]


def reap() -> None:
    """Take note of launched servers that ended, so that they are no zombies."""
    for pid in [pid for pid, one in _launched.items() if one.poll() is not None]:
        del _launched[pid]


def await_end(pid: int, *, seconds_max: float) -> None:
    """Let a server end that has let go of its directory; only this program's count.

    It removes its files a moment before it ends, and nobody looked after it later.
    """
    launched = _launched.get(pid)
    if launched is not None:
        with suppress(subprocess.TimeoutExpired):
            launched.wait(seconds_max)
    reap()


def stop_fast(pid: int) -> None:
    """Ask the server to end open transactions, write a checkpoint and stop."""
    os.kill(pid, signal.SIGINT)


def stop_at_once(pid: int) -> None:
    """Make the server stop without a checkpoint; the next start recovers."""
    os.kill(pid, signal.SIGQUIT)


def _open_output(path: Path) -> int:
    if path.exists() and path.stat().st_size > OUTPUT_BYTES_MAX:
        path.rename(path.with_suffix(".previous"))
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, 0o600)
