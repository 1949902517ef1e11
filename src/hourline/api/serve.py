"""Serve the application over HTTP until the process is asked to end."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

LOOPBACK = "127.0.0.1"


class PortInUse(Exception):
    """Say which address could not be bound, and what to do."""


def serve(
    app: Litestar,
    *,
    host: str,
    port: int,
    on_ready: Callable[[int], None],
) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one, `on_ready` hears which.

    Calls that run when the signal comes are answered first. Raises PortInUse.
    """
    asyncio.run(_serve(app, host, _usable(host, port), on_ready))


async def _serve(
    app: Litestar, host: str, port: int, on_ready: Callable[[int], None]
) -> None:
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    serving = loop.create_task(server.serve())
    answering = loop.create_task(_wait_until_answering(host, port))
    await asyncio.wait({serving, answering}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        on_ready(port)
    answering.cancel()
    await serving


async def _wait_until_answering(host: str, port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            await writer.wait_closed()
            return
        await asyncio.sleep(0.02)


def _usable(host: str, port: int) -> int:
    """Return the port, or a free one for 0; the server itself cannot say which it took.

    The server would share the port with another program, so it is tried before.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as reason:
            raise PortInUse(
                f"Cannot listen on {host} port {port}: {reason.strerror}. Choose"
                " another with --port, or 0 for a free one."
            ) from reason
        found: int = tried.getsockname()[1]
        return found


def write_port(path: Path, port: int) -> None:
    """Write the port for other programs: the file is complete whenever it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(f"{port}\n", encoding="ascii")
    draft.replace(path)
