"""Say honestly what a trial of a rulebook does not compare."""

from collections.abc import Collection, Iterator, Mapping

from hourline.master.rulebook.tables import (
    CONTRACT_CUSTOMERS,
    COST_RATES,
    EXCEPTION_ROUTES,
    FX,
    PREPAID_BLOCKS,
    TARGET_ROUTES,
    TAX,
    TIME_ROUNDING,
    VALIDATION_SEVERITY,
)

_ALWAYS = (
    "Limits, prepaid hours and retainers are not allotted again, and holds, write-offs"
    " and other reviews are not repeated: the figures are those of the decision."
)
_BY_TABLE: Mapping[str, str] = {
    COST_RATES.name: (
        "Revenue that is recognised by cost is not worked out again; the next run of"
        " recognition counts the cost that is booked by then."
    ),
    TIME_ROUNDING.name: (
        "Days of persons are rounded over the entries in force: what is invoiced keeps"
        " its time, and the day's last open entry carries the difference, if there is"
        " one. Once this is published, a day is rounded anew when another entry of it"
        " comes or one is corrected."
    ),
    PREPAID_BLOCKS.name: (
        "Prepaid hours: a block that is published is used at once by open work of its"
        " days, the oldest first; no entry is decided anew for it."
    ),
    CONTRACT_CUSTOMERS.name: (
        "Shares of customers change no entry: the next bill of what is open is split"
        " by the new ones, and what is invoiced stays split as it is."
    ),
    TAX.name: (
        "Tax is told by the rows, on the sums: an invoice rounds it by its own rule, a"
        " tax engine is not asked, and intercompany invoices are not taxed again."
    ),
    FX.name: (
        "Exchange: only what is booked at approval is translated again, no invoice,"
        " payment, intercompany invoice or revaluation."
    ),
    TARGET_ROUTES.name: (
        "Routes: nothing that was sent is sent again; what is not sent yet and what"
        " comes goes by the new ones."
    ),
    EXCEPTION_ROUTES.name: (
        "Owners: items that are open keep their owner and due time; the new ones are"
        " for what is opened later."
    ),
    VALIDATION_SEVERITY.name: (
        "Severity: what was accepted stays accepted when this is published; the counts"
        " say what would have become of it."
    ),
}


def not_compared(tables: Collection[str]) -> list[str]:
    """Return what is not compared where these tables change."""
    return [_ALWAYS, *_of_tables(tables)]


def _of_tables(tables: Collection[str]) -> Iterator[str]:
    for table, sentence in _BY_TABLE.items():
        if table in tables:
            yield sentence
