"""Reach a configured connection: its targets and streams by its own egress."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

import msgspec

from hourline.connectors.sdk.addresses import AddressPolicy
from hourline.connectors.sdk.booked import BookedPort
from hourline.connectors.sdk.egress import Egress
from hourline.connectors.sdk.http import HttpReply, HttpRequest
from hourline.connectors.sdk.master import MasterPort
from hourline.connectors.sdk.oauth import ClientCredentials, FixedKey
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.source import NotRead, SourcePort
from hourline.connectors.sdk.target import TargetPort
from hourline.kernel.codes import DocumentKind

# The field under which a connection's OAuth client secret, or its key, is sealed.
CLIENT_SECRET = "client_secret"  # noqa: S105 - the name of a field, not a secret
_HTTPS_PORT = 443
_TURNED_AWAY = frozenset({401, 403, 429})
_STATUS_BROKEN = 500


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Say where a system is and who asks there; other settings are passed over.

    `networks` are private networks (CIDR) this connection may call; without any, only
    https to global addresses is allowed. `plain_http` is for those networks only. A
    system that is shown a fixed key needs no `client_id`. `mode` names other targets
    of the connector than the ordinary ones.
    """

    address: str
    client_id: str = ""
    token_path: str = "/oauth/token"  # noqa: S105 - a path, not a secret
    networks: tuple[str, ...] = ()
    plain_http: bool = False
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """Hold a connection that can be called; keep it, it has the token."""

    connector: str
    address: str
    egress: Egress
    mode: str = ""

    def targets(self) -> TargetPort:
        """Return the port by which documents are booked."""
        return TargetPort(
            targets=connector(self.connector).targets_in(self.mode),
            address=self.address,
            send=self.egress.send,
        )

    def booked(self) -> dict[DocumentKind, BookedPort]:
        """Return the ports by which the system's books are read, by kind."""
        return {
            kind: BookedPort(stream=stream, address=self.address, send=self.egress.send)
            for kind, stream in connector(self.connector).booked.items()
        }

    def masters(self) -> dict[str, MasterPort]:
        """Return the ports by which master data is read, by the stream's name."""
        return {
            name: MasterPort(stream=stream, address=self.address, send=self.egress.send)
            for name, stream in connector(self.connector).masters.items()
        }

    def sources(self) -> dict[str, SourcePort]:
        """Return the ports by which time entries are read, by the stream's name."""
        return {name: self.stream(name) for name in connector(self.connector).sources}

    def knock(self) -> NotRead | None:
        """Return why the system does not answer this connection, None if it does."""
        reply = self.egress.send(HttpRequest(method="GET", url=self.address))
        if not isinstance(reply, HttpReply):
            return NotRead(reply.reason.value)
        turned_away = reply.status in _TURNED_AWAY or reply.status >= _STATUS_BROKEN
        return NotRead(f"status {reply.status}") if turned_away else None

    def stream(self, name: str) -> SourcePort:
        """Return the port by which a stream is read; raise KeyError without one."""
        return SourcePort(
            source=connector(self.connector).sources[name],
            address=self.address,
            send=self.egress.send,
        )


def reach(
    connector_name: str, settings: Mapping[str, object], client_secret: str
) -> Reached:
    """Return a connection that can be called.

    Raises ValueError naming the setting that is missing or wrong.
    """
    place = _place(connector_name, settings)
    egress = Egress(
        _policy(place), credentials=_credentials(connector_name, place, client_secret)
    )
    return Reached(connector_name, place.address, egress, place.mode)


def _credentials(
    connector_name: str, place: Reach, secret: str
) -> ClientCredentials | FixedKey:
    if connector(connector_name).shows == "key":
        return FixedKey(key=secret)
    return ClientCredentials(
        token_url=f"{place.address.rstrip('/')}{place.token_path}",
        client_id=place.client_id,
        client_secret=secret,
    )


def _place(connector_name: str, settings: Mapping[str, object]) -> Reach:
    place = msgspec.convert(settings, Reach)
    declared = connector(connector_name)
    declared.targets_in(place.mode)
    if declared.shows == "token" and not place.client_id:
        raise ValueError("client_id is missing: the system is shown who asks")
    return place


def check_settings(connector_name: str, settings: Mapping[str, object]) -> None:
    """Raise ValueError naming the first setting that is missing or wrong.

    Raises LookupError for a mode the connector does not have.
    """
    place = _place(connector_name, settings)
    policy = _policy(place)
    parts = urlsplit(place.address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{place.address} is no http or https address")
    if parts.scheme == "http" and not (policy.plain_http and policy.networks):
        raise ValueError(
            "an http address needs plain_http and the network it is in; every other"
            " system is called by https"
        )


def _policy(place: Reach) -> AddressPolicy:
    port = urlsplit(place.address).port or _HTTPS_PORT
    return AddressPolicy(
        networks=tuple(ip_network(network) for network in place.networks),
        plain_http=place.plain_http,
        ports=frozenset({_HTTPS_PORT, port}),
    )
