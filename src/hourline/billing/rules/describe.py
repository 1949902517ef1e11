"""Describe invoice lines in words that a customer can check against a timesheet."""

from decimal import Decimal

from hourline.billing.model import WHOLE_PPM, OpenItem
from hourline.kernel.quantity import spoken_hours

# What a line of a credit note says after what it credits.
CREDITED = " - credited"
# Millionths are percent with four decimals.
_PERCENT_OF_PPM = -4


def describe(item: OpenItem, *, person: str, project: str, contract_line: str) -> str:
    """Return day, person, project and hours of work, or what else it is.

    What an expense cost is not the customer's to know: it would tell the markup. One
    of several customers is told its share.
    """
    text = _described(item, person=person, project=project, contract_line=contract_line)
    if item.share_ppm == WHOLE_PPM:
        return text
    percent = Decimal(item.share_ppm).scaleb(_PERCENT_OF_PPM)
    return f"{text}, share {percent.normalize():f} %"


def _described(item: OpenItem, *, person: str, project: str, contract_line: str) -> str:
    if item.opening is not None:
        return f"{item.dated} {contract_line}, {item.opening}"
    if item.fee_from is not None:
        return f"{contract_line}, fee {item.fee_from} to {item.fee_through}"
    if item.is_retainer:
        return f"{item.dated} {contract_line}, retainer"
    if item.milestone is not None:
        return f"{item.dated} {contract_line}, milestone {item.milestone}"
    if item.units_total:
        return f"{item.dated} {person}, {project}, expense"
    return f"{item.dated} {person}, {project}, {spoken_hours(item.seconds)}"


def describe_credit(description: str, reason: str) -> str:
    """Return what a credit line says: the line it credits, and why where stated."""
    told = f"{description}{CREDITED}"
    return f"{told}: {reason}" if reason else told
