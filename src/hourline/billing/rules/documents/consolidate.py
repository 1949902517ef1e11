"""Rule: a document may gather the lines of like work; the amounts stay those booked."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction

from hourline.billing.documents.model import (
    CustomerDocument,
    DocumentLine,
    Evidence,
    Kind,
)


class Gathered(StrEnum):
    """Name what the lines of time of a document are gathered by."""

    ENTRY = "entry"
    PERSON = "person"
    TASK = "task"
    PROJECT = "project"


def gather(document: CustomerDocument, by: Gathered) -> CustomerDocument:
    """Return the document with one line for all time that is alike.

    Time of one price and one tax is gathered, never across; everything else keeps its
    line. The lines are numbered anew: time by name, the highest price first, then the
    others in their order.
    """
    if by is Gathered.ENTRY:
        return document
    groups: dict[tuple[object, ...], list[DocumentLine]] = {}
    for line in document.lines:
        groups.setdefault(_key(line, by), []).append(line)
    lines = sorted((_gathered(members, by) for members in groups.values()), key=_order)
    return replace(
        document,
        lines=tuple(
            replace(line, number=number) for number, line in enumerate(lines, start=1)
        ),
    )


def without_notes(document: CustomerDocument) -> CustomerDocument:
    """Return the document without what people noted on their time."""
    return replace(
        document,
        lines=tuple(
            replace(
                line, evidence=tuple(replace(one, note="") for one in line.evidence)
            )
            for line in document.lines
        ),
    )


def _key(line: DocumentLine, by: Gathered) -> tuple[object, ...]:
    if line.kind is not Kind.TIME or line.by_hand:
        return (line.number,)
    price = (line.rate_amount, line.rate_seconds)
    return (*_name_parts(line.evidence[0], by), price, line.treatment)


def _order(line: DocumentLine) -> tuple[bool, str, Fraction]:
    if line.kind is not Kind.TIME:
        return True, "", Fraction(0)
    return False, line.name, -Fraction(line.rate_amount, line.rate_seconds)


def _name_parts(one: Evidence, by: Gathered) -> tuple[str, ...]:
    match by:
        case Gathered.PERSON:
            return (one.person,)
        case Gathered.TASK:
            return (one.project, one.task)
        case _:
            return (one.project,)


def _gathered(members: Sequence[DocumentLine], by: Gathered) -> DocumentLine:
    first = members[0]
    if first.kind is not Kind.TIME or first.by_hand:
        return first
    name = ", ".join(part for part in _name_parts(first.evidence[0], by) if part)
    return replace(
        first,
        name=name or first.name,
        first_day=min(line.first_day for line in members),
        last_day=max(line.last_day for line in members),
        seconds=sum(line.seconds for line in members),
        net=sum(line.net for line in members),
        tax=sum(line.tax for line in members),
        evidence=tuple(one for line in members for one in line.evidence),
    )
