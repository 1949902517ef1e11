"""Make an id for records of a source that has none, by the connection's recipe."""

import hashlib
from collections.abc import MutableMapping

from hourline.intake.model import ID_LENGTH_MAX

_ESCAPES = str.maketrans({"\\": "\\\\", "|": "\\|"})


def recipe_key(parts: list[str]) -> str:
    """Join the recipe's values so that different values never give the same key."""
    return "|".join(part.translate(_ESCAPES) for part in parts)


def numbered_id(key: str, equals: MutableMapping[str, int]) -> str:
    """Return the key with its running number among equals, which is counted on."""
    equals[key] = equals.get(key, 0) + 1
    return identity_of(key, equals[key])


def identity_of(key: str, number: int) -> str:
    """Return the id of a key's running number; a long one is told by its hash."""
    identity = f"{key}|{number}"
    if len(identity) <= ID_LENGTH_MAX:
        return identity
    return "sha256:" + hashlib.sha256(identity.encode()).hexdigest()
