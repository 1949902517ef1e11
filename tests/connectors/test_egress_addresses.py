"""Which addresses the egress client connects to, and which it never does."""

import asyncio
import socket
from ipaddress import ip_network

import pytest

from hourline.connectors.sdk.egress import (
    AddressPolicy,
    Egress,
    Unreached,
    UnreachedReason,
)
from tests.connectors.raw_server import get, ok, raw_server, saying


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
    224.0.0.1 240.0.0.1 255.255.255.255 192.0.0.9 192.88.99.1 198.18.0.1 203.0.113.5
    168.63.129.16 ::1 :: ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 fe80::1
    fe80::1%1 fd00:ec2::254 ff02::1 ff0e::1 64:ff9b::7f00:1 64:ff9b:1::1 2001::1
    2002:7f00:1:: 2001:db8::1""".split(),
)
def test_what_is_not_a_public_address_needs_a_grant(address: str) -> None:
    assert not AddressPolicy().permits(address, port=443, scheme="https")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111"])
def test_a_public_address_is_reached_by_https_at_443_only(address: str) -> None:
    policy = AddressPolicy(plain_http=True)

    assert policy.permits(address, port=443, scheme="https")
    assert not policy.permits(address, port=8443, scheme="https")
    assert not policy.permits(address, port=443, scheme="http")


def test_a_granted_network_is_reached_at_any_port() -> None:
    policy = AddressPolicy(networks=(ip_network("10.1.0.0/16"),))

    assert policy.permits("10.1.2.3", port=8443, scheme="https")
    assert policy.permits("::ffff:10.1.2.3", port=8443, scheme="https")
    assert not policy.permits("10.2.0.1", port=443, scheme="https")
    assert not policy.permits("10.1.2.3", port=80, scheme="http")


@pytest.mark.integration
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://127.0.0.1:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://[::ffff:127.0.0.1]:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://localhost:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("http://localhost:{port}/", UnreachedReason.ADDRESS_REFUSED),
        ("https://127.1:{port}/", UnreachedReason.URL_REFUSED),
        ("https://2130706433:{port}/", UnreachedReason.URL_REFUSED),
        ("https://a:b@127.0.0.1:{port}/", UnreachedReason.URL_REFUSED),
        ("ftp://127.0.0.1:{port}/", UnreachedReason.URL_REFUSED),
        ("https:///nobody", UnreachedReason.URL_REFUSED),
        ("https://127.0.0.1:99999/", UnreachedReason.URL_REFUSED),
        ("https://127.0.0.1/a b", UnreachedReason.URL_REFUSED),
    ],
)
def test_without_a_grant_nothing_of_this_machine_is_reached(
    url: str, reason: UnreachedReason
) -> None:
    with raw_server(saying(ok(b"{}"))) as server:
        outcome = Egress().send(get(url.format(port=server.port)))

    assert outcome == Unreached(reason)
    assert server.asked == []


@pytest.mark.integration
@pytest.mark.parametrize("host", [f"{'a' * 64}.example", "a..example"])
def test_a_name_that_cannot_be_is_unreached(host: str) -> None:
    outcome = Egress().send(get(f"https://{host}/"))

    assert outcome == Unreached(UnreachedReason.NAME_NOT_RESOLVED)


@pytest.mark.integration
def test_a_name_is_refused_by_the_worst_of_its_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answers(*_args: object, **_named: object) -> list[object]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("93.184.215.14", 443)), (*kind, ("10.0.0.1", 443))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", answers)

    outcome = Egress().send(get("https://two-faced.example/"))

    assert outcome == Unreached(UnreachedReason.ADDRESS_REFUSED)
