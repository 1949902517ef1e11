"""Compare what is decided anew with what is stored, figure by figure."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, TypeAlias

import numpy as np

from hourline.decide.model import (
    Decided,
    DecisionColumns,
    PortionColumns,
    TransferColumns,
)
from hourline.decide.model_charges import CrossChargeColumns
from hourline.flow.explain.model import Check, Step
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.columns import NOTHING

QUERIES = load_queries(__package__)
_ChargeColumns: TypeAlias = TransferColumns | CrossChargeColumns
_JOURNAL_KEY = ("part", "effect", "entity_no", "debit", "credit", "amount", "currency")
_NOT_COMPARED = frozenset({"approved_at"})


def stored_decision(session: Session, key: tuple[int, int]) -> dict[str, Any]:
    """Return the decision of a revision by column, as it is stored."""
    row = session.tuples(QUERIES["stored_decision"], entry_no=key[0], revision=key[1])
    stored: dict[str, Any] = row[0][0]
    return stored


def proof_step(session: Session, decided: Decided, key: tuple[int, int]) -> Step:
    """Tell how many figures were computed anew, and which are not stored so."""
    checks = [
        *_compared("decision", decided.decisions, 0, stored_decision(session, key)),
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
