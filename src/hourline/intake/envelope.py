"""Take the records out of a body without changing a byte of them."""

import hashlib
from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from hourline.intake.reading import NOT_JSON
from hourline.kernel.problems import Problem, ProblemCode

Records: TypeAlias = Sequence[bytes]

_MANY = msgspec.json.Decoder(list[msgspec.Raw])
_ONE = msgspec.json.Decoder(msgspec.Raw)


class _Envelope(msgspec.Struct):
    data: msgspec.Raw


_ENVELOPE = msgspec.json.Decoder(_Envelope)


def enveloped_records(body: bytes) -> Records | Problem:
    """Return the one or many records in the `data` of a JSON object."""
    try:
        found = _ENVELOPE.decode(body)
    except NOT_JSON as fault:
        return malformed(f"The body is not a JSON object with data: {fault}.")
    return split_records(bytes(found.data))


def split_records(body: bytes) -> Records | Problem:
    """Return the records of a JSON array, or the one record that the body is."""
    text = body.strip()
    try:
        if text.startswith(b"["):
            return [bytes(record) for record in _MANY.decode(text)]
        _ONE.decode(text)
    except NOT_JSON as fault:
        return malformed(f"The body is not JSON: {fault}.")
    return [text]


def malformed(sentence: str) -> Problem:
    """Return the problem of a body from which no record can be taken."""
    return Problem(
        ProblemCode.RECORD_MALFORMED,
        sentence,
        "Correct the sender and deliver again; the body is kept as it came.",
    )


def content_id(body: bytes) -> str:
    """Return an id for a delivery that came without one: the same body, the same id."""
    return "sha256:" + hashlib.sha256(body).hexdigest()
