"""Give one worker at a time the right to look at a tenant for a stage."""

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

# No tenant has this number, so its turn of a stage is free to mean "sweeps the stage".
_SWEEPER = 0


class Turns:
    """Take and give back turns as advisory locks of one session.

    The server gives a turn back when the session ends, however its worker ended.
    """

    def __init__(self, connection: AsyncConnection[TupleRow]) -> None:
        """Use a session whose locks nobody else takes."""
        self._connection = connection
        # A session may take its own lock twice, so what it holds is remembered here.
        self._held: set[tuple[str, int]] = set()

    @asynccontextmanager
    async def turn(self, stage: str, tenant: int) -> AsyncIterator[bool]:
        """Say whether the turn is ours until the block ends; never wait for it."""
        taken = await self._take(stage, tenant)
        try:
            yield taken
        finally:
            if taken:
                await self._give_back(stage, tenant)

    async def is_sweeper(self, stage: str) -> bool:
        """Say whether this worker sweeps the stage: the first to ask does."""
        return (stage, _SWEEPER) in self._held or await self._take(stage, _SWEEPER)

    async def tenants(self) -> list[int]:
        """Return every tenant's number; raise OperationalError if the session ended."""
        statement = "SELECT tenant FROM control.tenant ORDER BY tenant"
        rows = await (await self._connection.execute(statement)).fetchall()
        return [int(row[0]) for row in rows]

    async def ask_for_life(self) -> None:
        """Raise psycopg.OperationalError if the session has ended."""
        await self._connection.execute("SELECT 1")

    async def prune_log(self, stage: str) -> None:
        """Forget what the engine noted about a stage's jobs more than a day ago."""
        await self._connection.execute(
            "DELETE FROM jobs.pgqueuer_log"
            " WHERE entrypoint = %s AND created < now() - interval '1 day'",
            (stage,),
        )

    async def _take(self, stage: str, tenant: int) -> bool:
        if (stage, tenant) in self._held:
            return False
        # Before the first await, so that no other task of this worker comes between.
        self._held.add((stage, tenant))
        taken = False
        try:
            answer = await self._connection.execute(
                "SELECT pg_try_advisory_lock(%s, %s)", (_number(stage), tenant)
            )
            row = await answer.fetchone()
            taken = row is not None and bool(row[0])
        finally:
            if not taken:
                self._held.discard((stage, tenant))
        return taken

    async def _give_back(self, stage: str, tenant: int) -> None:
        try:
            await self._connection.execute(
                "SELECT pg_advisory_unlock(%s, %s)", (_number(stage), tenant)
            )
        finally:
            self._held.discard((stage, tenant))


def _number(stage: str) -> int:
    """Name a stage by a positive 31-bit number, the same on every machine."""
    return zlib.crc32(f"hourline stage {stage}".encode()) & 0x7FFF_FFFF
