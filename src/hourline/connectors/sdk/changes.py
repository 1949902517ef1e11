"""Hold what a system says of one record of master data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class MasterChange:
    """Say what a system writes of a record; fields not named stay as they are.

    `source_id` is the system's own id, `canonical_id` the firm's (default: the same).
    Without `fields` the change only says which id the system uses for the record.
    `effective_until` is exclusive. `entity` is the canonical id of the legal entity it
    is about, where the system calls that by an id of its own.
    """

    kind: str
    source_id: str
    canonical_id: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    effective_from: date = date.min
    effective_until: date = date.max
    entity: str | None = None
