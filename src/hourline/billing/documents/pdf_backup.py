"""Draw the backup of a document: every hour once, summed to what is billed."""

from collections.abc import Sequence

from hourline.billing.documents.page import MARGIN, PALE, Cell, Page, hours, money
from hourline.billing.rules.documents.backup import (
    BackupGroup,
    BackupRow,
    Layout,
    backup,
)

_LINE, _DATE, _PERSON, _HOURS, _NET = 11.0, 22.0, 38.0, 18.0, 27.0


def draw_backup(page: Page, layout: Layout) -> None:
    """Add the backup on pages of its own, in one of its layouts."""
    document = page.document
    groups = backup(document, layout)
    page.add_page()
    page.write_as(size=13, bold=True, colour=page.accent)
    page.put(f"Backup of {document.number} by {layout}", page.epw, high=7)
    page.set_xy(MARGIN, page.get_y() + 11)
    head = ("Line", "Date", "Person", "Work", "Hours", f"Net {document.currency.code}")

    def repeat() -> None:
        page.write_as(size=8, bold=True, colour=PALE)
        page.row(_cells(page, head), high=4.4, below=1.2)
        page.rule(colour=page.accent, wide=0.4)
        page.set_y(page.get_y() + 1.8)
        page.write_as(size=8)

    page.on_next_page = repeat  # type: ignore[method-assign] # what stands above the rows is theirs
    repeat()
    for group in groups:
        _group(page, group)
    _sum(
        page,
        f"Net of {document.number}",
        [row for group in groups for row in group.rows],
    )
    page.on_next_page = lambda: None  # type: ignore[method-assign] # rows end here


def _group(page: Page, group: BackupGroup) -> None:
    if page.room < 24:  # noqa: PLR2004 - millimetres: a title, a row and its sum
        page.turn()
    page.set_y(page.get_y() + 1.5)
    page.write_as(size=9, bold=True, colour=page.accent)
    page.put(group.title, page.epw, high=5)
    page.set_xy(MARGIN, page.get_y() + 6)
    for row in group.rows:
        page.write_as(size=8)
        page.row(_cells(page, _row(page, row)), high=4.2, below=0.8)
    _sum(page, f"Sum of {group.title}", group.rows)


def _row(page: Page, row: BackupRow) -> tuple[str, ...]:
    one = row.evidence
    work = ", ".join(part for part in (one.project, one.task) if part)
    return (
        str(row.line),
        f"{one.dated}",
        one.person,
        f"{work}: {one.note}" if one.note else work,
        hours(one.seconds) if one.seconds else "",
        money(one.net, page.document.currency),
    )


def _sum(page: Page, title: str, rows: Sequence[BackupRow]) -> None:
    page.rule()
    page.set_y(page.get_y() + 0.8)
    page.write_as(size=8, bold=True)
    seconds = sum(row.evidence.seconds for row in rows)
    net = money(sum(row.evidence.net for row in rows), page.document.currency)
    told = ("", "", "", title, hours(seconds) if seconds else "", net)
    page.row(_cells(page, told), high=4.6, below=2.4)


def _cells(page: Page, texts: Sequence[str]) -> list[Cell]:
    work = page.epw - _LINE - _DATE - _PERSON - _HOURS - _NET
    widths = (_LINE, _DATE, _PERSON, work, _HOURS, _NET)
    return [
        Cell(text, width, "L" if position < 4 else "R")  # noqa: PLR2004 - the first four columns are words
        for position, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]
