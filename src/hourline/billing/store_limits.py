"""Read what stands on invoices by day, for limits of months and of persons' days."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from hourline.billing.model_allotted import InvoicedDay
from hourline.billing.store import CODES, QUERIES
from hourline.infra.database import Session
from hourline.kernel.quantity import PRICE_SCALE

_LONGEST_MONTH = timedelta(days=31)


def read_days_taken(
    session: Session, contract_no: int, dated: Iterable[date]
) -> list[InvoicedDay]:
    """Return what has room under limits of the months that work is dated in."""
    days = sorted(dated)
    if not days:
        return []
    first = days[0].replace(day=1)
    last = min(days[-1], date.max - _LONGEST_MONTH) + _LONGEST_MONTH
    return _days(session, "days_taken", contract_no, (first, last))


def read_all_days_taken(session: Session, contract_no: int) -> list[InvoicedDay]:
    """Return what has room under limits of any month and day."""
    return _days(session, "days_taken", contract_no, (date.min, date.max))


def read_days_invoiced(session: Session, contract_no: int) -> list[InvoicedDay]:
    """Return what was invoiced less credits of each line, person and day."""
    return _days(session, "days_invoiced", contract_no, (date.min, date.max))


def _days(
    session: Session, query: str, contract_no: int, span: tuple[date, date]
) -> list[InvoicedDay]:
    found = session.tuples(
        QUERIES[query], contract_no=contract_no, first=span[0], last=span[1], **CODES
    )
    days = []
    for line_no, person_no, dated, is_expense, *price, seconds, units, by_hand in found:
        worth = Fraction(seconds) * Fraction(price[0], price[1] * PRICE_SCALE)
        days.append(
            InvoicedDay(
                contract_line_no=line_no,
                person_no=person_no,
                dated=dated,
                seconds=Fraction(seconds),
                worth=Fraction(0) if is_expense else worth + by_hand,
                expenses=Fraction(units) + by_hand if is_expense else Fraction(0),
            )
        )
    return days
