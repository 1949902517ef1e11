"""Prove that the guard against sockets in unit tests holds."""

import pytest

from tools.linters.source import ROOT

_TESTS = """
    import contextlib, socket
    import psycopg, pytest

    def test_a_network_socket():
        socket.create_connection(("127.0.0.1", 9))

    def test_a_unix_socket():
        with socket.socket(socket.AF_UNIX) as client:
            client.connect("nowhere")

    def test_a_datagram():
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.sendto(b"hour", ("127.0.0.1", 9))

    def test_a_database():
        psycopg.connect("host=127.0.0.1 port=9")

    def test_a_swallowed_refusal():
        with contextlib.suppress(RuntimeError), socket.socket() as client:
            client.connect_ex(("127.0.0.1", 9))

    def test_a_pair_inside_the_process():
        left, right = socket.socketpair()
        with left, right:
            left.sendall(b"hour")
            assert right.recv(4) == b"hour"

    @pytest.mark.integration
    def test_an_integration_test():
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname()).close()
"""


@pytest.mark.integration  # it starts a process
def test_only_integration_tests_reach_a_socket(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nmarkers = integration: uses real sockets\n")
    pytester.makepyfile(_TESTS)

    result = pytester.runpytest_subprocess("-p", "tests.guards")

    # Four are refused at once and again when they end; one swallows the refusal.
    result.assert_outcomes(passed=3, failed=4, errors=5)
    result.stdout.fnmatch_lines(
        [
            "*SocketsAreBlocked: connect*only tests marked integration may connect",
            "ERROR *::test_a_swallowed_refusal*",
        ]
    )
