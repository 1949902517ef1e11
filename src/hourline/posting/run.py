"""Work through everything that is due, one pool of threads per connection."""

import os
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import uuid4

from hourline.connectors.sdk.target import TargetPort
from hourline.infra.database import Database, Session
from hourline.posting.clock import Clock, MonotonicClock
from hourline.posting.model import Settled, Summary
from hourline.posting.rules.capability import Timing
from hourline.posting.store import due_connections
from hourline.posting.sweep import Sweeper
from hourline.posting.tally import Tally
from hourline.posting.windows import read_window
from hourline.posting.worker import OnSettled, Worker

_THREADS_MAX = 8


def run_due(
    database: Database,
    tenant: int,
    port_of_connection: Callable[[int], TargetPort],
    *,
    clock: Clock | None = None,
    timing: Timing | None = None,
    limit: int = 10_000,
    threads_max: int = _THREADS_MAX,
    on_settled: OnSettled | None = None,
) -> Summary:
    """Carry out what is due now, at most `limit` intents, and say what happened.

    Each connection gets as many threads as its target bears, at most `threads_max`, so
    a slow target delays nobody else. `on_settled` is called within the transaction that
    records an intent as confirmed, rejected, mismatching or quarantined; what it raises
    undoes that, and the intent is checked again when its lease has run out. While a
    connection's posting window is closed, its intents are put off until it opens. Safe
    to run in any number of processes at once. Raises what a thread raised, after the
    others have finished.
    """
    tally = Tally(limit=limit)
    with database.tenant(tenant) as session:
        windows = {
            connection_no: read_window(session, connection_no)
            for connection_no in due_connections(session)
        }
    pools: list[ThreadPoolExecutor] = []
    running: list[Future[None]] = []
    try:
        for connection_no, window in windows.items():
            worker = Worker(
                database=database,
                tenant=tenant,
                connection_no=connection_no,
                port=port_of_connection(connection_no),
                clock=clock or MonotonicClock(),
                timing=timing or Timing(),
                owner=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}",
                on_settled=on_settled or _nobody_listens,
                tally=tally,
                window=window,
            )
            threads = min(_bearable(worker.port), threads_max)
            pool = ThreadPoolExecutor(threads, thread_name_prefix="posting")
            pools.append(pool)
            running += [pool.submit(worker.run) for _ in range(threads)]
            running.append(pool.submit(_sweeper(worker).run))
    finally:
        for pool in pools:
            pool.shutdown(wait=True)
    for thread in running:
        thread.result()
    return tally.summary()


def _bearable(port: TargetPort) -> int:
    """Return how many calls at once the most delicate target of a connection bears."""
    bears = [target.capability.parallel_max for target in port.targets.values()]
    return max(1, min(bears, default=1))


def _sweeper(worker: Worker) -> Sweeper:
    return Sweeper(
        database=worker.database,
        tenant=worker.tenant,
        connection_no=worker.connection_no,
        port=worker.port,
        timing=worker.timing,
        window=worker.window,
    )


def _nobody_listens(_session: Session, _settled: Settled) -> None:
    """Take note of nothing: the caller reads the summary instead."""
