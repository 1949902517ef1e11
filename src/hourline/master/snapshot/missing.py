"""Name what master data may lack when a decision asks for it."""

from enum import Enum, auto


class NoTable(Enum):
    """Say that the tenant has no tax table, so nothing is taxed."""

    NO_TABLE = auto()


class NoOpenPeriod(LookupError):
    """Say that no month of an entity is open soon enough after a day."""


class FxRateMissing(LookupError):
    """Say that there is no rate between two currencies on a day, in no direction."""
