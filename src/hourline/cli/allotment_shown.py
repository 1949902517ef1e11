"""Say in words what of an entry became prepaid or over a limit, and by which."""

from collections.abc import Iterator

from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.quantity import spoken_hours
from hourline.proof.story import AllotmentStep


def allotted(step: AllotmentStep) -> str:
    """Return one change of an allotment: how much, by which block or limit."""
    when = f"{step.recorded_at:%Y-%m-%d %H:%M:%S} UTC"
    said = "; ".join(_parts(step)) or "the value of its parts"
    return f"{when}: {said}, by master data of change {step.change_no}"


def _parts(step: AllotmentStep) -> Iterator[str]:
    for block, seconds in zip(step.blocks, step.block_seconds, strict=True):
        yield f"{_more(step, seconds)} prepaid by block {block}"
    line, contract = f"contract line {step.contract_line}", f"contract {step.contract}"
    for quantity, limit in (
        (step.over_line_day, f"person-day limit of {line}"),
        (step.over_contract_day, f"person-day limit of {contract}"),
        (step.over_line_month, f"month limit of {line}"),
        (step.over_line_customer, f"customer limit of {line}"),
        (step.over_line, f"limit of {line}"),
        (step.over_contract_month, f"month limit of {contract}"),
        (step.over_contract_customer, f"customer limit of {contract}"),
        (step.over_contract, f"limit of {contract}"),
    ):
        if quantity:
            yield f"{_more(step, quantity)} over the {limit}"


def _more(step: AllotmentStep, quantity: int) -> str:
    size = abs(quantity)
    if step.is_expense:
        currency = currency_numbered(step.currency)
        spoken = f"{major_units(size, currency)} {currency.code}"
    else:
        spoken = spoken_hours(size)
    return f"{spoken} {'more' if quantity > 0 else 'less'}"
