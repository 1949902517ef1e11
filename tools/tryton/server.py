"""Run Tryton as a separate process: start, stop, kill and start again."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

from tools.tryton.install import program
from tools.tryton.leftovers import PID_FILE

START_SECONDS_MAX = 90.0
STOP_SECONDS_MAX = 10.0
_PAUSE_SECONDS = 0.05
_ATTEMPTS = 5
_TAKEN = "is in use by another program"
_LINES_SHOWN = 15


class ErpFailed(Exception):
    """Say that the server ended or does not answer, with the end of its log."""


class ErpServer:
    """Hold one Tryton server: its settings, its log and, while it runs, its process."""

    def __init__(
        self, folder: Path, *, python: Path, uri: str, database: str, port: int | None
    ) -> None:
        """Name the server; it is started by `start`."""
        self._folder = folder
        self._python = python
        self._uri = uri
        self._fixed_port = port
        self._port = port or 0
        self._process: subprocess.Popen[bytes] | None = None
        self.database = database

    @property
    def url(self) -> str:
        """Return where the server answers."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """Return the port, which stays the same when the server starts again."""
        return self._port

    @property
    def log_file(self) -> Path:
        """Return the file with all that the server said."""
        return self._folder / "server.log"

    def is_running(self) -> bool:
        """Tell whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            ErpFailed: it ended, or did not answer in time.
        """
        for _ in range(_ATTEMPTS):
            self._port = self._port or _free_port()
            self._launch()
            if self._answers():
                return
            if self._fixed_port or _TAKEN not in self._log_end():
                break
            self._port = 0
        raise ErpFailed(f"Tryton does not run at {self.url}:\n{self._log_end()}")

    def stop(self) -> None:
        """End the server in good order, or else without."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server without any warning."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Kill the server and start it again at the same place."""
        self.kill()
        self._fixed_port = self._port
        self.start()

    def _launch(self) -> None:
        config = self._folder / "trytond.conf"
        config.write_text(self._settings(), encoding="utf-8")
        config.chmod(0o600)
        command = program(self._python, "trytond")
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "-c", str(config), "-d", self.database],
                env=ENVIRONMENT,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        pid_file = self._folder / PID_FILE
        pid_file.write_text(str(self._process.pid), encoding="utf-8")

    def _settings(self) -> str:
        root = self._folder / "root"
        root.mkdir(exist_ok=True)
        return settings(self._uri) + (
            f"[web]\nlisten = 127.0.0.1:{self._port}\nroot = {root}\n"
        )

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS_MAX
        while self.is_running() and time.monotonic() < deadline:
            if _version(self.url):
                return True
            time.sleep(_PAUSE_SECONDS)
        self.kill()
        return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        try:
            self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(STOP_SECONDS_MAX)
        self._process = None

    def _log_end(self) -> str:
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LINES_SHOWN:])


# Nothing of the caller's environment reaches the ERP: no secrets, no settings.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}


def settings(uri: str) -> str:
    """Return the part of Tryton's settings that says where its databases are."""
    return f"[database]\nuri = {uri}\n"


def _version(url: str) -> str | None:
    body = json.dumps({"id": 1, "method": "common.server.version", "params": []})
    headers = {"Content-Type": "application/json"}
    # The address is that of the server just started.
    request = urllib.request.Request(  # noqa: S310 - see above
        f"{url}/rpc/", body.encode(), headers
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
            version: str = json.load(answer)["result"]
    except (OSError, urllib.error.URLError, ValueError):
        return None
    return version


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
