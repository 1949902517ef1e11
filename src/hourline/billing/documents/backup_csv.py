"""Write the backup of a document as CSV: one row for each entry, expense, milestone."""

import csv
from io import StringIO

from hourline.billing.documents.model import CustomerDocument
from hourline.billing.rules.documents.backup import Layout, backup
from hourline.billing.rules.documents.quantities import hours_of
from hourline.billing.rules.documents.said import amount, figure

COLUMNS = (
    "document",
    "group",
    "line",
    "date",
    "person",
    "project",
    "task",
    "entry",
    "note",
    "hours",
    "net",
    "currency",
)
# A spreadsheet takes a text that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def backup_csv(document: CustomerDocument, *, layout: Layout) -> bytes:
    """Return the rows in the order of a layout; their net sums to the document's.

    Hours have at most six decimals. A text that a spreadsheet would run as a formula
    gets an apostrophe before it.
    """
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for group in backup(document, layout):
        for row in group.rows:
            one = row.evidence
            texts = (one.person, one.project, one.task, one.entry, one.note)
            writer.writerow(
                (
                    document.number,
                    _plain(group.title),
                    row.line,
                    one.dated.isoformat(),
                    *(_plain(text) for text in texts),
                    figure(hours_of(one.seconds)),
                    amount(one.net, document.currency),
                    document.currency.code,
                )
            )
    return written.getvalue().encode()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
