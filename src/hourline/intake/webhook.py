"""Accept webhook calls: signature first, over the bytes as they came, then the records.

The scheme is Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from standardwebhooks import Webhook, WebhookVerificationError

from hourline.intake.envelope import enveloped_records
from hourline.intake.model import Delivery
from hourline.kernel.codes import Method
from hourline.kernel.problems import Problem

BODY_BYTES_MAX = 1024 * 1024
# The signed text is id.timestamp.body: a dot in the first two would shift its parts.
_ID = re.compile(r"[^\s.]{1,300}")
_TIMESTAMP = re.compile(r"\d{1,12}")


class WebhookRefusal(StrEnum):
    """Say why a call is turned away before anything of it is read or stored."""

    TOO_LARGE = "The body is larger than 1 MiB."
    HEADERS_WRONG = "A webhook header is missing or not well formed."
    NOT_VERIFIED = (
        "No signature fits the body, or the timestamp is more than five minutes off."
    )
    NO_SECRET = "The connection has no webhook secret."  # noqa: S105 - a sentence, not a secret


def verify(
    secrets: Sequence[str], headers: Mapping[str, str], body: bytes
) -> str | WebhookRefusal:
    """Return the webhook's id if one of the secrets signed these very bytes.

    During a rotation both secrets are given. Nothing is parsed before this returns, and
    every secret is tried, so that the time taken tells nothing.
    """
    if len(body) > BODY_BYTES_MAX:
        return WebhookRefusal.TOO_LARGE
    if not secrets:
        return WebhookRefusal.NO_SECRET
    given = {name.lower(): value for name, value in headers.items()}
    webhook_id = given.get("webhook-id", "")
    timestamp = given.get("webhook-timestamp", "")
    if not (_ID.fullmatch(webhook_id) and _TIMESTAMP.fullmatch(timestamp)):
        return WebhookRefusal.HEADERS_WRONG
    verified = [_is_signed(secret, given, body) for secret in secrets]
    return webhook_id if any(verified) else WebhookRefusal.NOT_VERIFIED


def webhook_delivery(
    connection_no: int, webhook_id: str, body: bytes, *, received_at: datetime
) -> tuple[Delivery, list[Problem]]:
    """Return the delivery of a verified call; with problems it is to be refused."""
    records = enveloped_records(body)
    problems = [records] if isinstance(records, Problem) else []
    delivery = Delivery(
        connection_no=connection_no,
        method=Method.WEBHOOK,
        delivery_id=webhook_id,
        received_at=received_at,
        records=[body] if isinstance(records, Problem) else records,
        whole=body,
    )
    return delivery, problems


def _is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    # The library raises plain ValueError for base64, UTF-8 and commas that are wrong.
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True
