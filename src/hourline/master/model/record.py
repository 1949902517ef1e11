"""Be one record of master data."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Be one record; `references` names the kinds its fields point to.

    A change that leaves a field out leaves it as it is, but those of `stated_anew`:
    they say how the whole change is meant.
    """

    kind: ClassVar[str]
    references: ClassVar[Mapping[str, str]] = {}
    stated_anew: ClassVar[frozenset[str]] = frozenset()
