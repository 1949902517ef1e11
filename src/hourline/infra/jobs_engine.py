"""Say how PgQueuer, the job engine, is used here: its names, tables and sessions."""

from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.core.qm import QueueManager
from pgqueuer.db import PsycopgDriver
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from pgqueuer.queries import Queries
from psycopg import AsyncConnection
from psycopg.rows import TupleRow


def engine_settings() -> DBSettings:
    """Return the engine's names, all given, so that the environment decides none."""
    return DBSettings(
        prefix="",
        db_schema="jobs",
        channel=Channel("hourline_jobs"),
        function="fn_pgqueuer_changed",
        statistics_table="pgqueuer_statistics",
        queue_status_type="pgqueuer_status",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        trigger="tg_pgqueuer_changed",
        schedules_table="pgqueuer_schedules",
        durability=Durability.durable,
        widen_id=True,
    )


class _TwoSessions(PsycopgDriver):
    """Listen on one session and ask on another.

    On a single one every statement would wait up to a second, since psycopg lets
    nobody else in while it waits for a notification.
    """

    def __init__(
        self,
        listening: AsyncConnection[TupleRow],
        asking: AsyncConnection[TupleRow],
    ) -> None:
        super().__init__(listening)
        self._asking = PsycopgDriver(asking)

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        return await self._asking.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        return await self._asking.execute(query, *args)


def engine_on(
    listening: AsyncConnection[TupleRow], asking: AsyncConnection[TupleRow]
) -> QueueManager:
    """Build the engine over two sessions that nobody else uses."""
    settings = engine_settings()
    queries = Queries(
        _TwoSessions(listening, asking),
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )
    return QueueManager(queries, channel=settings.channel)


async def connect_as_application(url: str) -> AsyncConnection[TupleRow]:
    """Open a session that acts as the application role, each statement by itself.

    Raises psycopg.OperationalError where the server cannot be reached.
    """
    # A session that died without a word is noticed within half a minute.
    connection = await AsyncConnection.connect(
        url,
        autocommit=True,
        application_name="hourline worker",
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=20_000,
    )
    await connection.execute("SET ROLE hourline_app")
    await connection.execute("SET timezone TO 'UTC'")
    return connection
