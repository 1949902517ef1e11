"""Refuse master data that no decision could be made with."""


class UnusableRecord(ValueError):
    """Say which record stops the snapshot, why, and what to do about it."""

    def __init__(self, kind: str, record_id: str, *, why: str, remedy: str) -> None:
        super().__init__(f"{kind} {record_id}: {why}. {remedy}")
        self.kind = kind
        self.record_id = record_id
        self.why = why
        self.remedy = remedy
