"""What a job promises: with its transaction, by itself, and harmless to repeat."""

import itertools
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hourline.infra.database import Database, Session
from hourline.infra.jobs import Backlog, backlog, enqueue, tenant_of
from hourline.infra.jobs_engine import engine_settings
from hourline.infra.jobs_schema import install_jobs
from hourline.infra.tenants import create_tenant
from tests.infra.jobs_state import Notes, until, worker

pytestmark = pytest.mark.integration
_NUMBERS = itertools.count(1)


@pytest.fixture
def url(database_url: str, database: Database) -> str:
    """Give the address of a database with the engine's tables."""
    assert database is not None
    install_jobs(database_url)
    return database_url


@pytest.fixture
def stage(url: str, request: pytest.FixtureRequest) -> str:
    """Give each test a stage of its own."""
    assert url
    return str(request.node.name)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


def new_tenants(database: Database, count: int) -> list[int]:
    stamp = time.time_ns()
    slugs = [f"j{stamp}-{next(_NUMBERS)}" for _ in range(count)]
    return [create_tenant(database, slug=slug, name="Firm") for slug in slugs]


def ask(database: Database, stage: str, tenant: int) -> None:
    with database.tenant(tenant) as session:
        enqueue(session, stage, tenant)


def waiting(database: Database, stage: str) -> int:
    with database.control() as session:
        return sum(each.waiting for each in backlog(session) if each.stage == stage)


def test_a_job_of_a_transaction_that_is_undone_never_runs(
    database: Database, url: str, stage: str, notes: Notes
) -> None:
    undone, kept = new_tenants(database, 2)

    def ask_in_vain() -> None:
        with database.tenant(undone) as session:
            enqueue(session, stage, undone)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_in_vain()
    ask(database, stage, kept)
    with worker(url, stage, notes):
        until(lambda: notes.count("end", kept) == 1)

    assert notes.count("begin", undone) == 0


def test_while_a_job_waits_no_second_one_is_added(
    database: Database, stage: str, tenant: int
) -> None:
    for _ in range(3):
        ask(database, stage, tenant)

    assert waiting(database, stage) == 1


def test_what_is_asked_while_a_job_runs_is_looked_at_afterwards(
    database: Database, url: str, stage: str, notes: Notes, tenant: int
) -> None:
    ask(database, stage, tenant)
    with worker(url, stage, notes, seconds=0.5):
        until(lambda: notes.count("begin", tenant) == 1)
        ask(database, stage, tenant)
        until(lambda: notes.count("end", tenant) == 2)

    assert [note.what for note in notes.all()] == ["begin", "end", "begin", "end"]


def test_a_waiting_job_is_not_begun_before_those_who_count_on_it_have_committed(
    database: Database, url: str, stage: str, notes: Notes
) -> None:
    late, other = new_tenants(database, 2)
    ask(database, stage, late)

    with worker(url, stage, notes):
        with database.tenant(late) as session:
            enqueue(session, stage, late)
            ask(database, stage, other)
            until(lambda: notes.count("end", other) == 1)
            begun_too_early = notes.count("begin", late)
        until(lambda: notes.count("end", late) == 1)

    assert begun_too_early == 0
    assert waiting(database, stage) == 0


def test_writers_of_one_tenant_do_not_wait_for_each_other(
    database: Database, stage: str, tenant: int
) -> None:
    def sessions() -> tuple[float, int]:
        began_at = time.monotonic()
        with database.tenant(tenant) as first:
            enqueue(first, stage, tenant)
            with database.tenant(tenant) as second:
                enqueue(second, stage, tenant)
        return time.monotonic() - began_at, waiting(database, stage)

    with_none_waiting = sessions()
    with_one_waiting = sessions()

    # Neither of the first two could see the other's: harmless, both are looked at.
    assert (with_none_waiting[1], with_one_waiting[1]) == (2, 2)
    assert max(with_none_waiting[0], with_one_waiting[0]) < 2


def test_a_job_holds_the_number_of_its_tenant_and_nothing_else(
    database: Database, url: str, stage: str, tenant: int
) -> None:
    ask(database, stage, tenant)

    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT payload, headers, dedupe_key FROM jobs.pgqueuer"
            " WHERE entrypoint = %s",
            (stage,),
        ).fetchone()

    assert row == (str(tenant).encode(), None, None)
    assert tenant_of(b"17") == 17
    with pytest.raises(ValueError, match="invalid literal"):
        tenant_of(None)


def test_work_that_raises_stops_nobody_else_and_is_tried_again_by_the_sweep(
    database: Database, url: str, stage: str, notes: Notes
) -> None:
    broken, sound = new_tenants(database, 2)
    ask(database, stage, broken)
    with worker(url, stage, notes, sweep=0.5, broken=broken) as running:
        until(lambda: notes.count("begin", broken) >= 2)
        ask(database, stage, sound)
        until(lambda: notes.count("end", sound) >= 1)
        running.send_signal(signal.SIGTERM)
        running.wait(20)
    said = notes.said.read_text()

    with psycopg.connect(url) as connection:
        kept = connection.execute(
            "SELECT string_agg(traceback::text, '') FROM jobs.pgqueuer_log"
            " WHERE entrypoint = %s",
            (stage,),
        ).fetchone()
    assert "RuntimeError" in said
    assert "job.failed" in said
    assert kept is not None
    assert kept[0] is not None
    assert "4711" not in said + kept[0]
    assert running.returncode == 0


def test_the_sweep_finds_what_no_job_names(
    url: str, stage: str, notes: Notes, tenant: int
) -> None:
    with worker(url, stage, notes, sweep=0.2):
        until(lambda: notes.count("end", tenant) >= 2)


def test_only_one_worker_sweeps_a_stage_and_another_follows_when_it_is_killed(
    url: str, stage: str, notes: Notes, tenant: int
) -> None:
    def sweepers() -> set[int]:
        return {note.pid for note in notes.all()}

    with (
        worker(url, stage, notes, sweep=0.2) as one,
        worker(url, stage, notes, sweep=0.2) as other,
    ):
        until(lambda: notes.count("end", tenant) >= 4)
        first = sweepers()
        killed, left = (one, other) if first == {one.pid} else (other, one)
        killed.kill()
        until(lambda: sweepers() == {killed.pid, left.pid})

    assert first == {killed.pid}


def test_a_worker_told_to_end_finishes_what_it_began(
    database: Database, url: str, stage: str, notes: Notes
) -> None:
    begun, not_begun = new_tenants(database, 2)
    ask(database, stage, begun)
    with worker(url, stage, notes, seconds=1.0) as running:
        until(lambda: notes.count("begin", begun) == 1)
        running.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        ask(database, stage, not_begun)
        status = running.wait(20)

    assert status == 0
    assert [(note.what, note.tenant) for note in notes.all()] == [
        ("begin", begun),
        ("end", begun),
    ]
    assert waiting(database, stage) == 1


def test_the_job_of_a_killed_worker_is_done_by_another(
    database: Database, url: str, stage: str, notes: Notes, tenant: int
) -> None:
    ask(database, stage, tenant)
    with worker(url, stage, notes, seconds=60) as killed:
        until(lambda: notes.count("begin", tenant) == 1)
        killed.kill()
    with worker(url, stage, notes) as left:
        until(lambda: notes.count("end", tenant) == 1)

    assert [note.pid for note in notes.all()] == [killed.pid, left.pid, left.pid]


def test_two_workers_never_look_at_a_tenant_for_a_stage_at_the_same_time(
    database: Database, url: str, stage: str, notes: Notes
) -> None:
    tenants = new_tenants(database, 3)
    with (
        worker(url, stage, notes, seconds=0.1, sweep=0.3) as one,
        worker(url, stage, notes, seconds=0.1, sweep=0.3) as other,
    ):

        def asked_and_all_took_part_often() -> bool:
            for each in tenants:
                ask(database, stage, each)
            ended = [note for note in notes.all() if note.what == "end"]
            of_worker = Counter(note.pid for note in ended)
            of_tenant = Counter(note.tenant for note in ended)
            return (
                min(of_worker[pid] for pid in (one.pid, other.pid)) >= 5
                and min(of_tenant[each] for each in tenants) >= 5
            )

        until(asked_and_all_took_part_often, seconds=60)
        for running in (one, other):
            running.send_signal(signal.SIGTERM)
            running.wait(20)

    for each in tenants:
        own = [note for note in notes.all() if note.tenant == each]
        assert [note.what for note in own] == ["begin", "end"] * (len(own) // 2)
        assert [note.pid for note in own[::2]] == [note.pid for note in own[1::2]]
    everything = "".join(note.what[0] for note in notes.all())
    assert "bb" in everything


def test_tables_of_an_older_release_are_brought_up_to_this_one(url: str) -> None:
    def release() -> str:
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute(
                "SELECT obj_description('jobs'::regnamespace, 'pg_namespace')"
            ).fetchone()
            assert row is not None
            return str(row[0])

    installed = release()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE jobs.pgqueuer DROP COLUMN headers")
        connection.execute("COMMENT ON SCHEMA jobs IS 'pgqueuer 1.0.0'")
    install_jobs(url)
    brought = release()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT headers FROM jobs.pgqueuer LIMIT 1")
        connection.execute("COMMENT ON SCHEMA jobs IS 'pgqueuer 999.0'")
    install_jobs(url)
    later = release()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("COMMENT ON SCHEMA jobs IS 'pgqueuer 1.6.0'")

    assert (installed, brought, later) == (
        "pgqueuer 1.6.0",
        "pgqueuer 1.6.0",
        "pgqueuer 999.0",
    )


def test_a_database_without_migrations_is_refused(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE without_migrations")
    bare = psycopg.conninfo.make_conninfo(url, dbname="without_migrations")

    with pytest.raises(LookupError, match="apply the migrations first"):
        install_jobs(bare)


def test_the_environment_does_not_rename_the_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PGQUEUER_PREFIX", "PGQUEUER_SCHEMA", "QUEUE_TABLE", "CHANNEL"):
        monkeypatch.setenv(name, "elsewhere")

    settings = engine_settings()

    assert settings.qualified.queue_table == "jobs.pgqueuer"
    assert settings.channel == "hourline_jobs"


def test_what_waits_is_told_by_stage(
    database: Database, stage: str, tenant: int
) -> None:
    def of_stage(session: Session) -> Iterator[Backlog]:
        return (each for each in backlog(session) if each.stage == stage)

    ask(database, stage, tenant)

    with database.control() as session:
        (found,) = of_stage(session)
    assert (found.waiting, found.running) == (1, 0)
    assert found.oldest_created_at.tzinfo is not None
