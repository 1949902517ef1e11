"""Take files in, part by part, or try what a file would do."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from hourline.decide.model import Deciding
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.entries import go_on, receive
from hourline.flow.keeping import keeping_for
from hourline.flow.transactions import in_one_transaction, now, snapshot_of
from hourline.infra.database import Database, Session
from hourline.intake import exports
from hourline.intake import service as intake
from hourline.intake.export_file import OpenedFile, Survey, open_file
from hourline.intake.exports import Revised
from hourline.intake.file import (
    Acknowledged,
    SourceFile,
    acknowledgement,
    refused_file,
)
from hourline.intake.model import Delivery, ExportReading, Received, SourceReading
from hourline.intake.reading import reading_of
from hourline.intake.rules.gone import (
    Coverage,
    StandingEntry,
    gone_problem,
    reason_to_keep,
)
from hourline.kernel.problems import Problem, ProblemCode


@dataclass(frozen=True, slots=True)
class Gone:
    """Hold what an export does not hold any more, and whether it was recalled."""

    entries: list[StandingEntry]
    recalled: bool = False
    kept_because: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold what a file would do: its acknowledgement, and what its entries lack.

    `decided` counts the entries that would go on, `stopped` those that would not by the
    code of each of their problems. `revised` are the known entries it would change.
    """

    acknowledged: list[Acknowledged]
    decided: int
    stopped: Mapping[str, int]
    revised: list[Revised] = field(default_factory=list)
    gone: Gone | None = None


class _Undo(Exception):
    """End a transaction without its effects, carrying what it found."""

    def __init__(self, tried: Tried) -> None:
        super().__init__("tried only")
        self.tried = tried


@dataclass(frozen=True, slots=True)
class _Part:
    """Hold what one part did."""

    received: Received
    deciding: Deciding | None
    gone: Gone | None = None


def receive_file(
    database: Database,
    tenant: int,
    file: SourceFile,
    *,
    on_part: Callable[[int], None] | None = None,
    on_gone: Callable[[Gone], None] | None = None,
) -> list[Acknowledged] | list[Problem]:
    """Take a file in, part by part; return an acknowledgement for every row.

    A file that is refused as a whole is kept, changes nothing, and its problems are
    returned instead. `on_part` hears how many rows have gone in since the last call,
    `on_gone` which entries in force the export of a time tool does not hold any more.
    """
    with database.tenant(tenant) as session:
        reading = reading_of(session, file.connection_no)
    opened = open_file(file, reading)
    if opened.problems:
        receive(database, tenant, refused_file(file), opened.problems)
        return opened.problems
    taker = _Taker(file, reading, opened)
    acknowledged: list[Acknowledged] = []
    for part, is_last in _with_last(opened.parts):

        def work(
            session: Session, part: Delivery = part, *, is_last: bool = is_last
        ) -> _Part:
            return taker.take(session, part, is_last=is_last)

        done = in_one_transaction(database, tenant, work)
        taker.delivery_nos.append(done.received.delivery_no)
        acknowledged += acknowledgement(part, done.received)
        if on_part is not None:
            on_part(len(part.records))
        if on_gone is not None and done.gone is not None:
            on_gone(done.gone)
    return _by_line(acknowledged)


def try_file(
    database: Database,
    tenant: int,
    file: SourceFile,
    *,
    on_part: Callable[[int], None] | None = None,
) -> Tried | list[Problem]:
    """Return what `receive_file` would do with a file; nothing of it stays.

    All parts run in one transaction that is undone, and the locks of it are held till
    then. Raises CannotReplace as `receive_file` does, but no item is opened.
    """
    with database.tenant(tenant) as session:
        reading = reading_of(session, file.connection_no)
    opened = open_file(file, reading)
    if opened.problems:
        return opened.problems
    try:
        with database.tenant(tenant) as session:
            _try_parts(session, _Taker(file, reading, opened), on_part)
    except _Undo as undo:
        return undo.tried


def _try_parts(
    session: Session, taker: "_Taker", on_part: Callable[[int], None] | None
) -> NoReturn:
    acknowledged: list[Acknowledged] = []
    revised: list[Revised] = []
    gone: Gone | None = None
    decided, stopped = 0, Counter[str]()
    for part, is_last in _with_last(taker.opened.parts):
        done = taker.take(session, part, is_last=is_last)
        taker.delivery_nos.append(done.received.delivery_no)
        acknowledged += acknowledgement(part, done.received)
        revised += exports.revised(session, done.received.superseded)
        gone = done.gone
        if done.deciding is not None:
            decided += len(done.deciding.accepted)
            codes = (one.problems for one in done.deciding.refusals)
            stopped.update(str(one.code) for found in codes for one in found)
        if on_part is not None:
            on_part(len(part.records))
    raise _Undo(Tried(_by_line(acknowledged), decided, stopped, revised, gone))


def _by_line(rows: Iterable[Acknowledged]) -> list[Acknowledged]:
    """Return rows as they stand in the file: equal rows came in the same part."""
    return sorted(rows, key=lambda row: row.line)


def _with_last(parts: Iterator[Delivery]) -> Iterator[tuple[Delivery, bool]]:
    part = next(parts, None)
    while part is not None:
        following = next(parts, None)
        yield part, following is None
        part = following


class _Taker:
    """Take the parts of one file; an export also says what it does not hold any more.

    `delivery_nos` are those of the parts that are in already.
    """

    def __init__(
        self, file: SourceFile, reading: SourceReading, opened: OpenedFile
    ) -> None:
        self.opened = opened
        self.delivery_nos: list[int] = []
        self._reading = reading
        whole = file.manifest is not None and file.manifest.all_or_nothing
        self._receive = intake.receive_all_or_nothing if whole else intake.receive

    def take(self, session: Session, part: Delivery, *, is_last: bool) -> _Part:
        """Take a part in and decide its entries, with what follows of the last one."""
        keeping = keeping_for(session, snapshot_of(session), part)
        received = self._receive(session, part, self._reading, keeping=keeping)
        deciding = go_on(session, part, received)
        survey, coverage = self.opened.survey, self.opened.coverage
        reading = self._reading
        if survey is None or coverage is None or not isinstance(reading, ExportReading):
            return _Part(received, deciding)
        if received.refused or received.known_before:
            return _Part(received, deciding)
        exports.note_coverage(
            session,
            received.delivery_no,
            coverage,
            layout=reading.layout,
            stated=self.opened.stated,
        )
        if not is_last:
            return _Part(received, deciding)
        looked = _Export(part, reading, survey, coverage)
        delivery_nos = [*self.delivery_nos, received.delivery_no]
        recalls = (self.opened.stated.gone or reading.gone) == "recall"
        gone = _gone_of(session, looked, delivery_nos, recalls=recalls)
        return _Part(received, deciding, gone)


@dataclass(frozen=True, slots=True)
class _Export:
    """Hold the last part of an export with what is known of the whole."""

    part: Delivery
    reading: ExportReading
    survey: Survey
    coverage: Coverage


def _gone_of(
    session: Session, export: _Export, delivery_nos: Sequence[int], *, recalls: bool
) -> Gone:
    found = exports.find_gone(
        session,
        export.survey,
        export.coverage,
        connection_no=export.part.connection_no,
        layout=export.reading.layout,
        delivery_nos=delivery_nos,
    )
    kept_because = None
    if recalls:
        kept_because = reason_to_keep(
            export.coverage.covers, unreadable=export.survey.unreadable
        )
    recalled = recalls and kept_because is None
    if found and recalled:
        delivery = exports.recalling(export.part, found, delivery_no=delivery_nos[-1])
        keeping = keeping_for(session, snapshot_of(session), delivery)
        recalling = exports.RECALLING
        went = intake.receive(session, delivery, recalling, keeping=keeping)
        go_on(session, delivery, went)
    _settle_items(session, found, delivery_nos)
    if found and not recalled:
        problem = gone_problem(found, export.coverage, kept_because=kept_because)
        subject = Subject("delivery", str(delivery_nos[-1]))
        exceptions.open_items(session, [(subject, problem)], at=now())
    return Gone(found, recalled and bool(found), kept_because)


def _settle_items(
    session: Session, found: Sequence[StandingEntry], delivery_nos: Sequence[int]
) -> None:
    """Close what earlier files reported, where this one answers or repeats it."""
    told_again = {one.entry_no for one in found}
    for item in exceptions.list_items(session, code=ProblemCode.ROWS_GONE):
        asked = [int(number) for number in item.detail["entries"].split()]
        left = exports.left_standing(session, asked, delivery_nos=delivery_nos)
        if not left - told_again:
            exceptions.resolve_item(
                session,
                item.item_no,
                resolution="a later export holds, recalls or names them",
                at=now(),
            )
