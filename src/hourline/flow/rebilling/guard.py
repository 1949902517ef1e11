"""Say which invoices are credited by approval only, and who may approve."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hourline.flow.soft_closed import right_missing
from hourline.flow.transactions import now
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.intake.rules.keeping import GuardedOf
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot, has_right

QUERIES = load_queries(__package__)
RIGHT = "approve_credits"


def guarding(session: Session, snapshot: Snapshot) -> GuardedOf | None:
    """Return what finds the entries on guarded invoices; None where none are guarded.

    An entry is on them, too, by a part of it that is on another contract.
    """
    entity_nos = asking_entities(snapshot)
    if not entity_nos:
        return None

    def guarded(entry_nos: Sequence[int]) -> Collection[int]:
        found = standing_on_invoices(session, entry_nos, entity_nos)
        return {one.of_entry_no for one in found}

    return guarded


@dataclass(frozen=True, slots=True)
class OnInvoice:
    """Name a revision that stands on invoices, of an entry or of a part of one.

    The contract is that of the first invoice.
    """

    of_entry_no: int
    entry_no: int
    revision: int
    contract_no: int


def standing_on_invoices(
    session: Session, entry_nos: Sequence[int], entity_nos: Sequence[int]
) -> list[OnInvoice]:
    """Return what of entries and of their parts stands on invoices of entities."""
    if not entry_nos:
        return []
    rows = session.tuples(
        QUERIES["standing_on_invoices"],
        entry_nos=list(entry_nos),
        entity_nos=list(entity_nos),
    )
    return [OnInvoice(*row) for row in rows]


def asks_for_credits(snapshot: Snapshot, entity_no: int) -> bool:
    """Say whether credits of an entity's invoices wait for approval."""
    return snapshot.entity(entity_no).content.credit_approval


def may_not_approve(
    snapshot: Snapshot, entity_no: int, approver: str
) -> Problem | None:
    """Return the problem `right_missing` where somebody may not approve a credit.

    An entity that does not ask for approvals asks for no right either.
    """
    if not asks_for_credits(snapshot, entity_no):
        return None
    entity = snapshot.entity(entity_no).id
    if has_right(snapshot, RIGHT, user=approver, entity=entity, on=now().date()):
        return None
    return right_missing(approver, RIGHT, entity)


def asking_entities(snapshot: Snapshot) -> list[int]:
    """Return the entities whose invoices are credited by approval only."""
    entities = snapshot.catalogue.entities
    if not any(span.content.credit_approval for span in entities.spans):
        return []
    return [no for no in entities.nos if asks_for_credits(snapshot, no)]
