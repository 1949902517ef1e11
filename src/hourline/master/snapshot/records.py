"""Give single records with the numbers they refer to, for work on documents."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from hourline.kernel.columns import NOTHING
from hourline.master.model import (
    Contract,
    ContractLine,
    LegalEntity,
    Person,
    Project,
    Record,
)
from hourline.master.snapshot.timelines import Span, Timeline

R_co = TypeVar("R_co", bound=Record, covariant=True)
R = TypeVar("R", bound=Record)


class RecordNotKnown(LookupError):
    """Say that no record of a kind has a number, or none that holds on a day."""


@dataclass(frozen=True, slots=True)
class InForce(Generic[R_co]):
    """Hold a record with its number, its canonical id and the change it stems from."""

    no: int
    id: str
    change_no: int
    content: R_co


@dataclass(frozen=True, slots=True)
class EntityInForce(InForce[LegalEntity]):
    """Hold a legal entity; currency is the ISO 4217 number of its books."""

    currency: int


@dataclass(frozen=True, slots=True)
class ContractInForce(InForce[Contract]):
    """Hold a contract; currency is the ISO 4217 number it is billed in."""

    entity_no: int
    customer_no: int
    currency: int


@dataclass(frozen=True, slots=True)
class LineInForce(InForce[ContractLine]):
    """Hold a contract line."""

    contract_no: int


@dataclass(frozen=True, slots=True)
class ProjectInForce(InForce[Project]):
    """Hold a project with its dimensions."""

    contract_line_no: int | None
    cost_centre_no: int | None
    service_line_no: int | None


@dataclass(frozen=True, slots=True)
class PersonInForce(InForce[Person]):
    """Hold a person with the entities that employ and provide them."""

    entity_no: int | None
    resourcing_entity_no: int | None
    cost_centre_no: int | None


def span_on(kept: Timeline[R], no: int, on: date | None) -> Span[R]:
    """Return what a record says on a day; without a day, what it says or said last.

    Raises RecordNotKnown.
    """
    dense = kept.dense_of_no.get(no, NOTHING)
    if on is None and dense in kept.withdrawn:
        return kept.withdrawn[dense]
    spans = [
        span
        for span in kept.of(dense)
        if on is None or span.effective_from <= on < span.effective_until
    ]
    if not spans:
        when = "" if on is None else f" on {on}"
        msg = f"no {kept.kind.kind} has number {no}{when}"
        raise RecordNotKnown(msg)
    return spans[-1]


def in_force(kept: Timeline[R], no: int, on: date | None) -> InForce[R]:
    """Return a record of a kind by number; raise RecordNotKnown."""
    span = span_on(kept, no, on)
    return InForce(no, kept.id_of(span), span.change_no, span.content)


def number_of(kept: Timeline[R], canonical_id: str | None) -> int | None:
    """Return the number of a canonical id, None where unknown."""
    dense = kept.find(canonical_id)
    return None if dense == NOTHING else kept.nos[dense]
