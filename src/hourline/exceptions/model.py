"""Describe exception items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """Name what an exception is about, with its entry where it has one."""

    kind: str
    key: str
    entry_no: int | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class ExceptionItem:
    """Hold one item of a queue."""

    item_no: int
    queue: str
    code: str
    subject_kind: str
    subject_key: str
    entry_no: int | None
    revision: int | None
    sentence: str
    remedy: str
    detail: dict[str, Any]
    owner: str
    state: str
    opened_at: datetime
    due_at: datetime
    resolved_at: datetime | None
    resolution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEntry:
    """Hold an entry that waits for master data: it has an owner and a due time too."""

    source_id: str
    worked_seconds: int
    since: datetime
    owner: str
    due_at: datetime
    lacks: str
