"""Say what became of the records of a delivery, one outcome each."""

from collections import Counter
from collections.abc import Iterable

from hourline.api.problems import Finding
from hourline.api.shapes import (
    Acknowledgement,
    FileAcknowledgement,
    RecordOutcome,
    RowOutcome,
)
from hourline.intake.file import Acknowledged, SourceFile
from hourline.intake.model import Received
from hourline.kernel.codes import Outcome


def acknowledge(received: Received) -> Acknowledgement:
    """Return the reply to a delivery, records in the order they came."""
    found: dict[int | None, list[Finding]] = {}
    for one in received.problems:
        found.setdefault(one.position, []).append(Finding.of(one.problem))
    outcomes = zip(received.source_ids, received.outcomes, strict=True)
    return Acknowledgement(
        delivery=received.delivery_no,
        known_before=received.known_before,
        counts=_counts(received.outcomes),
        outcomes=[
            RecordOutcome(
                position=position,
                id=source_id,
                outcome=outcome.name.lower(),
                problems=found.get(position, []),
            )
            for position, (source_id, outcome) in enumerate(outcomes)
        ],
    )


def acknowledge_file(file: SourceFile, rows: list[Acknowledged]) -> FileAcknowledgement:
    """Return the reply to a file, rows in its order."""
    return FileAcknowledgement(
        file=file.name,
        sha256=file.sha256,
        counts=_counts(row.outcome for row in rows),
        rows=[
            RowOutcome(
                line=row.line,
                id=row.source_id,
                outcome=row.outcome.name.lower(),
                problems=[Finding.of(problem) for problem in row.problems],
            )
            for row in rows
        ],
    )


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    counted = Counter(outcomes)
    return {
        outcome.name.lower(): counted[outcome]
        for outcome in Outcome
        if counted[outcome]
    }
