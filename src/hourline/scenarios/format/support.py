"""Know which parts of the format Hourline cannot do yet, and refuse them by name."""

from collections.abc import Iterator, Mapping, Sequence

from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.given import (
    Given,
    IntercompanyRow,
)
from hourline.scenarios.format.refusal import NotSupportedYet
from hourline.scenarios.format.steps import (
    Action,
    IntercompanyInvoice,
    SetMaster,
)

_ACTIONS: Mapping[type, str] = {
    IntercompanyInvoice: "intercompany invoices (intercompany_invoice)",
}
_TRANSFER_PRICES = "transfer prices (intercompany)"


def refuse_unsupported(given: Given, steps: Sequence[Action | Expect]) -> None:
    """Raise NotSupportedYet with everything the scenario uses that is not there yet."""
    missing = [*_in_given(given)]
    for step in steps:
        missing.extend(_in_step(step))
    if missing:
        raise NotSupportedYet(", ".join(dict.fromkeys(missing)))


def _in_given(given: Given) -> Iterator[str]:
    if given.time_rounding:
        yield "time rounding (time_rounding)"
    if given.intercompany:
        yield _TRANSFER_PRICES


def _in_step(step: Action | Expect) -> Iterator[str]:
    match step:
        case SetMaster(row=IntercompanyRow()):
            yield _TRANSFER_PRICES
        case _ if type(step) in _ACTIONS:
            yield _ACTIONS[type(step)]
        case _:
            pass  # everything else is supported
