"""Decide a revision again with the rules it was decided with, and tell every step."""

from collections.abc import Iterator
from dataclasses import dataclass

from hourline.decide.encode import encode
from hourline.decide.kernel import case_of, decide
from hourline.decide.store import PENDING_COLUMNS, entry_columns
from hourline.flow.explain.advances import covered_steps, drawdown_steps
from hourline.flow.explain.allotments import allotment_steps
from hourline.flow.explain.billed_line import Billed, billed_lines
from hourline.flow.explain.billing import billed_steps
from hourline.flow.explain.booking import (
    date_step,
    exchange_step,
    journal_step,
    tax_step,
)
from hourline.flow.explain.cross_charge import cross_charge_steps
from hourline.flow.explain.expense import stated_expense
from hourline.flow.explain.model import Check, RulesAt, Step
from hourline.flow.explain.priced import Decision, priced_steps
from hourline.flow.explain.proof import proof_step
from hourline.flow.explain.provisions import provision_steps
from hourline.flow.explain.recosting import cost_correction_steps
from hourline.flow.explain.retainage import retainage_steps
from hourline.flow.explain.rounding import day_steps
from hourline.flow.explain.transfer import charged_steps
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.entries import EntryColumns
from hourline.master.rulebook.store import rulebook_versions
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)


class NotDecided(LookupError):
    """Say that a revision is not decided, and what it waits for."""


class NoEntry(LookupError):
    """Say that no entry has an id."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold an entry's revision explained.

    `change_no` is the master data it used, `rulebook` the version published last then.
    """

    source_id: str
    revision: int
    change_no: int
    rulebook: int | None
    superseded: bool
    steps: list[Step]

    @property
    def broken(self) -> list[Check]:
        """Give the figures that are not stored as they are computed."""
        return [one for step in self.steps for one in step.checks if not one.holds]


def explain_entry(
    session: Session,
    source_id: str,
    *,
    connection: str | None = None,
    revision: int | None = None,
    part: int | None = None,
) -> Explanation:
    """Return how a revision came to its figures: the last decided one by default.

    `part` leaves out the other portions. Raises NotDecided with what it waits for,
    NoEntry where there is no such entry, and LookupError where several systems have
    one.
    """
    entry_no = _entry_no(session, source_id, connection)
    rows = session.tuples(
        QUERIES["revision_written"], entry_no=entry_no, revision=revision
    )
    if not rows:
        raise LookupError(f"{source_id} has no revision {revision}")
    written = rows[0]
    change_no, _, superseded, taken_over = written[PENDING_COLUMNS:]
    key = (entry_no, int(written[1]))
    if change_no is None:
        raise NotDecided(_why_not(session, source_id, key))
    rules = RulesAt(session)
    snapshot = rules.at(change_no)
    entries = entry_columns([written])
    steps = (
        list(_taken_over(session, rules, key))
        if taken_over
        else list(_steps(session, rules, snapshot, (entries, part)))
    )
    return Explanation(
        source_id, key[1], change_no, _rulebook(session, change_no), superseded, steps
    )


def _rulebook(session: Session, change_no: int) -> int | None:
    for version in rulebook_versions(session):
        if version.change_no <= change_no:
            return version.version_no
    return None


def _entry_no(session: Session, source_id: str, connection: str | None) -> int:
    found = session.tuples(
        QUERIES["entries_called"], source_id=source_id, connection=connection
    )
    if not found:
        raise NoEntry(f"there is no time entry {source_id}")
    if len(found) > 1:
        names = ", ".join(name for _, name in found)
        raise LookupError(f"several systems have an entry {source_id}: {names}")
    return int(found[0][0])


def _why_not(session: Session, source_id: str, key: tuple[int, int]) -> str:
    rows = session.tuples(QUERIES["stored_problems"], entry_no=key[0], revision=key[1])
    why = " ".join(one["sentence"] for row in rows for one in row[0])
    return f"{source_id} revision {key[1]} is not decided. {why}".strip()


def _taken_over(
    session: Session, rules: RulesAt, key: tuple[int, int]
) -> Iterator[Step]:
    yield Step(
        about="opening",
        sentences=[
            (
                "It was taken over with its figures, which no rule of ours decided;"
                " see: hourline trace."
            )
        ],
    )
    expense = stated_expense(session, key)
    yield from billed_steps(billed_lines(session, Billed(entry=key)), rules, expense)


def _steps(
    session: Session,
    rules: RulesAt,
    snapshot: Snapshot,
    told: tuple[EntryColumns, int | None],
) -> Iterator[Step]:
    entries, part = told
    batch = encode(entries, snapshot)
    case, decided = case_of(batch, snapshot), decide(batch, snapshot)
    key = (int(entries.entry_no[0]), int(entries.revision[0]))
    if not len(decided.decisions.entry_no):
        why = " ".join(
            one.sentence for refusal in decided.refusals for one in refusal.problems
        )
        yield Step(
            about="decision",
            sentences=[
                f"With the rules it was decided with it would be refused. {why}"
            ],
            checks=[Check(figure="decision", recomputed="refused", stored="accepted")],
        )
        return
    rounding = snapshot.rounding(int(decided.decisions.entity_no[0]))
    expense = stated_expense(session, key)
    decision = Decision(
        case=case,
        decided=decided,
        snapshot=snapshot,
        rounding=rounding,
        part=part,
        expense=expense,
        accrued=_accrued(session, key),
    )
    yield from priced_steps(decision)
    yield tax_step(case, snapshot)
    exchange = exchange_step(case, snapshot)
    if exchange is not None:
        yield exchange
    yield from cross_charge_steps(case, snapshot)
    yield date_step(case, snapshot)
    yield journal_step(decided.journal, snapshot)
    yield from cost_correction_steps(session, rules, entries)
    yield from day_steps(session, rules, key)
    yield from allotment_steps(session, rules, key)
    yield from billed_steps(billed_lines(session, Billed(entry=key)), rules, expense)
    yield from drawdown_steps(session, Billed(entry=key))
    yield from retainage_steps(session, Billed(entry=key))
    yield from covered_steps(session, key, case, (snapshot, rounding))
    yield from provision_steps(session, key, rounding)
    yield from charged_steps(
        session, rules, key, next(iter(decided.transfers.amount.tolist()), None)
    )
    yield proof_step(session, decided, key)


def _accrued(session: Session, key: tuple[int, int]) -> dict[int, int]:
    """Return by part what was accrued in the books when it was decided."""
    return dict(
        session.tuples(
            QUERIES["accrued_parts"],
            entry_no=key[0],
            revision=key[1],
            cause_entry=int(Cause.ENTRY),
            effect_accrual=int(Effect.ACCRUAL),
        )
    )
