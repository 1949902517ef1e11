"""Send documents that belong together all or none: form, hold, release and follow."""

from collections.abc import Sequence
from datetime import date

from hourline.connectors.sdk.documents import InvoiceDocument, JournalDocument
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.documents import Wanted, document_for
from hourline.flow.transactions import now
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind, Effect, IntentState
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.subledgers import SUBLEDGER_OF
from hourline.ledger import service as ledger
from hourline.master import store as master
from hourline.master.snapshot import NoOpenPeriod, Snapshot, into_soft_closed
from hourline.posting import assembling
from hourline.posting import groups as kept
from hourline.posting import service as posting
from hourline.posting.assembling import Route
from hourline.posting.groups import Control, Group, Member
from hourline.posting.rules.group import GroupStep

# So many reasons are told in the sentence; all are in the detail.
_TOLD_MAX = 5
Assembled = InvoiceDocument | JournalDocument


def identity_of(session: Session, kind: DocumentKind, number: int) -> str | None:
    """Return what a journal is in the terms of the business; others have a number."""
    if kind is DocumentKind.JOURNAL:
        return ledger.journal_identity(session, number)
    return None


def form(session: Session, routes: Sequence[Route]) -> None:
    """Keep what this run finds unplanned as groups: by connection, name and month."""
    found: dict[tuple[int, str, date], list[tuple[Control, bool]]] = {}
    for route in routes:
        if route.group is not None:
            numbers = assembling.unplanned_documents(session, route)
            for control in kept.read_controls(session, route.kind, numbers):
                place = (route.connection_no, route.group, control.period)
                found.setdefault(place, []).append((control, route.detailed))
    for (connection_no, name, _), members in found.items():
        kept.form_group(session, connection_no, name, members)


def dissolve(session: Session, routes: Sequence[Route]) -> None:
    """Let held documents go singly where no route forms their group any more."""
    formed = {(route.connection_no, route.group) for route in routes}
    for group in kept.read_groups(session, "held"):
        if (group.connection_no, group.name) not in formed:
            kept.dissolve_group(session, group.group_no)
            exceptions.resolve_subject(
                session, _subject(group), resolution="sent singly", at=now()
            )


def release(session: Session, snapshot: Snapshot) -> int:
    """Plan every held group all of whose documents can be posted; count the intents.

    Of one that cannot go, a single item says which documents stop it and why.
    """
    return sum(
        _release(session, snapshot, group)
        for listed in kept.read_groups(session, "held")
        if (group := kept.take_group(session, listed.group_no, state="held"))
    )


def follow(session: Session) -> bool:
    """Do what follows for groups under way; say whether there is something to send."""
    moved = False
    for listed in kept.read_groups(session, "released"):
        group = kept.take_group(session, listed.group_no, state="released")
        if group is None:
            continue
        step = kept.advance_group(session, group)
        moved = moved or step in {GroupStep.LIFT, GroupStep.WITHDRAW}
        if step is GroupStep.WITHDRAW:
            _close_withdrawn(session, group)
        if step in {GroupStep.CONFIRMED, GroupStep.SHORT}:
            _tell_short(session, group.group_no)
    return moved


def _release(session: Session, snapshot: Snapshot, group: Group) -> int:
    members = kept.read_members(session, group.group_no)
    documents: list[tuple[Member, Assembled]] = []
    culprits: list[str] = []
    for control, member in zip(_controls(session, members), members, strict=True):
        wanted = Wanted(
            group.connection_no,
            DocumentKind(member.kind),
            member.document_no,
            detailed=member.detailed,
        )
        found = document_for(session, snapshot, wanted)
        why = _objection(
            session, snapshot, group.connection_no, control=control, found=found
        )
        if why is not None:
            culprits.append(f"{control.number}: {why}")
        elif not isinstance(found, Problem):
            documents.append((member, found))
    if not culprits:
        culprits = _control_differs(group, [document for _, document in documents])
    if culprits:
        _hold(session, group, culprits)
        return 0
    _plan(session, group, documents, change_no=snapshot.change_no)
    return len(documents)


def _plan(
    session: Session,
    group: Group,
    documents: Sequence[tuple[Member, Assembled]],
    *,
    change_no: int,
) -> None:
    barrier = kept.keeps_drafts(
        session, group.connection_no, [document for _, document in documents]
    )
    for member, document in documents:
        posting.plan_intent(
            session,
            connection_no=group.connection_no,
            document_no=member.document_no,
            document=document,
            identity=identity_of(
                session, DocumentKind(member.kind), member.document_no
            ),
            barrier=barrier,
            change_no=change_no,
        )
    kept.release_group(session, group, barrier=barrier)
    documents_too = [
        Subject("document", f"{DocumentKind(one.kind).name.lower()} {one.document_no}")
        for one, _ in documents
    ]
    exceptions.resolve_subjects(
        session,
        [_subject(group), *documents_too],
        resolution="planned after all",
        at=now(),
    )


def _controls(session: Session, members: Sequence[Member]) -> list[Control]:
    by_document = {
        (control.kind, control.document_no): control
        for kind in {member.kind for member in members}
        for control in kept.read_controls(
            session,
            DocumentKind(kind),
            [member.document_no for member in members if member.kind == kind],
        )
    }
    return [by_document[member.kind, member.document_no] for member in members]


def _objection(
    session: Session,
    snapshot: Snapshot,
    connection_no: int,
    *,
    control: Control,
    found: Assembled | Problem,
) -> str | None:
    """Return why a document of a group cannot be posted, None where it can."""
    if isinstance(found, Problem):
        return found.sentence
    if not _is_open(snapshot, control):
        return f"period {control.period:%Y-%m} of {found.entity} is closed."
    unwritable = kept.unwritable(session, connection_no, found)
    return None if unwritable is None else f"{unwritable}."


def _is_open(snapshot: Snapshot, control: Control) -> bool:
    day = control.accounting_date
    try:
        # What stands in a soft-closed month was booked before, or by a person's act.
        books = into_soft_closed(snapshot, control.entity_no)
        subledger = SUBLEDGER_OF.get(Effect(control.effect))
        return books.accounting_date(control.entity_no, day, subledger) == day
    except NoOpenPeriod:
        return False


def _control_differs(group: Group, documents: Sequence[Assembled]) -> list[str]:
    """Return what is wrong where what was assembled is not what the books say."""
    assembled = kept.document_totals(documents)
    if (len(documents), assembled) == (group.documents, group.totals):
        return []
    found = f"{len(documents)} documents add up to {_spoken(assembled)}"
    there = f"{group.documents} to {_spoken(group.totals)}"
    return [f"control total: {found}, in the books {there}."]


def _hold(session: Session, group: Group, culprits: Sequence[str]) -> None:
    told = " ".join(culprits[:_TOLD_MAX])
    more = len(culprits) - _TOLD_MAX
    others = f" And {more} more." if more > 0 else ""
    problem = Problem(
        ProblemCode.POSTING_GROUP_HELD,
        f"None of {_name(session, group)} is sent, because not all of it can be."
        f" {told}{others}",
        "Remove what stops each document; the whole group is then sent by itself.",
        {"group": str(group.group_no), "stopped_by": "\n".join(culprits)},
    )
    exceptions.open_items(session, [(_subject(group), problem)], at=now())


def _tell_short(session: Session, group_no: int) -> None:
    [group] = [
        one
        for one in kept.read_groups(session, "short", "confirmed")
        if one.group_no == group_no
    ]
    if group.state != "short":
        return
    problem = Problem(
        ProblemCode.POSTING_GROUP_SHORT,
        f"Of {_name(session, group)}, with {_spoken(group.totals)}, the target has"
        f" {group.confirmed_documents} documents with"
        f" {_spoken(group.confirmed_totals or {})}: the others were cancelled.",
        "Take back at the target what shall not stand there alone, or book there what"
        " was cancelled; then resolve this item.",
        {"group": str(group.group_no)},
    )
    exceptions.open_items(session, [(_subject(group), problem)], at=now())


def _close_withdrawn(session: Session, group: Group) -> None:
    """Close the items of documents that were cancelled with their group."""
    withdrawn = [
        Subject("intent", str(member.intent_no))
        for member in kept.read_members(session, group.group_no)
        if member.state == IntentState.CANCELLED
    ]
    exceptions.resolve_subjects(
        session, withdrawn, resolution="cancelled with its group", at=now()
    )


def _name(session: Session, group: Group) -> str:
    names = {one.connection_no: one.name for one in master.connections(session)}
    return (
        f"group {group.name} {group.period:%Y-%m} for {names[group.connection_no]}"
        f" ({group.documents} documents)"
    )


def _spoken(totals: dict[str, str]) -> str:
    return ", ".join(f"{total} {code}" for code, total in totals.items()) or "nothing"


def _subject(group: Group) -> Subject:
    return Subject("posting_group", str(group.group_no))
