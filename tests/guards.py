"""Keep unit tests off the network: no socket and no database outside integration."""

import socket
from collections.abc import Callable, Iterator
from typing import NoReturn

import psycopg
import pytest

# What opens or uses a connection: Python's sockets, and libpq's through psycopg.
# A process that a test starts is out of reach; starting one is integration as well.
_GUARDED: tuple[tuple[type, str], ...] = (
    (socket.socket, "connect"),
    (socket.socket, "connect_ex"),
    (socket.socket, "sendto"),
    # One step below `connect`, which other modules may have imported by name.
    (psycopg.Connection, "_connect_gen"),
    (psycopg.AsyncConnection, "_connect_gen"),
)


class SocketsAreBlocked(RuntimeError):
    """Say that a unit test reached for the network."""


def _refusal(attempts: list[str], name: str) -> Callable[..., NoReturn]:
    def refuse(*arguments: object, **options: object) -> NoReturn:
        attempts.append(f"{name}{arguments[1:]}{options or ''}")
        message = f"{attempts[-1]}: only tests marked integration may connect"
        raise SocketsAreBlocked(message)

    return refuse


@pytest.fixture(autouse=True)
def _no_sockets_in_unit_tests(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Refuse connections; a refusal that the code swallows fails the test as well."""
    if request.node.get_closest_marker("integration"):
        yield
        return
    attempts: list[str] = []
    for owner, name in _GUARDED:
        monkeypatch.setattr(owner, name, _refusal(attempts, name))
    yield
    monkeypatch.undo()
    assert not attempts, f"a unit test reached for the network: {attempts}"
