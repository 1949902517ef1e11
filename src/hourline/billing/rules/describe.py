"""Describe invoice lines in words that a customer can check against a timesheet."""

from hourline.billing.model import OpenItem
from hourline.kernel.quantity import spoken_hours


def describe(item: OpenItem, *, person: str, project: str, contract_line: str) -> str:
    """Return day, person, project and hours of work, or the name of an amount."""
    if item.opening is not None:
        return f"{item.dated} {contract_line}, {item.opening}"
    if item.milestone is not None:
        return f"{item.dated} {contract_line}, milestone {item.milestone}"
    return f"{item.dated} {person}, {project}, {spoken_hours(item.seconds)}"


def describe_credit(description: str, reason: str) -> str:
    """Return what a credit line says: the line it credits, and why where stated."""
    return (
        f"{description} - credited: {reason}" if reason else f"{description} - credited"
    )
