"""Carry a call out once per key, also when two come at the same moment."""

import threading
from pathlib import Path

import pytest

from hourline.api.access import Services
from hourline.api.idempotency import Call, Reply, once
from hourline.api.problems import ApiProblem, Code
from hourline.infra.api_keys import Caller
from hourline.infra.database import Database, Session
from hourline.infra.queries import Query
from hourline.infra.secrets import Keyring

pytestmark = pytest.mark.integration
CALL = Call("route", "k-1", (b"body",))
COUNT = Query(
    "count", "Stored replies.", "SELECT count(*)::integer FROM hourline.api_reply"
)


@pytest.fixture
def services(database: Database) -> Services:
    return Services(database, Keyring(bytes(32), path=Path("test.key")))


def caller(tenant: int) -> Caller:
    return Caller(tenant, "client", frozenset())


def test_a_second_call_while_the_first_runs_is_told_to_wait(
    services: Services, tenant: int
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(_: Session) -> Reply:
        inside.set()
        go_on.wait(10)
        return Reply(200, b"{}")

    first = threading.Thread(target=once, args=(services, caller(tenant), CALL, slow))
    first.start()
    inside.wait(10)
    with pytest.raises(ApiProblem) as refused:
        once(services, caller(tenant), CALL, lambda _: Reply(200, b"{}"))
    go_on.set()
    first.join(10)
    after = once(services, caller(tenant), CALL, lambda _: Reply(500, b"never"))

    assert refused.value.code is Code.STILL_RUNNING
    assert after.status_code == 200
    assert after.headers["Idempotency-Replayed"] == "true"


def test_work_that_fails_leaves_no_reply(
    services: Services, tenant: int, database: Database
) -> None:
    def broken(_: Session) -> Reply:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        once(services, caller(tenant), CALL, broken)

    with database.tenant(tenant) as session:
        assert session.value(COUNT, int) == 0


def test_parts_of_a_call_cannot_be_shifted_into_each_other() -> None:
    one = Call("route", "k", (b"ab", b"c"))
    other = Call("route", "k", (b"a", b"bc"))

    assert one.content_hash != other.content_hash
