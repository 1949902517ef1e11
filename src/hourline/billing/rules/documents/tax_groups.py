"""Rule: a document sums its lines by tax category and rate.

A standard invoice shows one sum for each pair, as EN 16931 wants it; the tax of a group
is the sum of what its lines carry, so that the sums are those of the books.
"""

from collections.abc import Sequence

from hourline.billing.documents.model import DocumentLine, TaxGroup, TaxTreatment


def tax_groups(lines: Sequence[DocumentLine]) -> list[TaxGroup]:
    """Return the sums of each category and rate, the highest rate first.

    Different reasons within a group are told one after the other.
    """
    found: dict[tuple[str, int], list[DocumentLine]] = {}
    for line in lines:
        found.setdefault(_key(line.treatment), []).append(line)
    ordered = sorted(found.items(), key=lambda item: (-item[0][1], item[0][0]))
    return [_group(members) for _, members in ordered]


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
