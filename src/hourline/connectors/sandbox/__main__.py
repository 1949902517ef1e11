"""Run all of the firm's systems in one process until told to stop."""

import asyncio
import json
import os
import secrets
import signal
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from aiohttp import web

from hourline.connectors.sandbox.billing import billing_operations
from hourline.connectors.sandbox.crm import crm_operations
from hourline.connectors.sandbox.erp import atlas_operations, borealis_operations
from hourline.connectors.sandbox.expense_tool import expense_operations
from hourline.connectors.sandbox.firm import SEED_DEFAULT, Firm, build_firm
from hourline.connectors.sandbox.hcm import hcm_operations
from hourline.connectors.sandbox.psa import psa_operations
from hourline.connectors.sandbox.server import (
    TOKEN_SECONDS,
    Credentials,
    VendorServer,
)
from hourline.connectors.sandbox.storage import Storage

READY_LINE = "sandbox ready"
_HOST = "127.0.0.1"
_OPERATIONS = {
    "psa": psa_operations,
    "crm": lambda firm, _storage: crm_operations(firm),
    "hcm": lambda firm, _storage: hcm_operations(firm),
    "expenses": expense_operations,
    "billing": billing_operations,
    "atlas": atlas_operations,
    "borealis": borealis_operations,
}


@dataclass(frozen=True)
class Place:
    """Where a server listens and what it asks for, as the ports file states it."""

    url: str
    port: int
    client_id: str
    client_secret: str


@click.command()
@click.option("--state-dir", type=click.Path(path_type=Path), required=True)
@click.option("--ports-file", type=click.Path(path_type=Path), required=True)
@click.option("--seed", type=int, default=SEED_DEFAULT, show_default=True)
@click.option("--token-seconds", type=int, default=TOKEN_SECONDS, show_default=True)
def main(state_dir: Path, ports_file: Path, seed: int, token_seconds: int) -> None:
    """Run the sandbox's servers on loopback ports that stay the same on a restart."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = _known_places(ports_file, seed)
    sockets = {
        name: _listen(known[name]["port"] if name in known else 0)
        for name in _OPERATIONS
    }
    places = {
        name: _place(bound.getsockname()[1], known.get(name, {}))
        for name, bound in sockets.items()
    }
    _write_private(
        ports_file,
        {"seed": seed, "servers": {n: asdict(place) for n, place in places.items()}},
    )
    servers = _build_servers(
        build_firm(seed), places, state_dir=state_dir, token_seconds=token_seconds
    )
    asyncio.run(_serve(servers, sockets))
    for server in servers.values():
        server.close()


def _known_places(ports_file: Path, seed: int) -> dict[str, dict[str, Any]]:
    """Return what an earlier run wrote.

    Raises click.ClickException if that was another firm: its books would not fit.
    """
    if not ports_file.exists():
        return {}
    known = json.loads(ports_file.read_text())
    if known["seed"] != seed:
        raise click.ClickException(
            f"{ports_file} belongs to the firm of seed {known['seed']}; "
            "choose another state directory and ports file for another seed"
        )
    servers: dict[str, dict[str, Any]] = known["servers"]
    return servers


def _listen(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((_HOST, port))
    except OSError as fault:
        raise click.ClickException(
            f"port {port} of {_HOST} is taken ({fault.strerror}); "
            "stop what listens there, or delete the ports file to choose new ports"
        ) from fault
    return bound


def _place(port: int, known: dict[str, Any]) -> Place:
    return Place(
        url=f"http://{_HOST}:{port}",
        port=port,
        client_id=known.get("client_id", "hourline"),
        client_secret=known.get("client_secret", secrets.token_urlsafe(24)),
    )


def _write_private(path: Path, content: object) -> None:
    """Write a file for this user only, complete before it bears its name."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(
        os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
    ) as file:
        json.dump(content, file, indent=2)
    unfinished.replace(path)


def _build_servers(
    firm: Firm, places: dict[str, Place], *, state_dir: Path, token_seconds: int
) -> dict[str, VendorServer]:
    servers = {}
    for name, operations in _OPERATIONS.items():
        storage = Storage(state_dir / f"{name}.sqlite")
        servers[name] = VendorServer(
            name,
            storage=storage,
            credentials=Credentials(places[name].client_id, places[name].client_secret),
            operations=operations(firm, storage),
            token_seconds=token_seconds,
        )
    return servers


async def _serve(
    servers: dict[str, VendorServer], sockets: dict[str, socket.socket]
) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    runners = []
    for name, server in servers.items():
        runner = web.AppRunner(server.application(), access_log=None)
        await runner.setup()
        await web.SockSite(runner, sockets[name]).start()
        runners.append(runner)
    click.echo(f"{READY_LINE}: {', '.join(servers)}")
    await stopping.wait()
    for runner in runners:
        await runner.cleanup()


if __name__ == "__main__":
    main()
