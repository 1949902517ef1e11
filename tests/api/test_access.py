"""Let nobody in without a key, and no key further than its scope and its tenant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from hourline.api.app import HourlineApi
from hourline.api.document import describe
from hourline.infra.api_keys import Scope, create_key, find_caller, revoke_keys
from hourline.infra.secrets import Keyring
from hourline.infra.tenants import create_tenant
from tests.api.firm import ApiFirm, found_firm, time_entry

pytestmark = pytest.mark.integration
OPEN = {"get_liveness", "get_readiness", "get_openapi", "take_webhook"}
# A path, and a query with everything the operation asks for.
CALLS = {
    "send_time_entries": ("POST", "/v1/time-entries/batch?connection=psa"),
    "get_time_entry": ("GET", "/v1/time-entries/psa/te-1"),
    "send_events": ("POST", "/v1/events?connection=psa"),
    "send_file": ("POST", "/v1/files?connection=psa&name=a.csv"),
    "put_master_data": ("PUT", "/v1/master-data/project/P1"),
    "get_project_status": ("GET", "/v1/projects/P1/status"),
    "list_exceptions": ("GET", "/v1/exceptions"),
    "get_document": ("GET", "/v1/documents/US1-000001"),
    "get_due": ("GET", "/v1/documents/US1-000001/due"),
    "send_payment": ("POST", "/v1/payments"),
}


def documented(app: HourlineApi) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in describe(app)["paths"].values()
        for operation in path.values()
    }


def test_every_operation_of_the_document_is_called_here(app: HourlineApi) -> None:
    assert set(documented(app)) == set(CALLS) | OPEN


def test_only_what_must_be_open_is_open(app: HourlineApi) -> None:
    secured = {
        name: operation["security"] for name, operation in documented(app).items()
    }

    assert {name for name, needs in secured.items() if not needs} == OPEN
    assert secured["send_time_entries"] == [{"key": ["time:ingest"]}]
    assert secured["get_project_status"] == [{"key": ["time:read"]}]
    assert secured["put_master_data"] == [{"key": ["masterdata:write"]}]


@pytest.mark.parametrize("operation", sorted(CALLS))
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer hlk_" + "a" * 43, "Basic aGxrOmE=", "Bearer \xff"],
)
def test_without_a_valid_key_nothing_is_done(
    client: TestClient[HourlineApi], operation: str, authorization: str | None
) -> None:
    method, path = CALLS[operation]
    sent = (authorization or "").encode("latin-1")
    headers = {} if authorization is None else {b"Authorization": sent}

    reply = client.request(method, path, headers=headers)

    assert reply.status_code == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["www-authenticate"] == 'Bearer realm="hourline"'
    assert reply.json()["code"] == "not_known"


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_every_scope_but_the_right_one_is_refused(
    firm: ApiFirm, app: HourlineApi, operation: str
) -> None:
    method, path = CALLS[operation]
    (needed,) = documented(app)[operation]["security"][0]["key"]
    others = tuple(scope for scope in Scope if scope != needed)

    without = firm.call(method, path, *others)
    with_it = firm.call(method, path, Scope(needed), content=b"")

    assert without.status_code == 403
    assert without.json()["detail"] == (
        f"This needs the scope {needed}, which the key does not have."
    )
    assert with_it.status_code not in {401, 403}


def test_a_revoked_key_and_an_expired_key_are_unknown(firm: ApiFirm) -> None:
    expired_at = datetime.now(UTC) - timedelta(seconds=1)
    with firm.database.tenant(firm.tenant) as session:
        expired = create_key(
            session,
            client="expired",
            scopes=[Scope.TIME_READ],
            expires_at=expired_at,
            actor="tester",
        )
        revoked = create_key(
            session,
            client="revoked",
            scopes=[Scope.TIME_READ],
            expires_at=None,
            actor="tester",
        )
    valid_before = find_caller(firm.database, revoked)

    with firm.database.tenant(firm.tenant) as session:
        count = revoke_keys(session, client="revoked", last_four=None, actor="tester")

    assert valid_before is not None
    assert count == 1
    assert find_caller(firm.database, expired) is None
    assert find_caller(firm.database, revoked) is None


@pytest.fixture
def other(firm: ApiFirm, keyring: Keyring) -> ApiFirm:
    database, client = firm.database, firm.client
    number = create_tenant(database, slug=f"other-{firm.tenant}", name="Other firm")
    return found_firm(database, number, client, keyring, master=())


def test_another_tenant_sees_nothing_of_ours(firm: ApiFirm, other: ApiFirm) -> None:
    firm.send_entries(time_entry(), time_entry(id="te-2", seconds=-1))
    paths = [
        ("/v1/time-entries/psa/te-1", "/v1/time-entries/psa/nothing", Scope.TIME_READ),
        ("/v1/projects/P1/status", "/v1/projects/nothing/status", Scope.TIME_READ),
    ]

    for ours, nobodys, scope in paths:
        seen = other.call("GET", ours, scope)
        random = other.call("GET", nobodys, scope)

        assert firm.call("GET", ours, scope).status_code == 200
        assert seen.status_code == 404
        assert seen.content == random.content


def test_another_tenants_lists_and_writes_stay_its_own(
    firm: ApiFirm, other: ApiFirm
) -> None:
    firm.send_entries(time_entry(seconds=-1))
    body = b'{"fields": {"contract_line": "C1.1"}}'

    items = other.call("GET", "/v1/exceptions", Scope.EXCEPTIONS_WORK).json()["items"]
    put = other.call(
        "PUT", "/v1/master-data/project/P1", Scope.MASTERDATA_WRITE, content=body
    )
    sent = other.send_entries(time_entry())

    assert items == []
    assert put.status_code == 422
    assert [one["outcome"] for one in sent.json()["outcomes"]] == ["accepted"]
    project = firm.call("GET", "/v1/projects/P1/status", Scope.TIME_READ).json()
    assert project["worked"]["seconds"] == 0


def test_two_tenants_may_use_the_same_idempotency_key(
    firm: ApiFirm, other: ApiFirm
) -> None:
    firm.send_entries(time_entry(), key="same")

    reply = other.send_entries(time_entry(seconds=60), key="same")

    assert reply.status_code == 200
    assert "Idempotency-Replayed" not in reply.headers


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/v1/time-entries/psa", 404, "not_found"),
        ("DELETE", "/v1/exceptions", 405, "method_not_allowed"),
        ("GET", "/v1/events", 405, "method_not_allowed"),
        ("GET", "/schema/openapi.json", 404, "not_found"),
    ],
)
def test_what_is_not_offered_is_refused_with_problem_details(
    client: TestClient[HourlineApi], method: str, path: str, status: int, code: str
) -> None:
    reply = client.request(method, path)

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["code"] == code
    assert reply.json()["status"] == status


@pytest.mark.parametrize(
    "path", ["/v1/projects/%FF/status", "/v1/projects/a%00b/status"]
)
def test_an_id_that_is_no_text_is_not_found(firm: ApiFirm, path: str) -> None:
    reply = firm.call("GET", path, Scope.TIME_READ)

    assert reply.status_code == 404
