"""Refuse another legal entity or currency for what is booked under the old one.

A contract is billed, recognised and reversed in the books and the currency that it
names now, whatever it named when its work was accrued; and amounts in an entity's books
say no currency of their own when they are added up. So both stay once they count.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hourline.billing import service as billing
from hourline.billing.store_standing import (
    StandingOfContract,
    read_standing_of_contracts,
    read_standing_of_entities,
)
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.transactions import snapshot_of
from hourline.infra.database import Session
from hourline.kernel.codes import BillingMethod, Role
from hourline.kernel.columns import NOTHING
from hourline.kernel.money import currency_numbered
from hourline.master.model import Contract, ContractLine, LegalEntity
from hourline.master.snapshot import Snapshot, UnusableRecord

_CONCERNED = (Contract.kind, ContractLine.kind, LegalEntity.kind)


@dataclass(frozen=True, slots=True)
class Books:
    """Hold whose books a record counts in, and in which currency."""

    entity: str
    currency: str


class BookedElsewhere(UnusableRecord):
    """Say why a record cannot name other books; `names` are its ids in any system.

    `further` are the others that the same changes would have moved.
    """

    def __init__(
        self, snapshot: Snapshot, record: tuple[str, int], *, why: str, remedy: str
    ) -> None:
        kind, no = record
        known = snapshot.record(kind, no).id
        super().__init__(kind, known, why=why, remedy=remedy)
        dense = snapshot.catalogue.of_kind(kind).dense_of_no[no]
        self.names = {known} | {
            source_id
            for (_, of_kind), ids in snapshot.sources.items()
            if of_kind == kind
            for source_id, found in ids.items()
            if found == dense
        }
        self.further: Sequence[BookedElsewhere] = ()


def stop_at(found: Sequence[BookedElsewhere]) -> None:
    """Raise the first of what was found, with the others; nothing where none was."""
    if found:
        found[0].further = found[1:]
        raise found[0]


def books_so_far(session: Session, changes: Iterable[MasterChange]) -> Snapshot | None:
    """Return the master data before changes that may name other books.

    None where no change can, or where nothing could be decided with what there is.
    """
    if not any(change.kind in _CONCERNED for change in changes):
        return None
    try:
        return snapshot_of(session)
    except UnusableRecord:
        return None


def refuse_other_books(
    session: Session, before: Snapshot | None, after: Snapshot
) -> None:
    """Raise BookedElsewhere for other books of what is booked, or for two at a time.

    Waits for whatever works with the master data as it was, where books differ.
    """
    if before is None:
        return
    entities = _changed_entities(before, after)
    contracts = _changed_contracts(before, after, entities)
    found = list(_in_two(after, entities, contracts))
    # What is new has nothing that stands.
    entities = [no for no in entities if no in before.catalogue.entities.dense_of_no]
    contracts = [no for no in contracts if no in before.catalogue.contracts.dense_of_no]
    if entities or contracts:
        billing.lock_terms_to_change(session)
        billing.lock_contracts(session, contracts)
        found += _booked_entities(session, entities, after)
        found += _booked_contracts(session, contracts, (before, after))
    stop_at(found)


def _changed_entities(before: Snapshot, after: Snapshot) -> list[int]:
    kept = after.catalogue.entities
    touched = {
        kept.nos[span.dense] for span in kept.spans if span.change_no > before.change_no
    }
    return sorted(
        no for no in touched if _currencies(before, no) != _currencies(after, no)
    )


def _changed_contracts(
    before: Snapshot, after: Snapshot, entities: Collection[int]
) -> list[int]:
    kept = after.catalogue.contracts
    theirs = {after.entity(no).id for no in entities}
    touched = {
        kept.nos[span.dense]
        for span in kept.spans
        if span.change_no > before.change_no or span.content.entity in theirs
    }
    return sorted(no for no in touched if books_of(before, no) != books_of(after, no))


def _currencies(snapshot: Snapshot, entity_no: int) -> list[str]:
    """Return what an entity's books are kept in, one after the other."""
    kept = snapshot.catalogue.entities
    spans = kept.of(kept.dense_of_no.get(entity_no, NOTHING))
    return [
        currency for currency, _ in groupby(span.content.currency for span in spans)
    ]


def books_of(snapshot: Snapshot, contract_no: int) -> list[Books]:
    """Return the books a contract counts in, one after the other."""
    kept = snapshot.catalogue.contracts
    spans = kept.of(kept.dense_of_no.get(contract_no, NOTHING))
    stated = [_stated(snapshot, span.content) for span in spans]
    return [books for books, _ in groupby(stated)]


def _stated(snapshot: Snapshot, contract: Contract) -> Books:
    entity_no = snapshot.number(LegalEntity.kind, contract.entity)
    if contract.currency is not None or entity_no is None:
        return Books(contract.entity, contract.currency or "")
    return Books(contract.entity, snapshot.entity(entity_no).content.currency)


def _in_two(
    after: Snapshot, entity_nos: Iterable[int], contract_nos: Iterable[int]
) -> Iterator[BookedElsewhere]:
    """Yield what changes its books on a day: work of both sides is billed as one."""
    for no in entity_nos:
        currencies = _currencies(after, no)
        if len(currencies) > 1:
            yield _two_at_a_time(after, (LegalEntity.kind, no), currencies)
    for no in contract_nos:
        named = [f"{one.entity} in {one.currency}" for one in books_of(after, no)]
        if len(named) > 1:
            yield _two_at_a_time(after, (Contract.kind, no), named)


def _booked_entities(
    session: Session, entity_nos: Collection[int], after: Snapshot
) -> Iterator[BookedElsewhere]:
    for one in read_standing_of_entities(session, entity_nos):
        entity = after.entity(one.entity_no)
        if one.currency != entity.currency:
            was = currency_numbered(one.currency).code
            bookings = "1 booking" if one.count == 1 else f"{one.count} bookings"
            yield BookedElsewhere(
                after,
                (LegalEntity.kind, one.entity_no),
                why=f"its currency cannot become {entity.content.currency}, since its"
                f" books are kept in {was}: they have {bookings}, of {one.first_on} to"
                f" {one.last_on}",
                remedy=f"Leave its currency {was}. Make a legal entity of its own that"
                f" keeps its books in {entity.content.currency}, with contracts and"
                " projects for what comes next, and take over there what is open.",
            )


def _booked_contracts(
    session: Session, contract_nos: Collection[int], both: tuple[Snapshot, Snapshot]
) -> Iterator[BookedElsewhere]:
    after = both[1]
    standing = read_standing_of_contracts(session, contract_nos, cost_lines(after))
    for contract_no, found in groupby(standing, key=lambda one: one.contract_no):
        rows = [(_standing_in(both, one), one) for one in found]
        now = books_of(after, contract_no)[-1]
        other = [(books, one) for books, one in rows if books != now]
        if other:
            yield _booked(after, contract_no, other)


def cost_lines(snapshot: Snapshot) -> list[int]:
    """Return the contract lines whose revenue may follow what their work costs."""
    return snapshot.lines_billed_by(BillingMethod.FIXED_PRICE)


def _standing_in(
    both: tuple[Snapshot, Snapshot], standing: StandingOfContract
) -> Books:
    before, after = both
    if standing.entity_no is None:
        # No documents yet: it was to be billed by the entity that the contract had.
        so_far = books_of(before, standing.contract_no) or books_of(
            after, standing.contract_no
        )
        entity = so_far[-1].entity
    else:
        entity = after.entity(standing.entity_no).id
    return Books(entity, currency_numbered(standing.currency).code)


def _booked(
    after: Snapshot,
    contract_no: int,
    standing: Sequence[tuple[Books, StandingOfContract]],
) -> BookedElsewhere:
    was, now = standing[0][0], books_of(after, contract_no)[-1]
    there_too = [one for books, one in standing if books == was]
    there_too.sort(key=lambda one: _KINDS.index(one.kind))
    *most, last = [_spoken(one) for one in there_too]
    there = " and ".join([", ".join(most), last] if most else [last])
    what, new, old = (
        ("legal entity", now.entity, was.entity)
        if was.entity != now.entity
        else ("currency", now.currency, was.currency)
    )
    return BookedElsewhere(
        after,
        (Contract.kind, contract_no),
        why=f"its {what} cannot become {new}, since under {was.entity} in"
        f" {was.currency} stand {there}",
        remedy=f"Leave its {what} {old} and bill what is open. Make a contract of its"
        f" own for {new}, with contract lines and projects for what comes next. Only"
        " where its invoices are credited, and its work is recalled or written off,"
        " can it change.",
    )


def _spoken(one: StandingOfContract) -> str:
    if one.kind == "balance":
        roles = ", ".join(Role(role).name.lower() for role in one.roles or [])
        return f"balances of {roles}"
    singular, plural = _WORDS[one.kind]
    return f"{one.count} {singular if one.count == 1 else plural}"


_WORDS = {
    "work": ("entry of approved work", "entries of approved work"),
    "invoice": (
        "invoice not credited in full",
        "invoices not credited in full",
    ),
    "amount": (
        "milestone, retainer or fee to bill",
        "milestones, retainers or fees to bill",
    ),
    "opening": ("balance taken over", "balances taken over"),
}
_KINDS = (*_WORDS, "balance")


def _two_at_a_time(
    after: Snapshot, record: tuple[str, int], named: Sequence[str]
) -> BookedElsewhere:
    stated = ", then ".join(named)
    is_entity = record[0] == LegalEntity.kind
    what = "currency" if is_entity else "legal entity and currency"
    return BookedElsewhere(
        after,
        record,
        why=f"it has one {what} for all its days, not {stated}",
        remedy="Make a record of its own for what comes next; or, where nothing is"
        " booked yet, send the change without a date.",
    )
