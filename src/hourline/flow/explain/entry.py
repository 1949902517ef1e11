"""Decide a revision again with the rules it was decided with, and tell every step."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from hourline.decide.encode import encode
from hourline.decide.kernel import case_of, decide
from hourline.decide.model import (
    Case,
    Decided,
    DecisionColumns,
    PortionColumns,
    TransferColumns,
)
from hourline.decide.model_charges import CrossChargeColumns
from hourline.decide.store import PENDING_COLUMNS, entry_columns
from hourline.flow.explain.advances import covered_steps, drawdown_steps
from hourline.flow.explain.allotments import allotment_steps
from hourline.flow.explain.billing import billed_steps
from hourline.flow.explain.booking import (
    date_step,
    exchange_step,
    journal_step,
    tax_step,
)
from hourline.flow.explain.cross_charge import cross_charge_steps
from hourline.flow.explain.model import Check, RulesAt, Step
from hourline.flow.explain.pricing import (
    cost_step,
    factor_step,
    portion_step,
    rate_step,
    time_step,
)
from hourline.flow.explain.provisions import provision_steps
from hourline.flow.explain.recosting import cost_correction_steps
from hourline.flow.explain.retainage import retainage_steps
from hourline.flow.explain.rounding import day_steps, rounding_step
from hourline.flow.explain.terms import cost_plus_step, is_by_cost, terms_step
from hourline.flow.explain.transfer import charged_steps, transfer_step
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.columns import NOTHING
from hourline.kernel.entries import EntryColumns
from hourline.kernel.money import Rounding
from hourline.master.rulebook.store import rulebook_versions
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)
_ChargeColumns: TypeAlias = TransferColumns | CrossChargeColumns
_JOURNAL_KEY = ("part", "effect", "entity_no", "debit", "credit", "amount", "currency")
_NOT_COMPARED = frozenset({"approved_at"})


class NotDecided(LookupError):
    """Say that a revision is not decided, and what it waits for."""


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

    `part` leaves out the other portions. Raises NotDecided with what it waits for, and
    LookupError where there is no such entry, or several systems have one.
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
        list(_taken_over(session, snapshot, key))
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
        raise LookupError(f"there is no time entry {source_id}")
    if len(found) > 1:
        names = ", ".join(name for _, name in found)
        raise LookupError(f"several systems have an entry {source_id}: {names}")
    return int(found[0][0])


def _why_not(session: Session, source_id: str, key: tuple[int, int]) -> str:
    rows = session.tuples(QUERIES["stored_problems"], entry_no=key[0], revision=key[1])
    why = " ".join(one["sentence"] for row in rows for one in row[0])
    return f"{source_id} revision {key[1]} is not decided. {why}".strip()


def _taken_over(
    session: Session, snapshot: Snapshot, key: tuple[int, int]
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
    entity_no = int(_decision(session, key)["entity_no"])
    rounding = snapshot.rounding(entity_no)
    yield from billed_steps(session, QUERIES["billed_lines"], key, rounding)


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
    yield from _priced(case, decided, snapshot, (rounding, part))
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
    yield from billed_steps(session, QUERIES["billed_lines"], key, rounding)
    yield from drawdown_steps(session, key)
    yield from retainage_steps(session, key)
    yield from covered_steps(session, key, case, (snapshot, rounding))
    yield from provision_steps(session, key, rounding)
    yield from charged_steps(
        session, key, next(iter(decided.transfers.amount.tolist()), None)
    )
    yield _proof(session, decided, key)


def _priced(
    case: Case,
    decided: Decided,
    snapshot: Snapshot,
    told: tuple[Rounding, int | None],
) -> Iterator[Step]:
    rounding, part = told
    yield time_step(case)
    rounded = rounding_step(case, snapshot)
    if rounded is not None:
        yield rounded
    yield from _price(case, decided, snapshot)
    for row in range(len(decided.portions.part)):
        if part in {None, int(decided.portions.part[row])}:
            worth = _worth(decided)
            yield portion_step(decided.portions, row, rounding, worth)
    yield cost_step(case, int(decided.decisions.cost_amount[0]), snapshot)
    transfer = transfer_step(case, snapshot)
    if transfer is not None:
        yield transfer


def _price(case: Case, decided: Decided, snapshot: Snapshot) -> Iterator[Step]:
    """Yield the steps from rate row or cost to the price of an hour."""
    by_cost = is_by_cost(case, snapshot)
    if not by_cost:
        yield rate_step(case, snapshot)
    factor = factor_step(case, snapshot)
    if factor is not None:
        yield factor
    if by_cost:
        yield cost_plus_step(case, decided.portions, snapshot)
        return
    terms = terms_step(case, decided.portions, snapshot)
    if terms is not None:
        yield terms


def _worth(decided: Decided) -> Fraction | None:
    if not len(decided.expenses.entry_no):
        return None
    worth = decided.expenses
    return Fraction(worth.worth_numerator[0], worth.worth_denominator[0])


def _decision(session: Session, key: tuple[int, int]) -> dict[str, Any]:
    row = session.tuples(QUERIES["stored_decision"], entry_no=key[0], revision=key[1])
    stored: dict[str, Any] = row[0][0]
    return stored


def _proof(session: Session, decided: Decided, key: tuple[int, int]) -> Step:
    checks = [
        *_compared("decision", decided.decisions, 0, _decision(session, key)),
        *_portions_compared(session, decided.portions, key),
        *_charges_compared(session, "transfer", decided.transfers, key),
        *_charges_compared(session, "cross_charge", decided.cross_charges, key),
        *_journal_compared(session, decided, key),
    ]
    broken = [one for one in checks if not one.holds]
    told = (
        f"{len(checks)} figures were computed anew with the rules it was decided with;"
        + (" all are stored just so." if not broken else f" {len(broken)} differ.")
    )
    return Step(about="proof", sentences=[told], checks=checks)


def _compared(
    what: str,
    columns: DecisionColumns | PortionColumns | _ChargeColumns,
    row: int,
    stored: dict[str, Any],
) -> Iterator[Check]:
    for column in fields(columns):
        if column.name in stored and column.name not in _NOT_COMPARED:
            yield Check(
                figure=f"{what} {column.name.replace('_', ' ')}",
                recomputed=_plain(getattr(columns, column.name)[row]),
                stored=_stored(stored[column.name]),
            )


def _plain(value: object) -> str:
    match value:
        case np.datetime64():
            return str(value.astype("datetime64[D]"))
        case np.bool_():
            return str(bool(value))
        case None:
            return str(NOTHING)
        case _:
            return str(value)


def _stored(value: object) -> str:
    # A rule number that is not there is stored as NULL.
    return str(NOTHING) if value is None else str(value)


def _portions_compared(
    session: Session, portions: PortionColumns, key: tuple[int, int]
) -> Iterator[Check]:
    rows = [
        row[0]
        for row in session.tuples(
            QUERIES["stored_portions"], entry_no=key[0], revision=key[1]
        )
    ]
    yield Check(
        figure="number of portions",
        recomputed=str(len(portions.part)),
        stored=str(len(rows)),
    )
    by_part = {row["part"]: row for row in rows}
    for row, part in enumerate(portions.part.tolist()):
        yield from _compared(f"portion {part}", portions, row, by_part.get(part, {}))


def _charges_compared(
    session: Session, what: str, charges: _ChargeColumns, key: tuple[int, int]
) -> Iterator[Check]:
    rows = [
        row[0]
        for row in session.tuples(
            QUERIES[f"stored_{what}"], entry_no=key[0], revision=key[1]
        )
    ]
    if rows or len(charges.entry_no):
        yield Check(
            figure=f"number of {what.replace('_', '-')} prices",
            recomputed=str(len(charges.entry_no)),
            stored=str(len(rows)),
        )
    for row, stored in enumerate(rows[: len(charges.entry_no)]):
        yield from _compared(what.replace("_", "-"), charges, row, stored)


def _journal_compared(
    session: Session, decided: Decided, key: tuple[int, int]
) -> Iterator[Check]:
    stored = [
        row[0]
        for row in session.tuples(
            QUERIES["stored_journal"],
            cause_entry=Cause.ENTRY,
            effect_cost=Effect.COST,
            entry_no=key[0],
            revision=key[1],
        )
    ]
    journal = decided.journal
    names = (*_JOURNAL_KEY, "entity_amount", "entity_currency", "accounting_date")
    effects = {int(effect) for effect in journal.effect}
    recomputed = sorted(
        " ".join(_plain(getattr(journal, name)[row]) for name in names)
        for row in range(len(journal.amount))
    )
    kept = sorted(
        " ".join(_stored(row[name]) for name in names)
        for row in stored
        if row["effect"] in effects or not effects
    )
    yield Check(
        figure="journal lines", recomputed="; ".join(recomputed), stored="; ".join(kept)
    )
