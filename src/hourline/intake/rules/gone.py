"""Find the entries that a file should have held and does not: deleted at the tool.

Only what the file covers is looked at. A row that could not be read, or still runs,
stands for every entry of its key: it may be any of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from hourline.intake.model import Covers
from hourline.intake.rules.hours import hours_text
from hourline.intake.rules.spelling import fold
from hourline.kernel.problems import Problem, ProblemCode

_NAMED_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Say which days a file covers, and what it leaves out of them at most.

    `covers` is None where nobody said: it may leave out anything.
    """

    first_day: date
    last_day: date
    covers: Covers | None


@dataclass(frozen=True, slots=True)
class StandingEntry:
    """Hold an entry in force that came by exports."""

    entry_no: int
    source_id: str
    key_hash: bytes
    person: str
    project: str
    worked_on: date
    seconds: int


def gone_entries(
    standing: Sequence[StandingEntry],
    *,
    covers: Covers | None,
    pairs: Collection[tuple[str, str]],
    doubtful: Collection[bytes],
) -> list[StandingEntry]:
    """Return those of the entries in force that the file does not hold any more.

    `standing` are entries of the covered days that no row of the file spoke of. Where
    the file may be filtered, only pairs of person and project that it holds count.
    """
    return [
        one
        for one in standing
        if one.key_hash not in doubtful
        and (covers == "everything" or (fold(one.person), fold(one.project)) in pairs)
    ]


def reason_to_keep(covers: Covers | None, *, unreadable: int) -> str | None:
    """Return why gone entries must not be recalled, None where they may."""
    if covers is None:
        return (
            "Nobody said what the export leaves out, so they may only be filtered away."
        )
    if unreadable:
        rows = "1 row" if unreadable == 1 else f"{unreadable} rows"
        return f"{rows} of the file could not be read, and may be what is missing."
    return None


def gone_problem(
    gone: Sequence[StandingEntry], coverage: Coverage, *, kept_because: str | None
) -> Problem:
    """Return what a person must decide about entries a file does not hold any more."""
    named = [
        f"{one.person}, {one.project}, {one.worked_on}, {hours_text(one.seconds)} h"
        for one in gone[:_NAMED_MAX]
    ]
    if len(gone) > _NAMED_MAX:
        named.append(f"and {len(gone) - _NAMED_MAX} more")
    count = "1 entry" if len(gone) == 1 else f"{len(gone)} entries"
    total = hours_text(sum(one.seconds for one in gone))
    why = "" if kept_because is None else f" They were not recalled: {kept_because}"
    return Problem(
        ProblemCode.ROWS_GONE,
        f"The export of {coverage.first_day} to {coverage.last_day} lacks {count} in"
        f" force, {total} h: {'; '.join(named)}.{why}",
        "If they were deleted or moved at the tool, deliver the file again and let it"
        " recall what is gone; if a filter left them out, export without it.",
        {
            "first_day": str(coverage.first_day),
            "last_day": str(coverage.last_day),
            "entries": " ".join(str(one.entry_no) for one in gone),
        },
    )
