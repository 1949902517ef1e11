"""Compare an opening file with its manifest: rows, hash, control totals per kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from hourline.intake.reading import NOT_JSON
from hourline.intake.rules.quantities import whole_seconds
from hourline.kernel.money import (
    AmountTooFine,
    CurrencyNotKnown,
    currency_numbered,
    currency_of,
    minor_units,
)
from hourline.kernel.problems import Problem, ProblemCode


class ControlTotal(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Hold what the rows of one kind and currency add up to, as the sender says."""

    kind: str
    currency: str
    amount: Decimal
    hours: Decimal | None = None
    rows: int | None = None


class OpeningManifest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Hold what the sender says about an opening file; all totals, or none."""

    sha256: str | None = None
    rows: int | None = None
    totals: tuple[ControlTotal, ...] = ()


@dataclass(frozen=True, slots=True)
class KindTotal:
    """Hold what the rows of one kind and currency add up to, in seconds and cents."""

    kind: str
    currency: int
    rows: int
    seconds: int
    amount: int


_DECODER = msgspec.json.Decoder(OpeningManifest)


def read_opening_manifest(content: bytes) -> OpeningManifest | Problem:
    """Return the manifest in a JSON text."""
    try:
        return _DECODER.decode(content)
    except NOT_JSON as fault:
        return Problem(
            ProblemCode.FILE_REFUSED,
            f"The manifest cannot be read: {fault}.",
            "Write it as the reference of file formats shows.",
        )


def manifest_differences(
    manifest: OpeningManifest, found: Sequence[KindTotal], *, sha256: str, rows: int
) -> list[Problem]:
    """Return what differs; an empty list means that the file is as it was sent."""
    problems = []
    if manifest.sha256 is not None and manifest.sha256.lower() != sha256:
        problems.append(
            _differs(ProblemCode.FILE_REFUSED, "SHA-256", manifest.sha256, sha256)
        )
    if manifest.rows is not None and manifest.rows != rows:
        problems.append(
            _differs(ProblemCode.ROW_COUNT_WRONG, "number of rows", manifest.rows, rows)
        )
    if manifest.totals:
        problems += _totals_differ(manifest.totals, found)
    return problems


def _totals_differ(
    stated: Sequence[ControlTotal], found: Sequence[KindTotal]
) -> list[Problem]:
    by_key = {(one.kind, currency_numbered(one.currency).code): one for one in found}
    said = {(one.kind, one.currency): one for one in stated}
    problems = []
    for kind, code in sorted({*by_key, *said}):
        total, sum_ = said.get((kind, code)), by_key.get((kind, code))
        for what, expected, counted in _compared(total, sum_):
            if expected is not None and expected != counted:
                name = f"{what} of {kind} in {code}"
                problems.append(
                    _differs(ProblemCode.CONTROL_TOTAL_WRONG, name, expected, counted)
                )
    return problems


def _compared(
    total: ControlTotal | None, found: KindTotal | None
) -> list[tuple[str, object, int]]:
    counted = found or KindTotal("", 0, 0, 0, 0)
    if total is None:
        return [("number of rows", 0, counted.rows)]
    return [
        ("number of rows", total.rows, counted.rows),
        ("number of seconds", _stated_seconds(total), counted.seconds),
        ("amount, in minor units,", _stated_minor(total), counted.amount),
    ]


def _stated_seconds(total: ControlTotal) -> object:
    if total.hours is None:
        return None
    seconds = whole_seconds(total.hours, "hours")
    return f"{total.hours} hours" if seconds is None else seconds


def _stated_minor(total: ControlTotal) -> object:
    try:
        return minor_units(total.amount, currency_of(total.currency))
    except (AmountTooFine, CurrencyNotKnown):
        return f"{total.amount} {total.currency}"


def _differs(code: ProblemCode, what: str, stated: object, found: object) -> Problem:
    return Problem(
        code,
        f"The {what} is {found}, the manifest says {stated}.",
        "Compare the file with the list it was made from, and correct one of them.",
        {"stated": str(stated), "found": str(found)},
    )
