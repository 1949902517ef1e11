"""A killed database costs the workers their life and nobody any work."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from hourline.infra.database import Database
from hourline.infra.jobs import enqueue
from hourline.infra.jobs_schema import install_jobs
from hourline.infra.migrate import migrate
from hourline.infra.postgres import DATABASE, EmbeddedPostgres, ensure_database
from hourline.infra.tenants import create_tenant
from tests.infra.jobs_state import is_alive, until
from tests.infra.postgres_state import open_directory, say_nothing, server_in

pytestmark = [pytest.mark.integration, pytest.mark.slow]
TENANTS = 30

# Two workers under a supervisor; argv[1] is the state directory. The work takes a while
# and says in the database that it was done. There is no sweep: the jobs alone must do.
SUPERVISOR = """
import sys
from pathlib import Path
from hourline.infra.supervisor import Child, Supervisor
argv = (sys.executable, "-c", sys.argv[2], sys.argv[1])
children = [Child("worker-1", argv), Child("worker-2", argv)]
Supervisor(children, log_dir=Path(sys.argv[1]) / "log", say=print).run()
"""
WORKER = """
import os, sys, time
from pathlib import Path
import psycopg
from hourline.infra import jobs_worker
from hourline.infra.postgres import DATABASE, EmbeddedPostgres, find_binaries
jobs_worker.STALE_SECONDS = 2.0
server = EmbeddedPostgres(Path(sys.argv[1]), binaries=find_binaries(None), fsync=False)
def look(tenant):
    time.sleep(0.2)
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO looked VALUES (%s, %s)", (tenant, os.getpid()))
try:
    url = server.start(on_wait=print).url(database=DATABASE)
    jobs_worker.run_worker(url, {"decide": look}, sweep_seconds=1000)
except (jobs_worker.DatabaseLost, psycopg.OperationalError) as lost:
    print(f"process {os.getpid()} lost the database", flush=True)
    os._exit(3)
"""


@dataclass(frozen=True)
class House:
    """Hold a server of the test's own and the supervisor of its workers."""

    server: EmbeddedPostgres
    supervisor: "subprocess.Popen[bytes]"
    log_dir: Path

    def url(self) -> str:
        return self.server.start(on_wait=say_nothing).url(database=DATABASE)

    def looked_at(self) -> dict[int, int]:
        """Count by tenant how often it was looked at."""
        with psycopg.connect(self.url()) as connection:
            rows = connection.execute(
                "SELECT tenant, count(*) FROM looked GROUP BY tenant"
            ).fetchall()
        return {int(tenant): int(count) for tenant, count in rows}

    def workers(self) -> set[int]:
        """Give the processes that looked at somebody."""
        with psycopg.connect(self.url()) as connection:
            rows = connection.execute("SELECT DISTINCT pid FROM looked").fetchall()
        return {int(pid) for (pid,) in rows}

    def logs(self) -> str:
        return "".join(path.read_text() for path in self.log_dir.glob("*.log"))


@pytest.fixture
def house() -> Iterator[House]:
    with open_directory() as folder, server_in(folder / "state") as server:
        address = server.start(on_wait=say_nothing)
        ensure_database(address, DATABASE)
        url = address.url(database=DATABASE)
        migrate(url)
        install_jobs(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE looked (tenant int, pid int)")
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, folder / "state", WORKER],
            stdout=subprocess.DEVNULL,
        )
        try:
            yield House(server, supervisor, folder / "state" / "log")
        finally:
            supervisor.terminate()
            supervisor.wait(40)


def ask_for_everybody(url: str) -> list[int]:
    database = Database.open(url)
    try:
        tenants = [
            create_tenant(database, slug=f"t{number}", name="Firm")
            for number in range(TENANTS)
        ]
        for tenant in tenants:
            with database.tenant(tenant) as session:
                enqueue(session, "decide", tenant)
    finally:
        database.close()
    return tenants


def test_after_a_kill_of_the_database_the_workers_start_again_and_do_everything(
    house: House,
) -> None:
    tenants = ask_for_everybody(house.url())
    until(lambda: len(house.looked_at()) >= 3 and len(house.workers()) == 2)
    before = len(house.looked_at())
    postmaster = house.server.pid
    assert postmaster is not None

    os.kill(postmaster, signal.SIGKILL)
    until(lambda: house.logs().count("lost the database") >= 2)
    until(lambda: set(house.looked_at()) == set(tenants), seconds=60)

    assert before < TENANTS
    assert house.server.pid != postmaster
    assert house.supervisor.poll() is None
    assert is_alive(house.supervisor.pid)
