"""Decide which network addresses a connection may be connected to."""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from aiohttp.abc import AbstractResolver, ResolveResult

# Python calls these global, yet each leads, or can lead, somewhere private.
_NOT_TRULY_GLOBAL = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # a cloud's own host service, on a public address
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4 in its long forgotten embedding
        "64:ff9b::/96",  # NAT64: any IPv4 address behind it
        "64:ff9b:1::/48",  # NAT64 for local use
        "2001::/23",  # protocol assignments, Teredo among them
        "2002::/16",  # 6to4: any IPv4 address behind it
    )
)


class AddressRefused(OSError):
    """Say that a name leads to an address which the connection may not use."""


@dataclass(frozen=True, kw_only=True)
class AddressPolicy:
    """Grant what a connection may reach: by default https to global addresses.

    `networks` are granted in full, at any port; `plain_http` allows http to them and
    to nothing else; `ports` are those allowed at global addresses.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    plain_http: bool = False
    ports: frozenset[int] = frozenset({443})

    def permits(self, address: str, *, port: int, scheme: str) -> bool:
        """Say whether this numeric address may be connected to."""
        found = _unmapped(ip_address(address.partition("%")[0]))
        granted = any(found in network for network in self.networks)
        if scheme == "http":
            return self.plain_http and granted
        return granted or (port in self.ports and _is_global(found))


LOOPBACK = AddressPolicy(
    networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")), plain_http=True
)


class CheckedResolver(AbstractResolver):
    """Resolve a name anew for each connection and refuse it by its worst address.

    What is returned are the very addresses that were checked, so a second answer of a
    hostile name server is never asked for.
    """

    def __init__(self, policy: AddressPolicy, scheme: str) -> None:
        self._policy = policy
        self._scheme = scheme

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """Return all addresses of a host.

        Raises AddressRefused if any of them is not permitted, OSError if there is none.
        """
        try:
            answers = await asyncio.get_running_loop().getaddrinfo(
                host, port, family=family, type=socket.SOCK_STREAM
            )
        except UnicodeError as fault:  # a part of the name is empty or too long
            raise OSError(f"{host} cannot be a name") from fault
        for *_, place in answers:
            if not self._policy.permits(str(place[0]), port=port, scheme=self._scheme):
                raise AddressRefused(f"{host} leads to an address not granted")
        return [
            ResolveResult(
                hostname=host,
                host=str(place[0]),
                port=port,
                family=found_family,
                proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for found_family, _, proto, _, place in answers
        ]

    async def close(self) -> None:
        """Hold nothing that needs closing."""


def is_numeric(host: str) -> bool:
    """Say whether a host is an address already, so that no name is resolved."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _NOT_TRULY_GLOBAL)
    )
