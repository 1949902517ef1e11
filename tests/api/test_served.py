"""Serve over real sockets, set up and asked as an operator would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from hourline.infra.audit import verify_chain
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.infra.tenants import find_tenant
from hourline.master.store import set_connection
from tests.api.firm import new_key, time_entry

pytestmark = pytest.mark.integration
AUDITED = Query("audit", "What was done.", "SELECT action FROM hourline.audit_record")
HOURLINE = [sys.executable, "-c", "from hourline.cli.main import run; run()"]


@dataclass(frozen=True)
class Installation:
    """Hold what the programs of a test share: database, key file and tenant."""

    environ: dict[str, str]
    slug: str

    def run(self, *words: str, stdin: str = "", status: int = 0) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [*HOURLINE, *words],
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installation(
    database_url: str, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    state = tmp_path_factory.mktemp("state")
    environ = {
        **os.environ,
        "DATABASE_URL": database_url,
        "HOURLINE_STATE": str(state),
    }
    made = Installation(environ, f"served-{os.getpid()}")
    made.run("tenant", "create", made.slug, "--name", "Hollis & Crane Inc.")
    tenant = find_tenant(database, made.slug)
    assert tenant is not None
    with database.tenant(tenant) as session:
        set_connection(session, name="psa", connector="sandbox_psa")
    return made


@pytest.fixture(scope="module")
def api(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    port_file = tmp_path_factory.mktemp("port") / "api.port"
    process = subprocess.Popen(
        [*HOURLINE, "api", "--port", "0", "--port-file", str(port_file)],
        env=installation.environ,
    )
    try:
        yield f"http://127.0.0.1:{_port(process, port_file)}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def _port(process: subprocess.Popen[bytes], port_file: Path) -> int:
    deadline = time.monotonic() + 30
    while not port_file.exists():
        assert process.poll() is None, "the API ended at once"
        assert time.monotonic() < deadline, "the API does not answer"
        time.sleep(0.02)
    return int(port_file.read_text())


def key(installation: Installation, client: str, scopes: str) -> str:
    printed = installation.run(
        "key", "create", client, "--tenant", installation.slug, "--scopes", scopes
    )
    return printed.strip()


def test_a_key_from_the_command_line_sends_a_batch(
    installation: Installation, api: str
) -> None:
    made = key(installation, "exporter", "time:ingest,time:read")
    headers = {"Authorization": f"Bearer {made}", "Idempotency-Key": new_key()}
    odd = time_entry(id="a/ü %")

    sent = httpx.post(
        f"{api}/v1/time-entries/batch?connection=psa", json=[odd], headers=headers
    )
    found = httpx.get(f"{api}/v1/time-entries/psa/a%2F%C3%BC%20%25", headers=headers)

    assert sent.status_code == 200
    assert sent.json()["counts"] == {"accepted": 1}
    assert found.status_code == 200
    assert found.json()["id"] == "a/ü %"


def test_a_revoked_key_is_unknown_at_once(installation: Installation, api: str) -> None:
    made = key(installation, "leaver", "exceptions:work")
    headers = {"Authorization": f"Bearer {made}"}
    before = httpx.get(f"{api}/v1/exceptions", headers=headers)

    installation.run("key", "revoke", "leaver", "--tenant", installation.slug)

    after = httpx.get(f"{api}/v1/exceptions", headers=headers)
    assert [before.status_code, after.status_code] == [200, 401]
    listed = installation.run("key", "list", "--tenant", installation.slug)
    assert f"...{made[-4:]}  revoked" in listed
    assert made not in listed
    installation.run("key", "revoke", "leaver", "--tenant", installation.slug, status=1)


def test_a_body_beyond_the_limit_is_refused_over_the_wire(api: str) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    announced = httpx.post(f"{api}/v1/webhooks/a/b", content=b" " * 1_048_577)
    streamed = httpx.post(f"{api}/v1/webhooks/a/b", content=parts())

    assert announced.status_code == 413
    assert streamed.status_code == 413
    assert streamed.json()["code"] == "body_too_large"


def test_the_server_is_ready_and_describes_itself(api: str) -> None:
    assert httpx.get(f"{api}/health/ready").json() == {"status": "ready"}
    assert httpx.get(f"{api}/openapi.json").json()["openapi"] == "3.1.0"
    assert httpx.get(f"{api}/nothing").json()["code"] == "not_found"


def test_a_port_that_is_taken_is_named(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        installation.run("api", "--port", port, status=2)


def test_a_secret_is_set_listed_and_removed_without_being_shown(
    installation: Installation, database: Database
) -> None:
    place = ("psa", "webhook_secret", "--tenant", installation.slug)

    said = installation.run("secret", "set", *place, stdin="whsec_s3cret\n")
    listed = installation.run(
        "secret", "list", "psa", "--tenant", installation.slug, "--json"
    )
    removed = installation.run("secret", "remove", *place, "--json")
    installation.run("secret", "remove", *place, status=1)

    assert said == "Secret webhook_secret of psa is set.\n"
    assert [one["field"] for one in json.loads(listed)] == ["webhook_secret"]
    assert json.loads(removed)["removed"] is True
    assert "s3cret" not in said + listed + removed
    tenant = find_tenant(database, installation.slug)
    assert tenant is not None
    with database.tenant(tenant) as session:
        actions = [action for (action,) in session.tuples(AUDITED)]
        assert verify_chain(session) is None
    assert {"secret.set", "secret.removed", "api_key.created"} <= set(actions)


@pytest.mark.parametrize(
    "words",
    [
        ("tenant", "create", "Not A Slug"),
        ("key", "create", "x", "--scopes", "everything"),
        ("key", "create", "x", "--scopes", ","),
        ("secret", "list", "nothing"),
        ("secret", "set", "psa", "empty"),
    ],
)
def test_what_cannot_be_done_is_refused(
    installation: Installation, words: tuple[str, ...]
) -> None:
    tenant = () if words[0] == "tenant" else ("--tenant", installation.slug)

    installation.run(*words, *tenant, status=2)


def test_tenants_are_listed(installation: Installation) -> None:
    listed = json.loads(installation.run("tenant", "list", "--json"))

    assert [one["name"] for one in listed if one["slug"] == installation.slug] == [
        "Hollis & Crane Inc."
    ]
    assert installation.slug in installation.run("tenant", "list")
