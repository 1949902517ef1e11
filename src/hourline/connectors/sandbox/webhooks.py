"""Send the PSA's signed webhooks to its subscribers, and again what failed."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from hourline.connectors.sandbox.calls import Answer, Call, Refused, required
from hourline.connectors.sandbox.deliveries import ReadyDelivery
from hourline.connectors.sandbox.storage import Storage

_PARALLEL_MAX = 8
_ATTEMPT_SECONDS_MAX = 10
_SUBSCRIPTIONS, _DELIVERED = "webhook_subscriptions", "webhooks_delivered"


@dataclass(frozen=True)
class Subscription:
    """A receiver's address and the secret both sides know."""

    url: str
    secret: str


class WebhookSender:
    """Keep subscriptions and what each has confirmed by a 2xx reply."""

    def __init__(self, storage: Storage, deliveries: tuple[ReadyDelivery, ...]) -> None:
        self._storage = storage
        self._deliveries = deliveries

    def subscribe(self, call: Call) -> Answer:
        """Keep a subscription; the same URL again replaces its secret.

        Raises Refused for what is not on this machine: the sandbox calls nobody else.
        """
        url, secret = required(call.content, "url"), required(call.content, "secret")
        if not _is_loopback(url):
            raise Refused(422, "bad_url", "the sandbox sends to loopback only")
        try:
            Webhook(secret)
        except (ValueError, EmptyWebhookSecretError):
            raise Refused(422, "bad_secret", "not a whsec_ secret") from None
        kept = {**self._storage.setting(_SUBSCRIPTIONS, {}), url: secret}
        self._storage.set_setting(_SUBSCRIPTIONS, kept)
        return Answer(201, {"url": url})

    def list_subscriptions(self, _call: Call) -> Answer:
        """Return the subscribed addresses, without their secrets."""
        return Answer(200, {"items": sorted(self._storage.setting(_SUBSCRIPTIONS, {}))})

    async def send(self, call: Call) -> Answer:
        """Send what is outstanding, or everything once more with `"repeat": true`."""
        repeat = isinstance(call.content, dict) and call.content.get("repeat") is True
        subscriptions: dict[str, str] = self._storage.setting(_SUBSCRIPTIONS, {})
        counts = {"delivered": 0, "failed": 0}
        for url, secret in subscriptions.items():
            done = set() if repeat else set(self._delivered().get(url, []))
            due = [n for n in range(len(self._deliveries)) if n not in done]
            confirmed = await self._send_all(Subscription(url, secret), due)
            self._confirm(url, confirmed)
            counts["delivered"] += len(confirmed)
            counts["failed"] += len(due) - len(confirmed)
        return Answer(200, {**counts, "subscriptions": len(subscriptions)})

    async def _send_all(self, to: Subscription, positions: list[int]) -> list[int]:
        timeout = aiohttp.ClientTimeout(total=_ATTEMPT_SECONDS_MAX)
        turn = asyncio.Semaphore(_PARALLEL_MAX)
        async with aiohttp.ClientSession(timeout=timeout) as session:

            async def attempt(position: int) -> bool:
                async with turn:
                    return await _sent(session, to, self._deliveries[position])

            outcomes = await asyncio.gather(*(attempt(n) for n in positions))
        return [n for n, ok in zip(positions, outcomes, strict=True) if ok]

    def _delivered(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = self._storage.setting(_DELIVERED, {})
        return found

    def _confirm(self, url: str, positions: list[int]) -> None:
        delivered = self._delivered()
        merged = sorted({*delivered.get(url, []), *positions})
        self._storage.set_setting(_DELIVERED, {**delivered, url: merged})


async def _sent(
    session: aiohttp.ClientSession, to: Subscription, delivery: ReadyDelivery
) -> bool:
    now = datetime.now(UTC)
    signature = Webhook(to.secret).sign(
        delivery.delivery_id, now, delivery.body.decode()
    )
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    try:
        async with session.post(
            to.url, data=delivery.body, headers=headers, allow_redirects=False
        ) as response:
            return 200 <= response.status < 300
    except (aiohttp.ClientError, OSError):
        return False


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
