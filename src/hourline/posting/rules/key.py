"""Derive the one key under which every attempt of an intent goes out."""

from base64 import b32encode
from hashlib import sha256

PREFIX = "H1"
KEY_LENGTH = 28
_KEY_BYTES = 16


def intent_key(
    *, tenant: int, connection_no: int, document: str, generation: int
) -> str:
    """Return 28 characters of [A-Z0-9], a function of the intent alone.

    Neither attempt nor clock takes part, so a resend always carries the same key. It
    fits the shortest limits known (32 characters) and needs no escaping anywhere.
    """
    identity = f"{tenant}\n{connection_no}\n{document}\n{generation}"
    digest = sha256(identity.encode()).digest()[:_KEY_BYTES]
    return PREFIX + b32encode(digest).decode().rstrip("=")
