"""Take one name for the same whatever its white space, case and Unicode form."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

# The rows of a file repeat the same few names.
_KEPT = 4_096


@lru_cache(maxsize=_KEPT)
def clean(text: str) -> str:
    """Return a name as it is written, without accidents of white space or form."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=_KEPT)
def fold(text: str) -> str:
    """Return what all spellings of one name have in common; it is never shown."""
    compatible = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", compatible).split())


def spellings(names: Iterable[str]) -> dict[str, str]:
    """Return names by what their spellings have in common; two of one are left out."""
    found: dict[str, str] = {}
    doubled = set()
    for name in names:
        folded = fold(name)
        if found.setdefault(folded, name) != name:
            doubled.add(folded)
    return {folded: name for folded, name in found.items() if folded not in doubled}


def as_known(name: str, known: Mapping[str, str]) -> str:
    """Return a name as it is known, in whatever spelling; a name not known stays."""
    return known.get(fold(name), name)
