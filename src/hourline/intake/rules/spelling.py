"""Take one name for the same whatever its white space, case and Unicode form."""

import unicodedata


def clean(text: str) -> str:
    """Return a name as it is written, without accidents of white space or form."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return what all spellings of one name have in common; it is never shown."""
    compatible = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", compatible).split())
