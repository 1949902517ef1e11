"""Reach a configured connection: its targets and streams by its own egress."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

import msgspec

from hourline.connectors.sdk.addresses import AddressPolicy
from hourline.connectors.sdk.egress import Egress
from hourline.connectors.sdk.master import MasterPort
from hourline.connectors.sdk.oauth import ClientCredentials
from hourline.connectors.sdk.registry import connector
from hourline.connectors.sdk.source import SourcePort
from hourline.connectors.sdk.target import TargetPort

# The field under which a connection's OAuth client secret is sealed.
CLIENT_SECRET = "client_secret"  # noqa: S105 - the name of a field, not a secret
_HTTPS_PORT = 443


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Say where a system is and who asks there; other settings are passed over.

    `networks` are private networks (CIDR) this connection may call; without any, only
    https to global addresses is allowed. `plain_http` is for those networks only.
    """

    address: str
    client_id: str
    token_path: str = "/oauth/token"  # noqa: S105 - a path, not a secret
    networks: tuple[str, ...] = ()
    plain_http: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """Hold a connection that can be called; keep it, it has the token."""

    connector: str
    address: str
    egress: Egress

    def targets(self) -> TargetPort:
        """Return the port by which documents are booked."""
        return TargetPort(
            targets=connector(self.connector).targets,
            address=self.address,
            send=self.egress.send,
        )

    def masters(self) -> dict[str, MasterPort]:
        """Return the ports by which master data is read, by the stream's name."""
        return {
            name: MasterPort(stream=stream, address=self.address, send=self.egress.send)
            for name, stream in connector(self.connector).masters.items()
        }

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

    Raises msgspec.ValidationError naming the setting that is missing or wrong.
    """
    place = msgspec.convert(settings, Reach)
    port = urlsplit(place.address).port or _HTTPS_PORT
    policy = AddressPolicy(
        networks=tuple(ip_network(network) for network in place.networks),
        plain_http=place.plain_http,
        ports=frozenset({_HTTPS_PORT, port}),
    )
    credentials = ClientCredentials(
        token_url=f"{place.address.rstrip('/')}{place.token_path}",
        client_id=place.client_id,
        client_secret=client_secret,
    )
    egress = Egress(policy, credentials=credentials)
    return Reached(connector_name, place.address, egress)
