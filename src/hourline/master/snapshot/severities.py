"""Hold which broken validations are accepted with a warning, by contracting entity."""

from dataclasses import dataclass

import numpy as np

from hourline.kernel.columns import NOTHING, Flags, Ints, ints
from hourline.kernel.effective import Effective, SpansOverlap, day_number, effective
from hourline.kernel.problems import ProblemCode
from hourline.master.model import LegalEntity, ValidationSeverity
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# Only work that can still be priced, taxed and booked as it is.
CAN_BE_ACCEPTED = (
    ProblemCode.PROJECT_CLOSED,
    ProblemCode.NOT_ASSIGNED,
    ProblemCode.ACTIVITY_NOT_ALLOWED,
    ProblemCode.DIMENSION_MISSING,
)
_ERROR, _WARNING = 0, 1


@dataclass(frozen=True, slots=True)
class Severities:
    """Find whether a broken validation is a warning.

    `by_code` has, for each code with rows, the severity by entity; the key after the
    last entity stands for rows of every entity.
    """

    by_code: dict[ProblemCode, Effective]
    entities: int

    def warns(self, code: ProblemCode, entities: Ints, days: Ints) -> Flags:
        """Say which of the entries, by contracting entity and day, are accepted."""
        rows = self.by_code.get(code)
        if rows is None:
            return np.zeros(len(entities), dtype=np.bool_)
        own = rows.at(np.where(entities == NOTHING, self.entities, entities), days)
        every = rows.at(np.full_like(entities, self.entities), days)
        warned: Flags = np.where(own == NOTHING, every, own) == _WARNING
        return warned


def severities_of(
    rows: Timeline[ValidationSeverity], entities: Timeline[LegalEntity]
) -> Severities:
    """Return the severities; raise UnusableRecord for a code nothing can accept."""
    by_code: dict[ProblemCode, list[Span[ValidationSeverity]]] = {}
    for span in rows.spans:
        code = span.content.code
        if code not in CAN_BE_ACCEPTED and span.content.severity == "warning":
            raise UnusableRecord(
                "validation_severity",
                rows.id_of(span),
                why=f"what is refused as {code} cannot be accepted",
                remedy=f"Only these can be a warning: {', '.join(CAN_BE_ACCEPTED)}.",
            )
        by_code.setdefault(code, []).append(span)
    return Severities(
        {code: _laid_out(rows, spans, entities) for code, spans in by_code.items()},
        len(entities.ids),
    )


def _laid_out(
    rows: Timeline[ValidationSeverity],
    spans: list[Span[ValidationSeverity]],
    entities: Timeline[LegalEntity],
) -> Effective:
    every = len(entities.ids)
    keyed = [
        (every if span.content.entity is None else entities.find(span.content.entity))
        for span in spans
    ]
    known = [place for place, key in enumerate(keyed) if key != NOTHING]
    spans = [spans[place] for place in known]
    severity = [
        _WARNING if span.content.severity == "warning" else _ERROR for span in spans
    ]
    try:
        return effective(
            ints([keyed[place] for place in known]),
            (
                ints([day_number(span.effective_from) for span in spans]),
                ints([day_number(span.effective_until) for span in spans]),
            ),
            ints(severity),
            key_count=every + 1,
        )
    except SpansOverlap as clash:
        first, second = spans[clash.first], spans[clash.second]
        raise UnusableRecord(
            "validation_severity",
            rows.id_of(second),
            why=f"it is for the same cases on the same days as {rows.id_of(first)}",
            remedy="End one of them before the other begins, or delete it.",
        ) from None
