"""Find what a recurring fee is for a whole month, as its versions say."""

from datetime import date
from decimal import Decimal

from hourline.master.snapshot.records import LineInForce, RecordNotKnown
from hourline.master.snapshot.view import Snapshot


def fee_on(snapshot: Snapshot, line: LineInForce, day: date) -> Decimal:
    """Return the fee of a month that begins on a day, in major units.

    The version in force that day says it, else the one recorded last: a version from
    July on raises the fee of July, not that of June.
    """
    try:
        found = snapshot.contract_line(line.no, on=day).content.amount
    except RecordNotKnown:
        found = None
    return found or line.content.amount or Decimal(0)
