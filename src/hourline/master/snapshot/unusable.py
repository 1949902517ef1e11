"""Refuse master data that no decision could be made with."""

from datetime import date


class UnusableRecord(ValueError):
    """Say which record stops the snapshot, why, and what to do about it.

    `starts` is when what it says begins, where a record says several things in time.
    """

    def __init__(
        self,
        kind: str,
        record_id: str,
        *,
        why: str,
        remedy: str,
        starts: date | None = None,
    ) -> None:
        super().__init__(f"{kind} {record_id}: {why}. {remedy}")
        self.kind = kind
        self.record_id = record_id
        self.why = why
        self.remedy = remedy
        self.starts = starts
