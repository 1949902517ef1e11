"""Rule: work is taxed on its day, a milestone on its, a fee on its month's last day."""

from datetime import date

from hourline.billing.model import OpenItem
from hourline.kernel.fee_months import FeeMonth


def tax_point(item: OpenItem) -> date:
    """Return the day whose tax rate holds for an item."""
    if item.fee_from is None or item.fee_through is None:
        return item.dated
    return FeeMonth(item.fee_from, item.fee_through).tax_point
