"""Be one record of master data."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Be one record; `references` names the kinds its fields point to."""

    kind: ClassVar[str]
    references: ClassVar[Mapping[str, str]] = {}
