"""Compare a file with its sender's manifest: name, hash, rows, control total."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from hourline.intake.model import Covers
from hourline.intake.reading import NOT_JSON
from hourline.intake.rules.quantities import whole_seconds
from hourline.kernel.problems import Problem, ProblemCode


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hold what the sender says about a file; what is not stated is not compared."""

    file: str
    sha256: str | None = None
    rows: int | None = None
    control_total_seconds: int | None = None
    control_total_hours: Decimal | None = None
    all_or_nothing: bool = False
    first_day: date | None = None
    last_day: date | None = None
    covers: Covers | None = None

    @property
    def states_total(self) -> bool:
        """Say whether there is a total to compare."""
        return (
            self.control_total_seconds is not None
            or self.control_total_hours is not None
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """Hold what was found in a file; seconds of rows that cannot be read count 0."""

    name: str
    sha256: str
    rows: int
    seconds: int


_DECODER = msgspec.json.Decoder(Manifest)


def read_manifest(content: bytes) -> Manifest | Problem:
    """Return the manifest in a JSON text."""
    try:
        return _DECODER.decode(content)
    except NOT_JSON as fault:
        return Problem(
            ProblemCode.FILE_REFUSED,
            f"The manifest cannot be read: {fault}.",
            "Write it as the reference of file formats shows, and deliver again.",
        )


def differences(manifest: Manifest, counted: Counted) -> list[Problem]:
    """Return what differs; an empty list means that the file is as it was sent."""
    hours = manifest.control_total_hours
    total = None if hours is None else whole_seconds(hours, "hours")
    sha256 = None if manifest.sha256 is None else manifest.sha256.lower()
    compared: tuple[tuple[ProblemCode, str, object, object], ...] = (
        (ProblemCode.FILE_REFUSED, "name", manifest.file, counted.name),
        (ProblemCode.FILE_REFUSED, "SHA-256", sha256, counted.sha256),
        (ProblemCode.ROW_COUNT_WRONG, "number of rows", manifest.rows, counted.rows),
        (
            ProblemCode.CONTROL_TOTAL_WRONG,
            "total of seconds",
            manifest.control_total_seconds,
            counted.seconds,
        ),
        (
            ProblemCode.CONTROL_TOTAL_WRONG,
            "total of hours, in seconds,",
            f"{hours} hours" if hours is not None and total is None else total,
            counted.seconds,
        ),
    )
    return [
        _differs(code, what, stated, found)
        for code, what, stated, found in compared
        if stated is not None and stated != found
    ]


def _differs(code: ProblemCode, what: str, stated: object, found: object) -> Problem:
    return Problem(
        code,
        f"The {what} is {found}, the manifest says {stated}.",
        "Deliver the file again together with the manifest that belongs to it.",
        {"stated": str(stated), "found": str(found)},
    )
