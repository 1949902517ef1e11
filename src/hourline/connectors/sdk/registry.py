"""Find the connectors: every module beside the SDK declares its own."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from hourline.connectors.sdk.declare import Connector

_HOUSE = "hourline.connectors"
_NO_VENDORS = frozenset({"sdk", "sandbox"})


@cache
def connectors() -> Mapping[str, Connector]:
    """Return every connector by name.

    Adding a vendor is adding its file: nothing else names it. Raises TypeError for a
    module without a CONNECTOR and ValueError for a name given twice.
    """
    found: dict[str, Connector] = {}
    for module in iter_modules(import_module(_HOUSE).__path__):
        if module.name in _NO_VENDORS:
            continue
        declared = getattr(import_module(f"{_HOUSE}.{module.name}"), "CONNECTOR", None)
        if not isinstance(declared, Connector):
            raise TypeError(f"{_HOUSE}.{module.name} declares no CONNECTOR")
        if declared.name in found:
            raise ValueError(f"two connectors are named {declared.name}")
        found[declared.name] = declared
    return found


def connector(name: str) -> Connector:
    """Return the connector of this name; raises LookupError naming those there are."""
    found = connectors()
    if name not in found:
        raise LookupError(f"no connector {name}; there are: {', '.join(sorted(found))}")
    return found[name]
