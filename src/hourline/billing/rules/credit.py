"""Credit lines of an invoice: by share to date, never beyond what was invoiced."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from hourline.billing.model import CreditedLine, CreditLine, InvoicedLine
from hourline.billing.rules.shares import share_to_date
from hourline.kernel.money import Rounding, round_fraction


def credit_everything(lines: Iterable[InvoicedLine]) -> list[CreditedLine]:
    """Return the credit of all that is left of every line."""
    return [_whole(line) for line in lines if line.live]


def credit_lines(
    lines: Sequence[InvoicedLine], requests: Iterable[CreditLine], rounding: Rounding
) -> list[CreditedLine] | CreditLine:
    """Return what the requests credit, or the first request that goes too far.

    An entry that stands on several lines is credited in their order. A request that
    names something which is not on the invoice goes too far too.
    """
    credited: dict[int, CreditedLine] = {}
    for request in requests:
        named = [line for line in lines if line.live and _names(request, line)]
        rest = [_after(line, credited.get(line.line_no)) for line in named]
        new = _credit(request, [line for line in rest if line.live], rounding)
        if new is None:
            return request
        for line in new:
            credited[line.line.line_no] = _joined(
                credited.get(line.line.line_no), line, lines
            )
    return [credited[line_no] for line_no in sorted(credited)]


def _names(request: CreditLine, line: InvoicedLine) -> bool:
    if request.entry_no is not None:
        return line.entry_no == request.entry_no
    same_line = request.contract_line_no in (None, line.contract_line_no)
    return line.milestone == request.milestone and same_line


def _after(line: InvoicedLine, credited: CreditedLine | None) -> InvoicedLine:
    if credited is None:
        return line
    return replace(
        line,
        credited_seconds=line.credited_seconds + credited.seconds,
        credited_units=line.credited_units + credited.units,
        credited_net=line.credited_net + credited.net,
    )


def _joined(
    earlier: CreditedLine | None, new: CreditedLine, lines: Sequence[InvoicedLine]
) -> CreditedLine:
    # Within one credit note a line is credited once, whatever the requests said.
    if earlier is None:
        return new
    [line] = [line for line in lines if line.line_no == new.line.line_no]
    return CreditedLine(
        line=line,
        seconds=earlier.seconds + new.seconds,
        units=earlier.units + new.units,
        net=earlier.net + new.net,
    )


def _credit(
    request: CreditLine, lines: Sequence[InvoicedLine], rounding: Rounding
) -> list[CreditedLine] | None:
    if request.seconds is not None:
        return _by_seconds(request.seconds, lines, rounding)
    if request.amount is not None:
        return _by_amount(request.amount, lines, rounding)
    return [_whole(line) for line in lines] or None


def _whole(line: InvoicedLine) -> CreditedLine:
    return CreditedLine(
        line=line, seconds=line.seconds_left, units=line.units_left, net=line.net_left
    )


def _by_seconds(
    seconds: int, lines: Sequence[InvoicedLine], rounding: Rounding
) -> list[CreditedLine] | None:
    credited = []
    for line in lines:
        taken = min(seconds, line.seconds_left)
        to_date = line.credited_seconds + taken
        net = share_to_date(line.net, to_date, line.seconds, rounding=rounding)
        if taken:
            credited.append(
                CreditedLine(line=line, seconds=taken, net=net - line.credited_net)
            )
        seconds -= taken
    return None if seconds else credited


def _by_amount(
    amount: int, lines: Sequence[InvoicedLine], rounding: Rounding
) -> list[CreditedLine] | None:
    credited = []
    for line in lines:
        taken = min(amount, line.net_left)
        if taken > 0:
            credited.append(_shares_of(line, taken, rounding))
            amount -= taken
    return None if amount else credited


def _shares_of(line: InvoicedLine, net: int, rounding: Rounding) -> CreditedLine:
    # Work is open again by the share of the line that its amount stands for.
    to_date = line.credited_net + net
    seconds, units = (
        round_fraction(Fraction(whole * to_date, line.net), rounding)
        for whole in (line.seconds, line.units)
    )
    if to_date == line.net:
        seconds, units = line.seconds, line.units
    return CreditedLine(
        line=line,
        seconds=min(max(0, seconds - line.credited_seconds), line.seconds_left),
        units=min(max(0, units - line.credited_units), line.units_left),
        net=net,
    )
