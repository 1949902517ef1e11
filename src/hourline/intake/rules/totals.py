"""Recognise the rows of totals under an export, and compare what they state."""

from collections.abc import Mapping, Sequence

from hourline.intake.rules.columns import Columns
from hourline.intake.rules.fields import Fields
from hourline.intake.rules.spelling import fold
from hourline.kernel.problems import Problem, ProblemCode

_WORDS = frozenset(
    """
    total totals sum summe gesamt gesamtsumme insgesamt totale totaal suma somma
    итого 合計 総計 总计 합계
    """.split()
)
_SAYS_WHO_AND_WHEN = ("person", "project", "task", "date", "start_time")


def is_totals_row(row: Mapping[str, object], columns: Columns) -> bool:
    """Say whether a row names nobody, nothing and no day, but a total or a duration.

    Only at the end of a file: anywhere else it is a row that lacks everything.
    """
    cells = columns.cells(row)
    for field in _SAYS_WHO_AND_WHEN:
        said = cells.get(columns.labels.get(field, ""), "")
        if not isinstance(said, str) or not (_is_blank(said) or _is_word(said)):
            return False
    spoken = any(isinstance(cell, str) and _is_word(cell) for cell in row.values())
    return spoken or cells[columns.labels["seconds"]] != ""


def totals_problems(
    row: Mapping[str, object], columns: Columns, sums: Sequence[int]
) -> tuple[Problem, ...]:
    """Return what is wrong with a row of totals; one that states none is fine.

    `sums` are what the rows add up to, with and without those that still run.
    """
    fields = Fields(columns.cells(row), columns.reading, cells=True)
    stated = fields.total("seconds")
    if stated is None or stated in sums:
        return tuple(fields.problems)
    difference = Problem(
        ProblemCode.TOTALS_ROW_DIFFERS,
        f"The row of totals states {stated} seconds, the rows above it add up to"
        f" {sums[0]}.",
        "Compare the file with the report in the tool: a row may be missing, doubled or"
        " unreadable. The rows that could be taken are in.",
        {"stated": str(stated), "found": str(sums[0])},
    )
    return (difference,)


def _is_blank(text: str) -> bool:
    return not text.strip()


def _is_word(text: str) -> bool:
    said = fold(text).rstrip(":")
    return said in _WORDS or said in {"grand total", "total hours"}
