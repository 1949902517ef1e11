"""Rule: a document sums its lines by tax category and rate.

A standard invoice shows one sum for each pair, as EN 16931 wants it; the tax of a group
is the sum of what its lines carry, so that the sums are those of the books.
"""

from collections.abc import Sequence
from fractions import Fraction

from hourline.billing.documents.model import DocumentLine, TaxGroup, TaxTreatment
from hourline.kernel.money import round_fraction

_MILLION = 1_000_000


def tax_groups(lines: Sequence[DocumentLine]) -> list[TaxGroup]:
    """Return the sums of each category and rate, the highest rate first.

    Different reasons within a group are told one after the other.
    """
    found: dict[tuple[str, int], list[DocumentLine]] = {}
    for line in lines:
        found.setdefault(_key(line.treatment), []).append(line)
    ordered = sorted(found.items(), key=lambda item: (-item[0][1], item[0][0]))
    return [_group(members) for _, members in ordered]


def tax_rounding(group: TaxGroup) -> int:
    """Return by how much the tax of a group is not the tax on its sum, in minor units.

    The two differ where tax was rounded on every line, or follows what was credited
    before. Either way of rounding a half is the tax on the sum.
    """
    rate_ppm = 0 if group.treatment is None else group.treatment.rate_ppm
    exact = Fraction(group.net * rate_ppm, _MILLION)
    if 2 * abs(group.tax - exact) <= 1:
        return 0
    return group.tax - round_fraction(exact)


def _key(treatment: TaxTreatment | None) -> tuple[str, int]:
    return ("", 0) if treatment is None else (treatment.code, treatment.rate_ppm)


def _group(members: Sequence[DocumentLine]) -> TaxGroup:
    first = members[0].treatment
    treatment = first
    if first is not None:
        reasons = [
            one.treatment.reason
            for one in members
            if one.treatment is not None and one.treatment.reason
        ]
        treatment = TaxTreatment(
            rule=first.rule,
            code=first.code,
            rate_ppm=first.rate_ppm,
            reason="; ".join(dict.fromkeys(reasons)) or None,
        )
    return TaxGroup(
        treatment=treatment,
        net=sum(one.net for one in members),
        tax=sum(one.tax for one in members),
    )
