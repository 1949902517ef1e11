"""Show what a bulk correction would change: it is done, read and undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from hourline.billing.model import Because
from hourline.flow.allotting import working_snapshot
from hourline.flow.correcting.acts import Act, Wish, perform
from hourline.flow.correcting.figures import (
    QUERIES,
    Figures,
    Moved,
    moved_since,
    next_line,
    read_figures,
)
from hourline.flow.correcting.selecting import Selection, in_parts, select
from hourline.flow.transactions import number_of, tried
from hourline.infra.database import Database, Session
from hourline.kernel.problems import Problem

# Nothing of a preview stays, so nobody is told of it.
_TRIED = Because(actor="preview", reason="preview")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEntry:
    """Hold an entry with what its source calls it."""

    entry_no: int
    entry: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Hold what stands of an entry and what would; None where nothing is decided."""

    named: NamedEntry
    before: Figures | None
    after: Figures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Hold what a bulk correction would change, and what it would not.

    `refused` entries stay as they are, each with the reason; `unchanged` are so
    already, `invoiced` would have to be credited first. `moved` is what the books
    would move by, all entries together.
    """

    wish: Wish
    changed: list[Changed]
    refused: list[tuple[NamedEntry, Problem]]
    unchanged: int
    invoiced: int
    moved: list[Moved]


def preview_bulk(
    database: Database,
    tenant: int,
    wish: Wish,
    selection: Selection,
) -> Preview:
    """Return what an act would change of every entry of a selection; change nothing.

    The entries are taken in the order of their numbers, each on top of those before.
    Raises NotKnown, NotOne and TooMany.
    """

    def work(session: Session) -> Preview:
        return _previewed(session, wish, selection)

    return tried(database, tenant, work)


def parts_to_approve(
    database: Database, tenant: int, wish: Wish, selection: Selection
) -> list[Selection]:
    """Return a selection in parts that can each be previewed and approved.

    Raises NotKnown and NotOne.
    """

    def work(session: Session) -> list[Selection]:
        return in_parts(session, working_snapshot(session), wish, selection)

    return tried(database, tenant, work)


def _previewed(session: Session, wish: Wish, selection: Selection) -> Preview:
    snapshot = working_snapshot(session)
    if wish.project is not None:
        number_of(snapshot, "project", wish.project)
    selected = select(session, snapshot, wish, selection)
    names = session.all(
        QUERIES["names_of_entries"], NamedEntry, entry_nos=selected.entry_nos
    )
    line_no = next_line(session)
    changed, refused, unchanged = [], [], 0
    stood = _stood(session, wish, names)
    for named in names:
        before = read_figures(session, named.entry_no)
        by_day = stood.get(named.entry_no, before) != before
        outcome = perform(session, wish, named.entry_no, _TRIED)
        if isinstance(outcome, Problem):
            refused.append((named, outcome))
        elif outcome or by_day:
            after = read_figures(session, named.entry_no)
            # Where its day was rounded with an entry before it, it changed already.
            since = stood[named.entry_no] if by_day else before
            changed.append(Changed(named=named, before=since, after=after))
        else:
            unchanged += 1
    return Preview(
        wish=wish,
        changed=changed,
        refused=refused,
        unchanged=unchanged,
        invoiced=selected.invoiced,
        moved=moved_since(session, snapshot, line_no),
    )


def _stood(
    session: Session, wish: Wish, names: Sequence[NamedEntry]
) -> dict[int, Figures | None]:
    """Return what stands of entries before anything is done that rounds their days."""
    if wish.act is not Act.REPRICE:
        return {}
    return {one.entry_no: read_figures(session, one.entry_no) for one in names}
