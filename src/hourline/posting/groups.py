"""Keep documents that a system gets all or none of, with their control totals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from psycopg.types.json import Jsonb

from hourline.connectors.sdk.documents import (
    Document,
    WriteBack,
    decode_document,
    kind_of,
)
from hourline.connectors.sdk.registry import connectors
from hourline.infra.database import Session
from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import DocumentKind, Effect, IntentState
from hourline.kernel.money import currency_numbered, major_units
from hourline.posting.model import StoredIntent
from hourline.posting.rules.capability import Timing, class_of, policy_of
from hourline.posting.rules.events import Lifted, Ruled, Verdict
from hourline.posting.rules.group import WITHDRAWN_FROM, GroupStep, next_step
from hourline.posting.rules.machine import advance
from hourline.posting.service import capability_of
from hourline.posting.store import QUERIES, lock_intent, save, served_by

# As long as any key, to see whether a connector can write a document at all.
_TRIED_KEY = "H1" + "A" * 26


@dataclass(frozen=True, slots=True)
class Control:
    """Hold what a document says in our books, in minor units of its currency."""

    kind: int
    document_no: int
    number: str
    entity_no: int
    accounting_date: date
    currency: int
    total: int
    effect: int

    @property
    def period(self) -> date:
        """Return the first day of the month the document is booked in."""
        return self.accounting_date.replace(day=1)


@dataclass(frozen=True, slots=True)
class Group:
    """Hold a group; totals are by currency, exact, in major units."""

    group_no: int
    connection_no: int
    name: str
    period: date
    state: str
    barrier: bool
    documents: int
    totals: dict[str, str]
    confirmed_documents: int | None
    confirmed_totals: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Member:
    """Hold a document of a group, and its intent once it is planned."""

    kind: int
    document_no: int
    detailed: bool
    intent_no: int | None
    state: int | None
    payload: str | None


def read_controls(
    session: Session, kind: DocumentKind, document_nos: Sequence[int]
) -> list[Control]:
    """Return what documents of a kind say in our books."""
    return session.all(
        QUERIES["controls"],
        Control,
        kind=kind,
        document_nos=list(document_nos),
        journal=DocumentKind.JOURNAL,
        sale=Effect.SALE,
    )


def totals_of(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, str]:
    """Return sums by currency, as they are stored and compared."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, Decimal()) + amount
    return {currency: f"{sums[currency]:f}" for currency in sorted(sums)}


def control_totals(controls: Iterable[Control]) -> dict[str, str]:
    """Return what documents add up to in our books."""
    found = []
    for control in controls:
        currency = currency_numbered(control.currency)
        found.append((currency.code, major_units(control.total, currency)))
    return totals_of(found)


def document_totals(documents: Iterable[Document]) -> dict[str, str]:
    """Return what documents add up to as they are sent."""
    return totals_of(
        (document.currency, Decimal(document.total))
        for document in documents
        if not isinstance(document, WriteBack)
    )


def form_group(
    session: Session,
    connection_no: int,
    name: str,
    members: Sequence[tuple[Control, bool]],
) -> int:
    """Keep documents as a group that is held; each with whether it is detailed."""
    controls = [control for control, _ in members]
    group_no = session.value(
        QUERIES["add_group"],
        int,
        connection_no=connection_no,
        name=name,
        period=controls[0].period,
        documents=len(controls),
        totals=Jsonb(control_totals(controls)),
    )
    assert group_no is not None  # noqa: S101 - RETURNING always gives the row
    session.run_many(
        QUERIES["add_member"],
        [
            {
                "connection_no": connection_no,
                "kind": control.kind,
                "document_no": control.document_no,
                "group_no": group_no,
                "detailed": detailed,
            }
            for control, detailed in members
        ],
    )
    return group_no


def read_groups(session: Session, *states: str) -> list[Group]:
    """Return the groups in some states, oldest first."""
    return session.all(QUERIES["groups"], Group, states=list(states))


def take_group(session: Session, group_no: int, *, state: str) -> Group | None:
    """Lock a group that is in a state; None where it moved or somebody is at it."""
    return session.first(QUERIES["lock_group"], Group, group_no=group_no, state=state)


def read_members(session: Session, group_no: int) -> list[Member]:
    """Return the documents of a group."""
    return session.all(QUERIES["members"], Member, group_no=group_no)


def dissolve_group(session: Session, group_no: int) -> None:
    """Forget a held group; its documents are planned by their routes again."""
    session.run(QUERIES["dissolve_group"], group_no=group_no)


def release_group(session: Session, group: Group, *, barrier: bool) -> None:
    """Take down that every document of a group is planned."""
    _save(session, group, state="released", barrier=barrier)


def unwritable(session: Session, connection_no: int, document: Document) -> str | None:
    """Return why a connector cannot write a document, None where it can."""
    served = served_by(session, connection_no)
    declared = connectors().get(served.connector)
    kind = kind_of(document)
    target = declared.targets_in(served.mode).get(kind) if declared else None
    if target is None:
        return f"the connection books no {kind.name.lower().replace('_', ' ')}s"
    try:
        target.book(document, _TRIED_KEY)
    except ValueError as fault:
        return str(fault)
    return None


def keeps_drafts(
    session: Session, connection_no: int, documents: Iterable[Document]
) -> bool:
    """Say whether a system keeps drafts of every one of these documents."""
    kinds = {kind_of(document) for document in documents}
    classes = {class_of(capability_of(session, connection_no, kind)) for kind in kinds}
    return classes == {PostingClass.DRAFT}


def advance_group(session: Session, group: Group) -> GroupStep:
    """Do what follows for a locked group from how far its documents are."""
    members = read_members(session, group.group_no)
    states = [IntentState(one.state) for one in members if one.state is not None]
    step = next_step(states, barrier=group.barrier)
    match step:
        case GroupStep.WAIT:
            pass
        case GroupStep.LIFT:
            for stored in _locked(session, members):
                _move(session, stored, Lifted(at=stored.now))
            _save(session, group, state=group.state, barrier=False)
        case GroupStep.WITHDRAW:
            for stored in _locked(session, members):
                if IntentState(stored.state) in WITHDRAWN_FROM:
                    _move(session, stored, Ruled(at=stored.now, verdict=Verdict.CANCEL))
        case GroupStep.CONFIRMED | GroupStep.SHORT | GroupStep.CANCELLED:
            _end(session, group, members, step)
    return step


def confirmed_totals(members: Iterable[Member]) -> dict[str, str]:
    """Return what the confirmed documents of a group add up to.

    Every receipt was compared with its document, so this is what the target holds.
    """
    return document_totals(
        decode_document(one.payload)
        for one in members
        if one.state == IntentState.CONFIRMED and one.payload is not None
    )


def _end(
    session: Session, group: Group, members: Sequence[Member], step: GroupStep
) -> None:
    documents = sum(one.state == IntentState.CONFIRMED for one in members)
    totals = confirmed_totals(members)
    agrees = (documents, totals) == (group.documents, group.totals)
    state = "short" if step is GroupStep.CONFIRMED and not agrees else step.value
    session.run(
        QUERIES["save_group"],
        group_no=group.group_no,
        state=state,
        barrier=group.barrier,
        confirmed_documents=documents,
        confirmed_totals=Jsonb(totals),
    )


def _save(session: Session, group: Group, *, state: str, barrier: bool) -> None:
    session.run(
        QUERIES["save_group"],
        group_no=group.group_no,
        state=state,
        barrier=barrier,
        confirmed_documents=None,
        confirmed_totals=None,
    )


def _locked(session: Session, members: Iterable[Member]) -> Iterable[StoredIntent]:
    for one in members:
        if one.intent_no is not None:
            yield lock_intent(session, one.intent_no)


def _move(session: Session, stored: StoredIntent, event: Lifted | Ruled) -> None:
    capability = capability_of(session, stored.connection_no, stored.document_kind)
    step = advance(stored.intent(), event, policy_of(capability, Timing()))
    save(session, stored, step)
