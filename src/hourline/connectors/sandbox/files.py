"""Write the time entries that travel by file into a drop folder."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from hourline.connectors.sandbox.deliveries import file_entries, json_bytes
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.wire import (
    FIELDS,
    TimeEntryObject,
    expense_object,
    time_entry_object,
)

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"
_EMPTY_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<cp:coreProperties xmlns:cp='
    '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def drop_files(firm: Firm) -> dict[str, bytes]:
    """Return a third of the entries as CSV, XLSX and JSON lines, by file name.

    The same firm gives the same bytes.
    """
    rows = [time_entry_object(entry) for entry in file_entries(firm)]
    third = len(rows) // 3
    return {
        "time-2026-10-a.csv": _csv(rows[:third]),
        "time-2026-10-b.xlsx": _xlsx(rows[third : 2 * third]),
        "time-2026-10-c.jsonl": b"".join(
            json_bytes(row) + b"\n" for row in rows[2 * third :]
        ),
    }


def write_drop_folder(firm: Firm, folder: Path) -> tuple[Path, ...]:
    """Write the files, each complete before it bears its name; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in drop_files(firm).items():
        unfinished = folder / f".{name}.part"
        unfinished.write_bytes(content)
        written.append(unfinished.rename(folder / name))
    return tuple(written)


def card_statement(firm: Firm) -> bytes:
    """Return the month's expenses paid by company cards, as CSV."""
    return _csv([expense_object(one) for one in firm.expenses.by_file])


def _csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _xlsx(rows: list[TimeEntryObject]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Time")
    sheet.append(list(FIELDS))
    for row in rows:
        sheet.append([_cell(sheet, row[name]) for name in FIELDS])
    written = io.BytesIO()
    workbook.save(written)
    return _without_clock(written.getvalue())


def _cell(sheet: WriteOnlyWorksheet, content: str | int | None) -> Cell | int | None:
    """Return a cell in which text stays text, also where it looks like a formula."""
    if not isinstance(content, str):
        return content
    cell = WriteOnlyCell(sheet, content)
    cell.data_type = "s"
    return cell


def _without_clock(archive: bytes) -> bytes:
    """Return the workbook without the moments at which it was written."""
    timeless = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(timeless, "w") as target,
    ):
        for name in source.namelist():
            content = _EMPTY_PROPERTIES if name == _PROPERTIES else source.read(name)
            part = zipfile.ZipInfo(name, _ZIP_EPOCH)
            target.writestr(part, content, zipfile.ZIP_DEFLATED)
    return timeless.getvalue()
