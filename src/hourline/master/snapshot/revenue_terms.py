"""Refuse contract lines whose revenue terms do not fit together."""

from collections.abc import Callable
from decimal import Decimal

from hourline.kernel.money import (
    AmountTooFine,
    Currency,
    CurrencyNotKnown,
    currency_of,
    minor_units,
)
from hourline.master.model import ContractLine
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.unusable import UnusableRecord

# Work or a milestone earns it, and no mere day.
EARNED_BY_EVENTS = ("percent_hours", "percent_cost", "milestone", "completed")


def refuse_unclear_revenue(kept: Catalogue) -> None:
    """Raise UnusableRecord for a line that revenue could not be worked out of."""
    for span in kept.lines.spans:
        line = span.content
        wrong = _wrong_guess(line)
        if wrong is None and line.is_deferred:
            wrong = _wrong(line) or _too_fine(kept, line)
        if wrong is not None:
            raise UnusableRecord(
                "contract_line",
                kept.lines.id_of(span),
                why=wrong,
                remedy="Correct the terms of the contract line.",
            )


def _wrong_guess(line: ContractLine) -> str | None:
    if line.recognise_at == "period_end" or line.recognition in EARNED_BY_EVENTS:
        return None
    return (
        f"recognise_at approval does not go with recognition {line.recognition}: it is"
        " for a price that is earned by work or by milestones"
    )


def _wrong(line: ContractLine) -> str | None:
    """Return what does not fit together, None where all does."""
    if line.method == "recurring":
        return _wrong_fee(line)
    if line.price is None or line.price < 0:
        return f"recognition {line.recognition} needs a price"
    check = _CHECKS.get(line.recognition)
    return None if check is None else check(line)


def _wrong_fee(line: ContractLine) -> str | None:
    if line.recognition != "as_invoiced":
        return (
            "a recurring fee is recognised by the days of its months and nothing else"
        )
    if line.amount is None or line.amount <= 0:
        return "a recurring fee needs an amount above 0"
    if line.every is None:
        return "a recurring fee needs to say every what (month)"
    return _wrong_days(line)


def _wrong_days(line: ContractLine) -> str | None:
    if line.start is None or line.end is None:
        return "it needs a start and an end, because it is recognised by days"
    if line.end < line.start:
        return f"its end {line.end} is before its start {line.start}"
    return None


def _wrong_hours(line: ContractLine) -> str | None:
    return _wrong_estimate(line.estimate_hours, "estimate_hours")


def _wrong_cost(line: ContractLine) -> str | None:
    return _wrong_estimate(line.estimate_cost, "estimate_cost")


def _wrong_estimate(estimate: Decimal | None, name: str) -> str | None:
    if estimate is None:
        return f"its revenue is a percentage of {name}, which is not stated"
    return None if estimate > 0 else f"{name} is {estimate}, not above zero"


def _wrong_completion(line: ContractLine) -> str | None:
    return None if line.milestones else "without a milestone it is never completed"


_CHECKS: dict[str, Callable[[ContractLine], str | None]] = {
    "percent_hours": _wrong_hours,
    "percent_cost": _wrong_cost,
    "straight_line": _wrong_days,
    "completed": _wrong_completion,
}


def _too_fine(kept: Catalogue, line: ContractLine) -> str | None:
    currency = _currency(kept, line)
    amount = line.amount if line.method == "recurring" else line.price
    if currency is None or amount is None:
        return None
    try:
        minor_units(amount, currency)
    except AmountTooFine as error:
        return str(error)
    return None


def _currency(kept: Catalogue, line: ContractLine) -> Currency | None:
    """Return the currency a line is billed in; None where its parties are not known."""
    contracts = kept.contracts.of(kept.contracts.find(line.contract))
    if not contracts:
        return None
    code = contracts[-1].content.currency
    if code is None:
        entities = kept.entities.of(kept.entities.find(contracts[-1].content.entity))
        code = entities[-1].content.currency if entities else None
    try:
        return None if code is None else currency_of(code)
    except CurrencyNotKnown:
        # The record that states it is refused by its own check.
        return None
