"""Accrue credited work again, at exactly what its invoice had taken back."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from hourline.billing.model import WHOLE_PPM, CreditedLine
from hourline.kernel.money import Rounding


def accrue_again(
    credited: Iterable[CreditedLine], rounding: Rounding
) -> list[CreditedLine]:
    """Return the credited lines with what they accrue again, at the accrual's rate.

    Lines of one portion or milestone lower what is billed of it one after the other;
    what was given up of it stays given up.
    """
    settled: dict[tuple[int | str | None, ...], Fraction | int] = {}
    lines = []
    for credit in credited:
        of = credit.line
        portion = (of.entry_no, of.part, of.contract_line_no, of.milestone)
        settled_before, _ = of.settled
        before = settled.get(portion, settled_before)
        work = Fraction((credit.seconds + credit.units) * of.share_ppm, WHOLE_PPM)
        after = settled[portion] = before - (credit.net if of.milestone else work)
        # What is accrued again is what billing so much once more would reverse.
        again, again_entity = of.accrual.reversed_between(after, before, rounding)
        lines.append(
            replace(credit, accrued_again=again, accrued_again_entity=again_entity)
        )
    return lines
