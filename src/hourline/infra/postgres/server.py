"""Start, find and stop the one embedded server of a state directory."""

import os
from pathlib import Path

from psycopg import pq

from hourline.infra.postgres import launch
from hourline.infra.postgres.address import ServerAddress, ping
from hourline.infra.postgres.binaries import Binaries
from hourline.infra.postgres.cannot_start import CannotStart, CannotStop
from hourline.infra.postgres.cluster import ensure_cluster, last_lines
from hourline.infra.postgres.layout import (
    DEFAULT_PORT,
    layout_apart,
    layout_in,
    prepare,
    prepare_apart,
    prepare_socket_directory,
)
from hourline.infra.postgres.os_user import server_user
from hourline.infra.postgres.postmaster import (
    PID_FILE,
    PidState,
    Postmaster,
    clear_stale,
    pid_state,
    read_postmaster,
)
from hourline.infra.postgres.readable_copy import readable_by
from hourline.infra.postgres.waiting import OnWait, Waiting, one_at_a_time

# Backends that outlive a killed postmaster end by themselves, usually within a second.
ORPHANS_SECONDS_MAX = 60.0
SILENT_SECONDS_MAX = 20.0
FAST_STOP_SECONDS_MAX = 60.0
AT_ONCE_STOP_SECONDS_MAX = 30.0
ORPHANS_REMAIN = ("pre-existing shared memory block", 'lock file "')


class EmbeddedPostgres:
    """Hold one PostgreSQL server, shared by all programs that use its state.

    The server outlives the program that started it, until `stop` is called. Without
    `fsync` a crash of the machine may lose the data: for tests only.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        binaries: Binaries,
        listen_port: int | None = None,
        fsync: bool = True,
    ) -> None:
        """Name the server; nothing is started or created yet."""
        self._layout = layout_in(state_dir)
        self._binaries = binaries
        self._listen_port = listen_port
        self._fsync = fsync
        self._user = server_user(os.geteuid())

    def start(self, *, on_wait: OnWait) -> ServerAddress:
        """Give the address of the running server, starting it if none answers.

        Safe when several programs start at once. Waits for crash recovery without a
        limit; `on_wait` is told once a second what is waited for.

        Raises:
            CannotStart: what is wrong, where, and what to do.
        """
        if not self.is_alive():
            self._prepare(on_wait)
            with one_at_a_time(self._layout.turn_file, on_wait):
                if not self.is_alive():
                    self._start_in_turn(on_wait)
        return self._address()

    def stop(self) -> None:
        """Stop the server and wait until it is gone; no effect if none runs.

        Raises:
            CannotStop: it did not stop, or belongs to another user.
        """
        try:
            if not self._layout.root.is_dir():
                return
            with one_at_a_time(self._layout.turn_file, _say_nothing):
                found = self._running()
                if found:
                    self._stop_in_turn(found)
                    launch.await_end(found.pid, seconds_max=AT_ONCE_STOP_SECONDS_MAX)
        except PermissionError as reason:
            wrong = (
                f"Another user runs the PostgreSQL in {self._layout.root}: {reason}."
            )
            remedy = "Stop it as the user who started it."
            raise CannotStop(wrong, remedy) from reason

    def is_alive(self) -> bool:
        """Tell whether the server answers, by asking it."""
        found = read_postmaster(self._layout.cluster)
        return found is not None and _answer(found) is pq.Ping.OK

    @property
    def pid(self) -> int | None:
        """Give the process number of the running server, if one runs."""
        found = self._running()
        return found.pid if found else None

    def _running(self) -> Postmaster | None:
        launch.reap()
        found = read_postmaster(self._layout.cluster)
        if found and pid_state(found.pid, self._layout.cluster) is PidState.OURS:
            return found
        return None

    def _address(self) -> ServerAddress:
        found = read_postmaster(self._layout.cluster)
        if not found:
            wrong = f"The server in {self._layout.root} stopped as soon as it ran."
            raise CannotStart(wrong, f"See {self._layout.output_file}.")
        on_tcp = found.port if found.listen_addresses else None
        if self._listen_port not in {None, on_tcp}:
            wrong = f"The server in {self._layout.root} already runs without TCP port "
            wrong += f"{self._listen_port}."
            raise CannotStart(wrong, "Stop it with `hourline down` and start again.")
        try:
            password = self._layout.password_file.read_text(encoding="utf-8")
        except OSError as reason:
            wrong = f"Cannot read the password of the database: {reason}."
            remedy = "Run Hourline as the user who started the database."
            raise CannotStart(wrong, remedy) from reason
        return ServerAddress(found.socket_dir, found.port, password)

    def _prepare(self, on_wait: OnWait) -> None:
        """Create the directories, apart where the server's user cannot come in."""
        apart = layout_apart(self._layout, self._user)
        if apart is None:
            prepare(self._layout, self._user)
            return
        on_wait(prepare_apart(self._layout, apart, self._user))
        self._layout = apart

    def _start_in_turn(self, on_wait: OnWait) -> None:
        waiting = Waiting(on_wait)
        self._await_earlier(waiting)
        port = self._listen_port or DEFAULT_PORT
        socket_dir = prepare_socket_directory(self._layout, self._user, port=port)
        binaries = readable_by(self._user, self._binaries, copies=self._layout.copies)
        ensure_cluster(self._layout, self._user, binaries, fsync=self._fsync)
        options = launch.server_options(
            socket_dir, listen_port=self._listen_port, fsync=self._fsync
        )
        while not self.is_alive():
            self._clear_stale_files(socket_dir, port)
            launched = launch.launch(
                self._layout, self._user, binaries, options=options
            )
            self._await_answer(launched, waiting)

    def _await_earlier(self, waiting: Waiting) -> None:
        """Let a server that is still starting or stopping come to its end."""
        silence = Waiting(_say_nothing)
        while (found := self._running()) is not None:
            answer = _answer(found)
            if answer is pq.Ping.OK:
                return
            if answer is pq.Ping.REJECT or not found.is_ready:
                silence = Waiting(_say_nothing)
            elif silence.elapsed_seconds > SILENT_SECONDS_MAX:
                wrong = f"PostgreSQL runs (process {found.pid}) but does not answer in "
                wrong += f"{found.socket_dir}."
                remedy = "Stop it with `hourline down` and start again."
                raise CannotStart(wrong, remedy)
            waiting.step("waiting for PostgreSQL to finish starting or stopping")

    def _clear_stale_files(self, socket_dir: Path, port: int) -> None:
        cluster = self._layout.cluster
        clear_stale(cluster / PID_FILE, cluster)
        clear_stale(socket_dir / f".s.PGSQL.{port}.lock", cluster)

    def _await_answer(self, launched: launch.Launched, waiting: Waiting) -> None:
        """Return when the server answers, or ended in a way worth another attempt."""
        while launched.running.poll() is None:
            if self.is_alive():
                return
            waiting.step("waiting for PostgreSQL to start or recover")
        launch.reap()
        with self._layout.output_file.open("rb") as file:
            file.seek(launched.output_from)
            said = file.read().decode(errors="replace")
        orphans = any(words in said for words in ORPHANS_REMAIN)
        if not orphans or waiting.elapsed_seconds > ORPHANS_SECONDS_MAX:
            wrong = f"PostgreSQL did not start in {self._layout.root}:\n"
            wrong += f"{last_lines(said)}\n"
            remedy = "Remove the cause it names and start again; all its messages are "
            raise CannotStart(wrong, remedy + f"in {self._layout.output_file}.")
        waiting.step("waiting for the backends of a killed PostgreSQL to end")

    def _stop_in_turn(self, found: Postmaster) -> None:
        try:
            launch.stop_fast(found.pid)
            if self._is_gone_within(FAST_STOP_SECONDS_MAX):
                return
            launch.stop_at_once(found.pid)
        except ProcessLookupError:
            return
        if not self._is_gone_within(AT_ONCE_STOP_SECONDS_MAX):
            wrong = f"PostgreSQL (process {found.pid}) does not stop."
            raise CannotStop(wrong, f"See {self._layout.output_file}.")

    def _is_gone_within(self, seconds: float) -> bool:
        waiting = Waiting(_say_nothing)
        while self._running():
            if waiting.elapsed_seconds > seconds:
                return False
            waiting.step("waiting for PostgreSQL to stop")
        return True


def _answer(found: Postmaster) -> pq.Ping:
    return ping(found.socket_dir, found.port)


def _say_nothing(_: str) -> None:
    """Ignore a word about a wait that has a limit of its own."""
