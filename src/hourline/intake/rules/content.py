"""Say which fields are the content of an entry: the same content is nothing new."""

import hashlib

from hourline.intake.model import ExpenseRecord, TimeRecord
from hourline.kernel.quantity import WHOLE_PPM


def content_hash(record: TimeRecord) -> bytes:
    """Return the SHA-256 of what is worked or spent, by whom, on what and when.

    So are a price set by hand and the receipt of an expense; note, status and times of
    approval and change are not content.
    """
    text = (
        f"{record.person}\x1f{record.project}\x1f{record.activity or ''}\x1f"
        f"{record.hour_type or ''}\x1f{record.role or ''}\x1f"
        f"{record.date.toordinal()}\x1f{record.seconds}\x1f{record.billable_seconds}"
    )
    if isinstance(record, ExpenseRecord):
        text += f"\x1f{record.cost}\x1f{record.currency}\x1f{record.markup_ppm}"
        # Said only where it is: what came before these fields keeps its hash.
        if record.tax:
            text += f"\x1ftax\x1f{record.tax}\x1f{record.recoverable}"
            if record.recoverable_ppm != WHOLE_PPM:
                text += f"\x1f{record.recoverable_ppm}"
            elif record.recoverable and record.recovery_stated:
                text += "\x1fwhole"
        if record.receipt is not None:
            text += f"\x1freceipt\x1f{record.receipt}"
    if record.price is not None:
        text += f"\x1f{record.price_scaled}"
    return hashlib.sha256(text.encode()).digest()
