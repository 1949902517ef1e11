"""Read an expense: its cost, the input tax in it, its receipt and its markup."""

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
from hourline.kernel.quantity import PPM_PER_PERCENT, WHOLE_PPM


def read_expense(
    fields: Fields, source_id: str | None, revision: int | None
) -> ExpenseRecord | Unreadable:
    """Return an approved expense, or everything that is wrong with it."""
    person = fields.identifier("person", required=True)
    project = fields.identifier("project", required=True)
    activity = fields.identifier("activity", required=False)
    spent_on = fields.day("date")
    currency = _currency(fields)
    cost = _money(fields, "cost", currency)
    tax = _tax(fields, currency, cost)
    recoverable = fields.answer("recoverable")
    stated_ppm = _recoverable_ppm(fields, recoverable)
    receipt = fields.identifier("receipt", required=False)
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
        tax=tax,
        recoverable=recoverable is not False,
        recoverable_ppm=WHOLE_PPM if stated_ppm is None else stated_ppm,
        recovery_stated=recoverable is False or stated_ppm is not None,
        receipt=receipt,
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


def _money(
    fields: Fields, field: str, currency: Currency | None, *, required: bool = True
) -> int | None:
    stated = fields.number(field, required=required)
    if stated is None or currency is None:
        return None
    try:
        amount = minor_units(stated, currency)
    except AmountTooFine:
        digits = currency.decimals
        fault = f"has more decimals than {currency.code}, which has {digits}"
        fields.wrong(field, stated, fault)
        return None
    if not 0 <= amount <= EXPENSE_COST_MAX:
        fault = "is negative" if amount < 0 else "is more than an expense can cost"
        fields.wrong(field, stated, fault)
        return None
    return amount


def _tax(fields: Fields, currency: Currency | None, cost: int | None) -> int:
    """Return the input tax in the cost; a part cannot be more than the whole."""
    tax = _money(fields, "tax", currency, required=False)
    if tax is not None and cost is not None and tax > cost:
        fields.wrong("tax", tax, "in minor units is more than the cost it is part of")
    return tax or 0


def _markup_ppm(fields: Fields) -> int | None:
    stated = fields.number("markup_percent", required=False)
    ppm = (stated or Decimal(0)) * PPM_PER_PERCENT
    low, high = MARKUP_PERCENT_MIN, MARKUP_PERCENT_MAX
    if ppm != int(ppm) or not low * PPM_PER_PERCENT <= ppm <= high * PPM_PER_PERCENT:
        fault = f"is not between {low} and {high} with at most 4 decimals"
        fields.wrong("markup_percent", stated, fault)
        return None
    return int(ppm)


def _recoverable_ppm(fields: Fields, recoverable: bool | None) -> int | None:  # noqa: FBT001 - as it is stated: yes, no or nothing
    """Return how much of the tax is recovered, in millionths; None if it is unsaid."""
    stated = fields.number("recoverable_percent", required=False)
    if stated is None:
        return None
    ppm = stated * PPM_PER_PERCENT
    if not 0 <= ppm <= WHOLE_PPM or (stated * 100) % 1:
        fault = "is not from 0 to 100 with at most 2 decimals"
        fields.wrong("recoverable_percent", stated, fault)
        return WHOLE_PPM
    if recoverable is False and ppm:
        fault = "is recovered of a tax that is said not to be recoverable"
        fields.wrong("recoverable_percent", stated, fault)
    return int(ppm)
