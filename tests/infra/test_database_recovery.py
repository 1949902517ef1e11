"""A pool whose server was killed serves again as soon as the server does."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from hourline.infra.database import Database
from hourline.infra.migrate import migrate
from hourline.infra.postgres import DATABASE, ensure_database
from tests.infra.postgres_state import open_directory, say_nothing, server_in

pytestmark = pytest.mark.integration
CONNECTIONS = 8


def test_many_broken_connections_are_replaced_at_once() -> None:
    with open_directory() as folder, server_in(folder) as server:
        address = server.start(on_wait=say_nothing)
        ensure_database(address, DATABASE)
        url = address.url(database=DATABASE)
        migrate(url)
        database = Database.open(url, connections_max=CONNECTIONS)
        _use_all_at_once(database)

        postmaster = server.pid
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
        server.start(on_wait=say_nothing)
        began = time.monotonic()
        _until_served(database)
        served = time.monotonic() - began
        database.close()

    # Found broken one by one, the eighth would be found after two minutes.
    assert served < 8


def _use_all_at_once(database: Database) -> None:
    together = Barrier(CONNECTIONS)

    def use(_number: int) -> None:
        with database.control():
            together.wait(timeout=20)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(use, range(CONNECTIONS)))


def _until_served(database: Database) -> None:
    """Ask as a caller does who is told to come again."""
    for _ in range(CONNECTIONS):
        try:
            with database.control():
                return
        except (psycopg.OperationalError, PoolTimeout):
            continue
