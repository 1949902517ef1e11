"""Know which parts of the format Hourline cannot do yet, and refuse them by name."""

from collections.abc import Iterator, Mapping, Sequence

from hourline.scenarios.format.expectations import Expect
from hourline.scenarios.format.given import (
    ContractRow,
    Given,
    IntercompanyRow,
    LineRow,
    PrepaidRow,
)
from hourline.scenarios.format.refusal import NotSupportedYet
from hourline.scenarios.format.steps import (
    Action,
    Estimate,
    IntercompanyInvoice,
    Recognise,
    SetMaster,
)

_ACTIONS: Mapping[type, str] = {
    Recognise: "revenue recognition (recognise)",
    Estimate: "estimates at completion (estimate)",
    IntercompanyInvoice: "intercompany invoices (intercompany_invoice)",
}
_TRANSFER_PRICES = "transfer prices (intercompany)"
_PREPAID = "prepaid hours (prepaid)"


def refuse_unsupported(given: Given, steps: Sequence[Action | Expect]) -> None:
    """Raise NotSupportedYet with everything the scenario uses that is not there yet."""
    missing = [*_in_given(given)]
    for step in steps:
        missing.extend(_in_step(step))
    if missing:
        raise NotSupportedYet(", ".join(dict.fromkeys(missing)))


def _in_given(given: Given) -> Iterator[str]:
    if given.intercompany:
        yield _TRANSFER_PRICES
    if given.prepaid:
        yield _PREPAID
    for contract in given.contracts:
        yield from _in_contract(contract)


def _in_contract(contract: ContractRow) -> Iterator[str]:
    if contract.customers:
        yield "several customers (customers)"
    if contract.limit is not None:
        yield "limits (limit)"
    for line in contract.lines:
        yield from _in_line(line)


def _in_line(line: LineRow) -> Iterator[str]:
    if line.limit is not None:
        yield "limits (limit)"
    if line.method in {"retainer", "recurring"}:
        yield f"contract lines of method {line.method}"
    if line.recognition != "as_invoiced":
        yield f"recognition {line.recognition}"


def _in_step(step: Action | Expect) -> Iterator[str]:
    match step:
        case SetMaster(row=IntercompanyRow()):
            yield _TRANSFER_PRICES
        case SetMaster(row=PrepaidRow()):
            yield _PREPAID
        case SetMaster(row=ContractRow() as contract):
            yield from _in_contract(contract)
        case _ if type(step) in _ACTIONS:
            yield _ACTIONS[type(step)]
        case _:
            pass  # everything else is supported
