"""Make the ready deliveries of the month: webhook, batch and event bodies."""

import json
from dataclasses import dataclass

from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import SourceTimeEntry
from hourline.connectors.sandbox.wire import (
    TimeEntryObject,
    instant,
    time_entry_object,
)

BATCH_ENTRIES_MAX = 250
EVENT_TYPE = "com.hourline.time_entry.approved.v1"
EVENT_SOURCE = "/sandbox/psa"
_REDELIVERED_WEBHOOKS = 20


@dataclass(frozen=True)
class ReadyDelivery:
    """A body to be delivered under an id; the same id again is the same delivery."""

    delivery_id: str
    body: bytes


def webhook_deliveries(firm: Firm) -> tuple[ReadyDelivery, ...]:
    """Return a webhook for each entry, and the first twenty once more at the end."""
    found = tuple(
        ReadyDelivery(
            f"wh-{number:05d}",
            json_bytes(
                {
                    "type": "time_entry.approved",
                    "timestamp": instant(entry.updated_at),
                    "data": time_entry_object(entry),
                }
            ),
        )
        for number, entry in enumerate(_entries_by(firm, "webhook"), start=1)
    )
    return (*found, *found[:_REDELIVERED_WEBHOOKS])


def batch_deliveries(firm: Firm) -> tuple[ReadyDelivery, ...]:
    """Return batches of up to 250 entries: `{"batch_id": ..., "entries": [...]}`."""
    entries = [time_entry_object(entry) for entry in _entries_by(firm, "batch")]
    return tuple(
        ReadyDelivery(
            f"batch-{number:03d}",
            json_bytes(
                {
                    "batch_id": f"batch-{number:03d}",
                    "entries": entries[first : first + BATCH_ENTRIES_MAX],
                }
            ),
        )
        for number, first in enumerate(
            range(0, len(entries), BATCH_ENTRIES_MAX), start=1
        )
    )


def event_deliveries(firm: Firm) -> tuple[dict[str, str | TimeEntryObject], ...]:
    """Return a CloudEvents 1.0 event for each entry."""
    return tuple(
        {
            "specversion": "1.0",
            "id": f"ev-{number:05d}",
            "source": EVENT_SOURCE,
            "type": EVENT_TYPE,
            "subject": entry.id,
            "time": instant(entry.updated_at),
            "datacontenttype": "application/json",
            "data": time_entry_object(entry),
        }
        for number, entry in enumerate(_entries_by(firm, "event"), start=1)
    )


def file_entries(firm: Firm) -> tuple[SourceTimeEntry, ...]:
    """Return what is delivered by file, the conflicting entry last."""
    return (*_entries_by(firm, "file"), firm.time.conflicting)


def polled_entries(firm: Firm) -> tuple[SourceTimeEntry, ...]:
    """Return what the PSA serves from the start, unapproved time included."""
    return (*_entries_by(firm, "poll"), *firm.time.unapproved)


def json_bytes(content: object) -> bytes:
    """Return compact JSON, the same bytes for the same content."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _entries_by(firm: Firm, method: str) -> tuple[SourceTimeEntry, ...]:
    return (*firm.time.by_method[method], *firm.time.repeated[method])
