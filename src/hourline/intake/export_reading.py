"""Read rows of exports by their layout, each with the columns its own header has."""

from collections.abc import Mapping

from hourline.intake.layout import layout_of, zone_of
from hourline.intake.model import ExportReading, Unreadable
from hourline.intake.reading import decoded_row
from hourline.intake.rules.columns import Columns, columns_of, missing_columns
from hourline.intake.rules.export_rows import ExportRow, ToolClock, read_row
from hourline.kernel.problems import Problem, ProblemCode


class ExportReader:
    """Read the rows of one connection."""

    def __init__(self, reading: ExportReading) -> None:
        """Find the layout; raises LookupError where there is none of its name."""
        self._reading = reading
        self._layout = layout_of(reading)
        self._clock = ToolClock(reading, zone_of(reading))
        self._columns: dict[tuple[str, ...], Columns | None] = {}

    def columns(self, row: Mapping[str, object]) -> Columns | None:
        """Return where a row has what is read, None where it lacks columns."""
        header = tuple(row)
        if header not in self._columns:
            found = columns_of(header, self._layout, self._reading)
            self._columns[header] = found
        return self._columns[header]

    def statement(self, record: bytes) -> ExportRow | Unreadable:
        """Return what a row says, or why it is no entry."""
        row = decoded_row(record)
        if row is None:
            return _malformed("The row has another number of cells than columns.")
        columns = self.columns(row)
        if columns is None:
            names = ", ".join(missing_columns(list(row), self._layout, self._reading))
            return _malformed(
                f"The record lacks columns of {self._layout.title}: {names}."
            )
        return read_row(row, columns, self._clock)


def _malformed(sentence: str) -> Unreadable:
    problem = Problem(
        ProblemCode.RECORD_MALFORMED,
        sentence,
        "Correct the record at the source and deliver it again.",
    )
    return Unreadable(None, (problem,))
