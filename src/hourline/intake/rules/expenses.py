"""Read an expense: what it cost in which currency, and what the customer pays more."""

from datetime import date
from decimal import Decimal
from typing import cast

from hourline.intake.model import (
    EXPENSE_COST_MAX,
    MARKUP_PERCENT_MAX,
    MARKUP_PERCENT_MIN,
    ExpenseRecord,
    Unreadable,
)
from hourline.intake.rules.fields import Fields
from hourline.kernel.money import (
    AmountTooFine,
    Currency,
    CurrencyNotKnown,
    currency_of,
    minor_units,
)
from hourline.kernel.quantity import PPM_PER_PERCENT


def read_expense(
    fields: Fields, source_id: str | None, revision: int | None
) -> ExpenseRecord | Unreadable:
    """Return an approved expense, or everything that is wrong with it."""
    person = fields.identifier("person", required=True)
    project = fields.identifier("project", required=True)
    activity = fields.identifier("activity", required=False)
    spent_on = fields.day("date")
    currency = _currency(fields)
    cost = _cost(fields, currency)
    markup_ppm = _markup_ppm(fields)
    note = fields.text("note")
    approved_at = fields.instant("approved_at")
    updated_at = fields.instant("updated_at")
    if fields.problems:
        return Unreadable(source_id, tuple(fields.problems))
    # Each of these is None only together with a problem.
    return ExpenseRecord(
        id=cast("str", source_id),
        status="approved",
        person=cast("str", person),
        project=cast("str", project),
        date=cast("date", spent_on),
        seconds=0,
        kind="expense",
        revision=revision,
        activity=activity,
        note=note,
        approved_at=approved_at,
        updated_at=updated_at,
        cost=cast("int", cost),
        currency=cast("Currency", currency).number,
        markup_ppm=cast("int", markup_ppm),
    )


def _currency(fields: Fields) -> Currency | None:
    code = fields.identifier("currency", required=True)
    if code is None:
        return None
    try:
        return currency_of(code)
    except CurrencyNotKnown:
        fields.wrong("currency", code, "is no currency of ISO 4217")
        return None


def _cost(fields: Fields, currency: Currency | None) -> int | None:
    stated = fields.number("cost", required=True)
    if stated is None or currency is None:
        return None
    try:
        cost = minor_units(stated, currency)
    except AmountTooFine:
        digits = currency.decimals
        fault = f"has more decimals than {currency.code}, which has {digits}"
        fields.wrong("cost", stated, fault)
        return None
    if not 0 <= cost <= EXPENSE_COST_MAX:
        fault = "is negative" if cost < 0 else "is more than an expense can cost"
        fields.wrong("cost", stated, fault)
        return None
    return cost


def _markup_ppm(fields: Fields) -> int | None:
    stated = fields.number("markup_percent", required=False)
    ppm = (stated or Decimal(0)) * PPM_PER_PERCENT
    low, high = MARKUP_PERCENT_MIN, MARKUP_PERCENT_MAX
    if ppm != int(ppm) or not low * PPM_PER_PERCENT <= ppm <= high * PPM_PER_PERCENT:
        fault = f"is not between {low} and {high} with at most 4 decimals"
        fields.wrong("markup_percent", stated, fault)
        return None
    return int(ppm)
