"""Turn columns into the bytes of a COPY, arrays without an object per cell."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Cell: TypeAlias = str | int | bool | bytes | date | datetime | None
Column: TypeAlias = Sequence[Cell] | NDArray[np.generic]

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""}
)
_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
_TRAILER = b"\xff\xff"
# PostgreSQL counts days and microseconds from 2000-01-01, numpy from 1970-01-01.
_EPOCH_DAYS = 10_957
_EPOCH_MICROSECONDS = _EPOCH_DAYS * 86_400_000_000


def is_binary(columns: Mapping[str, Column]) -> bool:
    """Say whether every column is a numpy array of fixed width."""
    return all(isinstance(column, np.ndarray) for column in columns.values())


def binary_rows(columns: Mapping[str, Column]) -> bytes:
    """Return the binary COPY of numpy columns: int64/32/16, bool, datetime64[D|us]."""
    arrays = [_wire(np.asarray(column)) for column in columns.values()]
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for index, array in enumerate(arrays):
        fields += [(f"l{index}", ">i4"), (f"v{index}", array.dtype.str)]
    rows = np.empty(len(arrays[0]) if arrays else 0, dtype=fields)
    rows["count"] = len(arrays)
    for index, array in enumerate(arrays):
        rows[f"l{index}"] = array.dtype.itemsize
        rows[f"v{index}"] = array
    return _SIGNATURE + rows.tobytes() + _TRAILER


def _wire(array: NDArray[np.generic]) -> NDArray[np.generic]:
    if array.dtype == np.dtype("datetime64[D]"):
        return (array.astype(np.int64) - _EPOCH_DAYS).astype(">i4")
    if array.dtype == np.dtype("datetime64[us]"):
        return (array.astype(np.int64) - _EPOCH_MICROSECONDS).astype(">i8")
    if array.dtype == np.bool_:
        return array.astype("i1")
    return array.astype(array.dtype.newbyteorder(">"))


def text_rows(columns: Mapping[str, Column]) -> bytes:
    """Return the text COPY of any columns; None is NULL, bytes become bytea."""
    cells = [_texts(column) for column in columns.values()]
    return "".join("\t".join(row) + "\n" for row in zip(*cells, strict=True)).encode()


def _texts(column: Column) -> list[str]:
    if isinstance(column, np.ndarray):
        return _array_texts(column)
    return [_text(cell) for cell in column]


def _array_texts(array: NDArray[np.generic]) -> list[str]:
    if array.dtype == np.bool_:
        return ["t" if flag else "f" for flag in array.tolist()]
    if array.dtype.kind == "M":
        suffix = "Z" if array.dtype != np.dtype("datetime64[D]") else ""
        texts: list[str] = array.astype(str).tolist()
        return [text + suffix for text in texts]
    return [str(number) for number in array.tolist()]


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.translate(_ESCAPES) if _needs_escape(cell) else cell
    if cell is None:
        return "\\N"
    if isinstance(cell, bytes):
        return "\\\\x" + cell.hex()
    if isinstance(cell, bool):
        return "t" if cell else "f"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _needs_escape(cell: str) -> bool:
    return (
        "\\" in cell or "\t" in cell or "\n" in cell or "\r" in cell or "\x00" in cell
    )
