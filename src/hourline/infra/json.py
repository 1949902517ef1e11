"""Encode and decode JSON with exact numbers: a fraction is a Decimal, never a float."""

import json
from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="string", order="deterministic")


def encode_json(value: object) -> bytes:
    """Return JSON bytes with sorted keys; Decimal becomes a string."""
    return _encoder.encode(value)


def decode_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON is any shape
    """Return plain values; numbers with a fraction become Decimal."""
    return json.loads(text, parse_float=Decimal)
