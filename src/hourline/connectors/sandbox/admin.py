"""Start and stop the sandbox, break it on demand and read its books."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hourline.connectors.sdk.egress import (
    LOOPBACK,
    ClientCredentials,
    Egress,
    HttpReply,
    HttpRequest,
)

_WAIT_SECONDS_MAX = 30
_STOP_SECONDS_MAX = 10
_STATUS_LEVER_FAILED = 400


class SandboxNotReady(Exception):
    """Say that the sandbox did not start, and what it said."""


class LeverRefused(Exception):
    """Say that a server did not do what a lever asked for."""


@dataclass(frozen=True)
class VendorPlace:
    """Where a sandbox server is and how a client gets a token there."""

    name: str
    url: str
    credentials: ClientCredentials

    def egress(self) -> Egress:
        """Return an egress that is authorised at this server."""
        return Egress(LOOPBACK, credentials=self.credentials)


@dataclass
class Sandbox:
    """A running sandbox: its process, and its servers by name."""

    process: subprocess.Popen[str]
    servers: Mapping[str, VendorPlace] = field(repr=False)


def start_sandbox(
    state_dir: Path, ports_file: Path, *, options: tuple[str, ...] = ()
) -> Sandbox:
    """Start the servers and return once they answer.

    `options` are further ones of `python -m hourline.connectors.sandbox`. Raises
    SandboxNotReady.
    """
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = state_dir / "sandbox.log"
    with written.open("w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "hourline.connectors.sandbox"),
                *("--state-dir", str(state_dir), "--ports-file", str(ports_file)),
                *options,
            ],
            stdout=log,
            stderr=log,
            text=True,
        )
    try:
        _wait_ready(process, written)
        return Sandbox(process, read_places(ports_file))
    except BaseException:
        process.kill()
        process.wait()
        raise


def stop_sandbox(sandbox: Sandbox) -> int:
    """End the servers cleanly and return the exit status of their process."""
    sandbox.process.terminate()
    return sandbox.process.wait(timeout=_STOP_SECONDS_MAX)


def kill_sandbox(sandbox: Sandbox) -> None:
    """Kill the servers without warning, as a crash would."""
    sandbox.process.kill()
    sandbox.process.wait()


def read_places(ports_file: Path) -> dict[str, VendorPlace]:
    """Return the servers that a ports file names."""
    servers = json.loads(ports_file.read_text())["servers"]
    return {
        name: VendorPlace(
            name,
            place["url"],
            ClientCredentials(
                token_url=f"{place['url']}/oauth/token",
                client_id=place["client_id"],
                client_secret=place["client_secret"],
            ),
        )
        for name, place in servers.items()
    }


def set_fault(
    vendor: VendorPlace,
    operation: str,
    fault: str,
    **details: int,
) -> None:
    """Make an operation (`*`: any) go wrong.

    Details: `times` or `every_nth` (with `seed`), and `delay_milliseconds`.
    """
    _pull(vendor, "POST", "faults", {"operation": operation, "fault": fault, **details})


def clear_faults(vendor: VendorPlace) -> None:
    """Let every operation go right again; the counters stay."""
    _pull(vendor, "DELETE", "faults")


def fault_counts(vendor: VendorPlace) -> dict[str, dict[str, int]]:
    """Return how often each fault bit, by operation and fault."""
    counts: dict[str, dict[str, int]] = _pull(vendor, "GET", "faults")["bites"]
    return counts


def set_rate_limit(vendor: VendorPlace, *, per_second: int, burst: int) -> None:
    """Change how many calls a server lets through."""
    _pull(vendor, "POST", "rate-limit", {"per_second": per_second, "burst": burst})


def read_books(vendor: VendorPlace) -> list[dict[str, Any]]:
    """Return every document a server holds, drafts included, the oldest first."""
    documents: list[dict[str, Any]] = _pull(vendor, "GET", "books")["documents"]
    return documents


def set_period(vendor: VendorPlace, *, entity: str, period: str, status: str) -> None:
    """Open or close a posting period of an ERP."""
    content = {"entity": entity, "period": period, "status": status}
    _pull(vendor, "POST", "periods", content)


def release(vendor: VendorPlace, what: str) -> None:
    """Let something appear that comes late.

    At the PSA `late_projects`, `corrections` or `recalls`, at the expense tool
    `changes`.
    """
    _pull(vendor, "POST", "release", {"what": what})


def send_webhooks(psa: VendorPlace, *, repeat: bool = False) -> dict[str, int]:
    """Let the PSA send its outstanding webhooks, or all of them once more.

    Returns the counts `delivered`, `failed` and `subscriptions`.
    """
    counts: dict[str, int] = _pull(psa, "POST", "webhooks/send", {"repeat": repeat})
    return counts


def _pull(vendor: VendorPlace, method: str, lever: str, content: object = None) -> Any:  # noqa: ANN401 - JSON as it came
    """Use one of a server's levers.

    Raises LeverRefused if the server does not answer by a success.
    """
    request = HttpRequest.with_json(
        method,
        f"{vendor.url}/admin/{lever}",
        content,
        deadline=timedelta(minutes=2),
    )
    outcome = Egress(LOOPBACK).send(request)
    if not isinstance(outcome, HttpReply) or outcome.status >= _STATUS_LEVER_FAILED:
        said = outcome.body.decode() if isinstance(outcome, HttpReply) else outcome
        raise LeverRefused(f"{vendor.name}, {lever}: {said}")
    return outcome.json()


def _wait_ready(process: subprocess.Popen[str], written: Path) -> None:
    give_up_at = time.monotonic() + _WAIT_SECONDS_MAX
    while "sandbox ready" not in (said := written.read_text()):
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise SandboxNotReady(f"the sandbox did not start: {said.strip()}")
        time.sleep(0.05)
