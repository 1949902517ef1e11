"""Describe which days of time are locked, and who may do what others may not."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal, TypeAlias

from hourline.master.model.record import Record


class EntryLock(Record, frozen=True, kw_only=True):
    """Work up to and including `through` no longer arrives or changes.

    It still does until `grace_days` after that day are over in `time_zone`. The row is
    for the people an entity employs, for those of a role, for what a connection sends,
    or for any of these together; where several match, the narrower holds.
    """

    kind = "entry_lock"
    references: ClassVar[Mapping[str, str]] = {"entity": "legal_entity"}
    through: date
    grace_days: int = 0
    time_zone: str = "UTC"
    role: str | None = None
    connection: str | None = None
    entity: str | None = None


# What a user may do that nobody else may.
Right: TypeAlias = Literal[
    "post_into_soft_closed",
    "override_entry_lock",
    "accept_late_work",
    "set_prices",
    "approve_credits",
]


class UserRight(Record, frozen=True, kw_only=True):
    """What a user may do for an entity, or for all, that nobody else may."""

    kind = "user_right"
    references: ClassVar[Mapping[str, str]] = {"entity": "legal_entity"}
    user: str
    right: Right
    entity: str | None = None
