"""Keep the demonstration's programs running, whichever of them is killed."""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from hourline.connectors.sandbox.admin import LeverRefused, VendorPlace, read_places
from hourline.connectors.sdk.egress import LOOPBACK, Egress
from hourline.connectors.sdk.http import HttpReply, HttpRequest
from hourline.infra.postgres import CannotStart, database_address
from hourline.infra.settings import Settings
from hourline.infra.supervisor_child import argv_of_child

T = TypeVar("T")
_READY_SECONDS_MAX = 60
_PAUSE_SECONDS = 0.2
_SURVIVED_MAX = 20
# What a step can meet while a program is dead or coming back.
_LOST = (OperationalError, PoolTimeout, ConnectionError, CannotStart, LeverRefused)
_REFUSED = 400
_UP = "from hourline.cli.main import run; run()"


class DemoStuck(Exception):
    """Say which program did not come back."""


@dataclass(frozen=True, slots=True)
class Run:
    """Hold what a run remembers, so that a killed one is finished by the next."""

    slug: str
    port: int
    webhook_secret: str
    finished: bool


def open_run(state_dir: Path, *, number: int) -> Run:
    """Return the run that was not finished, else a new one with new systems.

    `number` counts the demonstrations' firms, for the name of a new one.
    """
    kept = state_dir / "demo.json"
    if kept.exists():
        run = Run(**json.loads(kept.read_text(encoding="utf-8")))
        if not run.finished:
            return run
    shutil.rmtree(state_dir / "sandbox", ignore_errors=True)
    (state_dir / "sandbox.json").unlink(missing_ok=True)
    secret = f"whsec_{secrets.token_urlsafe(24).replace('-', 'A').replace('_', 'B')}"
    run = Run(f"demo-{number}", _free_port(), secret, finished=False)
    keep_run(state_dir, run)
    return run


def keep_run(state_dir: Path, run: Run) -> None:
    """Remember a run; written beside its place and then renamed, so never half."""
    unfinished = state_dir / "demo.json.part"
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(asdict(run)), encoding="utf-8")
    unfinished.rename(state_dir / "demo.json")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


class Systems:
    """Run PostgreSQL, the API, a worker and the sandbox; start again what ends."""

    def __init__(self, settings: Settings, run: Run) -> None:
        self._settings = settings
        self._run = run
        self._up: subprocess.Popen[bytes] | None = None
        self.api_url = f"http://127.0.0.1:{run.port}"
        self.survived = 0

    def start(self) -> None:
        """Start what is not running and return once everything answers.

        Raises DemoStuck naming the log to read.
        """
        self._ensure_up()
        deadline = time.monotonic() + _READY_SECONDS_MAX
        while not self._answers():
            self._ensure_up()
            if time.monotonic() > deadline:
                raise DemoStuck(f"The systems do not answer; see {self._log_dir}.")
            time.sleep(_PAUSE_SECONDS)

    def stop(self) -> None:
        """End the API, the worker and the sandbox; the database goes on running."""
        if self._up is not None:
            self._up.terminate()
            self._up.wait()
            self._up = None

    def places(self) -> Mapping[str, VendorPlace]:
        """Return where the sandbox's servers are."""
        return read_places(self._settings.state_dir / "sandbox.json")

    def keep(self) -> None:
        """Start the programs again if all were lost at once; do not wait for them.

        For whoever waits for the worker, and so never meets the loss himself.
        """
        self._ensure_up()

    def surviving(self, work: Callable[[], T]) -> T:
        """Do work, again where the database or another program was lost meanwhile.

        Only for work that may run twice, as all of this demonstration may. Raises
        DemoStuck where it is lost again and again.
        """
        met = ""
        for _ in range(_SURVIVED_MAX):
            try:
                return work()
            except _LOST as loss:
                met = str(loss).strip()
                self.survived += 1
                time.sleep(_PAUSE_SECONDS)
                self._restore()
        raise DemoStuck(
            f"The systems were lost {_SURVIVED_MAX} times in a row, at last with:"
            f" {met}. See {self._log_dir}."
        )

    def _restore(self) -> None:
        try:
            database_address(self._settings, on_wait=lambda _sentence: None)
            self.start()
        except _LOST:
            time.sleep(1)

    @property
    def _log_dir(self) -> Path:
        return self._settings.state_dir / "log"

    def _ensure_up(self) -> None:
        if self._up is not None and self._up.poll() is None:
            return
        log = self._log_dir / "up.log"
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        command = (
            *(sys.executable, "-P", "-c", _UP),
            *("up", "--demo", "--sandbox", "--port", str(self._run.port)),
        )
        with log.open("ab") as written:
            self._up = subprocess.Popen(
                argv_of_child(command), stdout=written, stderr=written
            )

    def _answers(self) -> bool:
        try:
            places = self.places()
        except (FileNotFoundError, ValueError):
            return False
        urls = [f"{self.api_url}/health/ready"]
        urls += [f"{place.url}/admin/faults" for place in places.values()]
        egress = Egress(LOOPBACK)
        replies = (egress.send(HttpRequest(method="GET", url=url)) for url in urls)
        return all(
            isinstance(reply, HttpReply) and reply.status < _REFUSED
            for reply in replies
        )
