"""Work off the jobs of some stages until told to stop or until the database is lost."""

import asyncio
import signal
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import structlog
from pgqueuer.core.qm import QueueManager
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from psycopg import OperationalError

from hourline.infra.jobs import tenant_of
from hourline.infra.jobs_engine import connect_as_application, engine_on
from hourline.infra.jobs_turns import Turns

Work = Mapping[str, Callable[[int], None]]

SWEEP_SECONDS = 5.0
STALE_SECONDS = 10.0
JOBS_AT_ONCE = 4
_BATCH = JOBS_AT_ONCE // 2  # the engine wants room for two batches
_POLL_SECONDS = 2.0
_TURN_AGAIN_SECONDS = 0.5
_LIFE_SECONDS = 1.0
_LIFE_SECONDS_MAX = 10.0
_LEAVE_SECONDS_MAX = 10.0
_PRUNE_SECONDS = 600.0
_STOPS = (signal.SIGTERM, signal.SIGINT)

_log = structlog.get_logger()


class DatabaseLost(Exception):
    """Say that the worker has to be started again: its sessions have ended.

    Threads it started may still be at work; leave the process without joining them.
    """


class JobFailed(Exception):
    """Name the job whose work raised, and nothing of what was in it."""


def run_worker(url: str, work: Work, *, sweep_seconds: float = SWEEP_SECONDS) -> None:
    """Look at what the jobs of the stages in `work` name, and at what is due anyway.

    `work[stage](tenant)` runs in a thread, never twice at once for a stage and tenant,
    on no machine. It must be harmless to repeat: a killed worker's jobs are done again.
    Work that raises is logged and tried again by the next sweep. On SIGTERM or SIGINT
    no job is begun any more and those begun are finished. To be called in the main
    thread.

    Raises:
        DatabaseLost: the database cannot be reached, or no longer.
    """
    asyncio.run(_run(url, work, sweep_seconds))


async def _run(url: str, work: Work, sweep_seconds: float) -> None:
    try:
        async with (
            await connect_as_application(url) as listening,
            await connect_as_application(url) as asking,
            await connect_as_application(url) as for_turns,
        ):
            worker = _Worker(work, Turns(for_turns), engine_on(listening, asking))
            await worker.run(sweep_seconds)
    except (OperationalError, ExceptionGroup) as reason:
        lost = _loss_in(reason)
        if lost is None:
            raise
        raise DatabaseLost(str(lost).strip()) from reason


def _loss_in(reason: Exception) -> OperationalError | None:
    """Find the loss of a session, also among what failed because of it."""
    if isinstance(reason, OperationalError):
        return reason
    parts = reason.exceptions if isinstance(reason, ExceptionGroup) else ()
    return next(filter(None, map(_loss_in, parts)), None)


class _Worker:
    def __init__(self, work: Work, turns: Turns, engine: QueueManager) -> None:
        self._work = work
        self._turns = turns
        self._engine = engine
        self._stopping = engine.shutdown
        # One thread more for each stage's sweep.
        self._threads = ThreadPoolExecutor(JOBS_AT_ONCE + len(work))
        for stage in work:
            engine.entrypoint(stage)(self._begin)

    async def run(self, sweep_seconds: float) -> None:
        loop = asyncio.get_running_loop()
        for number in _STOPS:
            loop.add_signal_handler(number, self._stopping.set)
        serving = asyncio.create_task(self._serve(sweep_seconds))
        watching = asyncio.create_task(self._watch())
        await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            self._stopping.set()
            await asyncio.wait({serving}, timeout=_LEAVE_SECONDS_MAX)
            await watching
        watching.cancel()
        await serving

    async def _serve(self, sweep_seconds: float) -> None:
        async with asyncio.TaskGroup() as group:
            for stage in self._work:
                group.create_task(self._sweep(stage, sweep_seconds))
            group.create_task(
                self._engine.run(
                    dequeue_timeout=timedelta(seconds=_POLL_SECONDS),
                    batch_size=_BATCH,
                    max_concurrent_tasks=JOBS_AT_ONCE,
                    heartbeat_timeout=timedelta(seconds=STALE_SECONDS),
                    # The engine's statistics are not used here.
                    log_aggregation_interval=timedelta(0),
                )
            )

    async def _watch(self) -> None:
        """Raise OperationalError when the database is lost."""
        while True:
            await asyncio.sleep(_LIFE_SECONDS)
            try:
                async with asyncio.timeout(_LIFE_SECONDS_MAX):
                    await self._turns.ask_for_life()
            except TimeoutError as reason:
                msg = f"the database does not answer within {_LIFE_SECONDS_MAX} s"
                raise OperationalError(msg) from reason

    async def _begin(self, job: Job) -> None:
        stage, tenant = job.entrypoint, tenant_of(job.payload)
        async with self._turns.turn(stage, tenant) as ours:
            if not ours:
                # Whoever is at it may have looked before this job's reason was there.
                raise RetryRequested(timedelta(seconds=_TURN_AGAIN_SECONDS))
            if not await self._look(stage, tenant):
                raise JobFailed(f"{stage} of tenant {tenant}")

    async def _sweep(self, stage: str, seconds: float) -> None:
        """Look at every tenant now and then, in case a job was lost or a time came."""
        clock = asyncio.get_running_loop().time
        pruned_at = 0.0
        await self._rest(seconds)
        while not self._stopping.is_set():
            began_at = clock()
            if await self._turns.is_sweeper(stage):
                await self._sweep_once(stage)
                if began_at - pruned_at > _PRUNE_SECONDS:
                    pruned_at = began_at
                    await self._turns.prune_log(stage)
            # A long sweep is followed by as long a rest, so that jobs go first.
            await self._rest(max(seconds, clock() - began_at))

    async def _sweep_once(self, stage: str) -> None:
        for tenant in await self._turns.tenants():
            if self._stopping.is_set():
                return
            async with self._turns.turn(stage, tenant) as ours:
                if ours:
                    await self._look(stage, tenant)

    async def _look(self, stage: str, tenant: int) -> bool:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._work[stage], tenant)
        except Exception as fault:  # noqa: BLE001 - whatever it is, others go on
            # Where, but not what: a message can hold amounts and names.
            where = traceback.format_tb(fault.__traceback__)
            _log.error(
                "job.failed",
                stage=stage,
                tenant=tenant,
                fault=type(fault).__qualname__,
                where="".join(where),
            )
            return False
        return True

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
