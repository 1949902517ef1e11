"""Credit tax so that it follows the net credited to date, to the last cent."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hourline.billing.model import CreditedLine, InvoicedLine
from hourline.billing.rules.shares import split
from hourline.billing.rules.tax import TaxRounding, exact_tax
from hourline.kernel.money import Rounding, round_fraction


def with_taxes(
    credited: Sequence[CreditedLine],
    lines: Sequence[InvoicedLine],
    *,
    policy: TaxRounding,
    rounding: Rounding,
) -> list[CreditedLine]:
    """Return the credited lines with their tax; `lines` are all of the invoice.

    Tax credited to date is the rounded tax on the net credited to date: per rate of
    the invoice under `per_invoice`, per line under `per_line`. It stays within what
    was invoiced, and the last credit takes the remainder. A retainer is credited apart.
    """
    taxes: dict[int, int] = {}
    for group in _groups(credited, policy):
        numbers = {line.line.line_no for line in group}
        rate_ppm = group[0].line.tax_rate_ppm
        members = [
            line
            for line in lines
            if line.line_no in numbers
            or (
                policy == "per_invoice"
                and not group[0].line.is_retainer
                and not line.is_retainer
                and line.tax_rate_ppm == rate_ppm
            )
        ]
        tax = _group_tax(group, members, rounding)
        parts = _parts(tax, group)
        taxes |= {
            line.line.line_no: part for line, part in zip(group, parts, strict=True)
        }
    return [replace(line, tax=taxes[line.line.line_no]) for line in credited]


def _groups(
    credited: Sequence[CreditedLine], policy: TaxRounding
) -> list[list[CreditedLine]]:
    groups: dict[tuple[int, int], list[CreditedLine]] = {}
    for line in credited:
        of = line.line
        alone = policy == "per_line" or of.is_retainer
        key = (of.tax_rate_ppm, of.line_no if alone else 0)
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def _group_tax(
    group: Sequence[CreditedLine], members: Sequence[InvoicedLine], rounding: Rounding
) -> int:
    # Of a retainer's tax, what later invoices drew is not there to credit.
    invoiced = sum(line.tax - line.tax_drawn for line in members)
    earlier = sum(line.credited_tax for line in members)
    net = sum(line.credited_net for line in members) + sum(line.net for line in group)
    if net == sum(line.net - line.net_drawn for line in members):
        return invoiced - earlier
    to_date = round_fraction(exact_tax(net, members[0].tax_rate_ppm), rounding)
    low, high = min(0, invoiced), max(0, invoiced)
    return min(max(to_date, low), high) - earlier


def _parts(tax: int, group: Sequence[CreditedLine]) -> list[int]:
    net = sum(line.net for line in group)
    if net == 0:
        return [tax] + [0] * (len(group) - 1)
    return split(tax, [Fraction(tax * line.net, net) for line in group])
