"""Say which fields are the content of a time entry: the same content is nothing new."""

import hashlib

from hourline.intake.model import TimeRecord


def content_hash(record: TimeRecord) -> bytes:
    """Return the SHA-256 of what is worked, by whom, on what, when and as what.

    So is a price set by hand; note, status and times of approval and change are not
    content.
    """
    text = (
        f"{record.person}\x1f{record.project}\x1f{record.activity or ''}\x1f"
        f"{record.hour_type or ''}\x1f{record.role or ''}\x1f"
        f"{record.date.toordinal()}\x1f{record.seconds}\x1f{record.billable_seconds}"
    )
    if record.price is not None:
        text += f"\x1f{record.price_scaled}"
    return hashlib.sha256(text.encode()).digest()
