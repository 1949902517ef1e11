"""Publish a change of master data: as it is, or as the rows that it stands for."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.money import Currency, CurrencyNotKnown, currency_of
from hourline.master.rules.escalation import (
    YEAR,
    NoEscalation,
    escalated,
    goes_on_escalating,
)

_FIELDS = ("escalation_percent", "escalation_every")


def published(change: MasterChange) -> list[MasterChange]:
    """Return what is recorded for a change: itself, or a row for each year.

    Raises NoEscalation where its fields do not say how a bill rate escalates.
    """
    stated = {name: change.fields.get(name) for name in _FIELDS}
    fields = {name: what for name, what in change.fields.items() if name not in _FIELDS}
    if change.kind != "bill_rate" or len(fields) == len(change.fields):
        return [change]
    percent, every = stated.values()
    if percent is None and every is None:
        return [replace(change, fields=fields)]
    if percent is None or every not in {None, YEAR}:
        raise NoEscalation("a rate escalates by escalation_percent every year")
    rates = escalated(
        _figure(fields.get("rate")),
        _figure(percent),
        (change.effective_from, change.effective_until),
        _currency(fields.get("currency")),
    )
    return [
        replace(
            change,
            fields={**fields, "rate": one.rate, **_said(percent, year)},
            effective_from=one.starts,
            effective_until=one.ends,
        )
        for year, one in enumerate(rates)
    ]


def _said(percent: object, year: int) -> dict[str, object]:
    """Return what the row of a year says of its escalation: that it goes on, or not."""
    goes_on = goes_on_escalating(year)
    values = (percent, YEAR) if goes_on else (None, None)
    return dict(zip(_FIELDS, values, strict=True))


def _figure(stated: object) -> Decimal:
    try:
        figure = Decimal(str(stated))
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise NoEscalation(f"{stated!r} is no decimal number to escalate a rate by")
    return figure


def _currency(stated: object) -> Currency:
    try:
        return currency_of(str(stated))
    except CurrencyNotKnown as error:
        raise NoEscalation(str(error)) from None
