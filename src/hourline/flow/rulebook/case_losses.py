"""Tell which cases of work a draft leaves without a row, and which row held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hourline.decide.again import Outcome
from hourline.decide.again_by_case import Cases
from hourline.decide.model import Decided
from hourline.flow.rulebook.covered_taxes import Lent, sale_words, taking_over
from hourline.flow.rulebook.losses import Loss, row_ended
from hourline.flow.rulebook.names import Names
from hourline.kernel.columns import NOTHING, Ints
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.model import RuleRow
from hourline.master.rulebook.tables import (
    BILL_RATES,
    COST_RATES,
    CROSS_CHARGES,
    FX,
    HOUR_TYPES,
    TABLE_BY_NAME,
    TAX,
    TIME_ROUNDING,
    TRANSFER_PRICES,
    VALIDATION_SEVERITY,
)
from hourline.master.snapshot import Snapshot

# The tables whose rows may be missing where work is refused so, the likelier first.
_TABLES_OF: dict[ProblemCode, tuple[str, ...]] = {
    ProblemCode.PRICE_NOT_FOUND: (BILL_RATES.name, COST_RATES.name),
    ProblemCode.TRANSFER_PRICE_NOT_FOUND: (
        TRANSFER_PRICES.name,
        BILL_RATES.name,
        COST_RATES.name,
    ),
    ProblemCode.TAX_NOT_DETERMINED: (TAX.name,),
    ProblemCode.FX_RATE_NOT_FOUND: (FX.name,),
    ProblemCode.HOUR_TYPE_NOT_KNOWN: (HOUR_TYPES.name,),
}
# What nothing else is refused for was let pass by a row.
_LET_PASS = (VALIDATION_SEVERITY.name,)
# Work without a row of these is accepted. Where no bill rate is needed, none is missed.
_SILENT = (
    COST_RATES.name,
    TAX.name,
    TIME_ROUNDING.name,
    CROSS_CHARGES.name,
)


def tables_decided_by() -> set[str]:
    """Return the tables that work is decided by."""
    refusing = {name for names in _TABLES_OF.values() for name in names}
    return {*refusing, *_LET_PASS, *_SILENT}


@dataclass(frozen=True, slots=True)
class _Tried:
    """Hold what some master data makes of cases: by table, the rows that hold."""

    outcome: Outcome
    decided: Decided
    rows: dict[str, Ints]
    people: Ints


class CaseLosses:
    """Decide cases with either master data, and say what is lost."""

    def __init__(
        self,
        cases: Cases,
        differences: Sequence[RowDifference],
        snapshots: tuple[Snapshot, Snapshot],
        lent: set[Lent],
    ) -> None:
        """Take what a draft changes; pairs that lend people are added to `lent`."""
        self._cases = cases
        self._differences = differences
        self._changed = {(one.table, one.id) for one in differences}
        self._tables = {one.table for one in differences}
        self._snapshots = snapshots
        self._names = Names(snapshots[0])
        self._lent = lent

    def on(self, day: date) -> Iterator[Loss]:
        """Yield the losses of a day, case by case."""
        now, after = (
            _tried(self._cases, day, snapshot) for snapshot in self._snapshots
        )
        self._note_lent(now)
        for refusal in after.decided.refusals:
            if now.outcome.accepted[refusal.index]:
                for problem in refusal.problems:
                    yield self._refused(now, refusal.index, problem, day)
        both = now.outcome.accepted & after.outcome.accepted
        for table in _SILENT:
            held, holds = now.rows[table], after.rows[table]
            lost = both & (held != NOTHING) & (holds == NOTHING)
            if table in self._tables:
                for place in np.flatnonzero(lost).tolist():
                    yield self._loss(now, place, (table, self._id(now, table, place)))
        yield from self._taxed_by_others(now, after, day)

    def _taxed_by_others(self, now: _Tried, after: _Tried, day: date) -> Iterator[Loss]:
        rules = [tried.outcome.tax_rule for tried in (now, after)]
        changed = {id_ for table, id_ in self._changed if table == TAX.name}
        others = (rules[0] != rules[1]) & (rules[1] != NOTHING)
        if not changed:
            return
        for place in np.flatnonzero(others & (rules[0] != NOTHING)).tolist():
            before, then = (
                snapshot.tax_rule(int(column[place]), on=day)
                for snapshot, column in zip(self._snapshots, rules, strict=True)
            )
            instead = taking_over(before, then, changed)
            if instead is not None:
                loss = self._loss(now, place, (TAX.name, before.id))
                yield replace(loss, instead=instead)

    def _note_lent(self, now: _Tried) -> None:
        transfer = now.outcome.transfer
        for place in np.flatnonzero(transfer.lender != NOTHING).tolist():
            self._lent.add(
                (
                    int(transfer.lender[place]),
                    int(transfer.borrower[place]),
                    int(now.outcome.contract_line[place]),
                )
            )

    def _refused(self, now: _Tried, place: int, problem: Problem, day: date) -> Loss:
        tables = _TABLES_OF.get(problem.code, _LET_PASS)
        candidates = [(table, self._id(now, table, place)) for table in tables]
        named = [one for one in candidates if one in self._changed]
        changed = [(table, None) for table in tables if table in self._tables]
        table, row = [*named, *changed, (tables[0], None)][0]
        if table == FX.name:
            row, subject = self._exchange(problem, day)
            return self._loss(
                now, place, (table, row), code=problem.code, subject=subject
            )
        return self._loss(now, place, (table, row), code=problem.code)

    def _exchange(self, problem: Problem, day: date) -> tuple[str | None, str]:
        """Return the rate that ends and the currencies it is for."""

        def is_told(row: RuleRow) -> bool:
            codes = row.cell("from_currency"), row.cell("to_currency")
            return all(code in problem.sentence for code in codes)

        row = row_ended(self._differences, FX.name, day, is_told)
        for one in self._differences:
            if (one.table, one.id) == (FX.name, row):
                codes = one.before[0]
                return (
                    row,
                    f"{codes.cell('from_currency')} to {codes.cell('to_currency')}",
                )
        return None, "currencies of the work"

    def _loss(
        self,
        now: _Tried,
        place: int,
        of: tuple[str, str | None],
        *,
        code: ProblemCode | None = None,
        subject: str | None = None,
    ) -> Loss:
        return Loss(
            table=of[0],
            row=of[1],
            subject=subject or self._subject(now, of[0], place),
            code=code,
            entries=int(self._cases.counts[place]),
        )

    def _id(self, now: _Tried, table: str, place: int) -> str | None:
        """Return the row of a table that holds for a case now."""
        if table == HOUR_TYPES.name:
            return self._cases.entries.hour_type_ref[place]
        if table not in now.rows:
            return None
        return self._names.id_of(
            TABLE_BY_NAME[table].kind.kind, int(now.rows[table][place])
        )

    def _subject(self, now: _Tried, table: str, place: int) -> str:
        """Return what a case is for a table, in words."""
        names, outcome = self._names, now.outcome
        contract = int(outcome.contract[place])
        line = names.id_of("contract_line", int(outcome.contract_line[place]))
        match table:
            case TRANSFER_PRICES.name:
                return self._charging(outcome, place, "legal_entity")
            case CROSS_CHARGES.name:
                return self._charging(outcome, place, "cost_centre")
            case COST_RATES.name:
                return names.id_of("person", int(now.people[place])) or ""
            case HOUR_TYPES.name:
                return f"hour type {self._cases.entries.hour_type_ref[place]}"
            case TAX.name:
                customer = self._snapshots[0].contract(contract).content.customer
                entity = names.entity_of(contract)
                return sale_words(self._snapshots[0], entity, customer)
            case _:
                return f"line {line}"

    def _charging(self, outcome: Outcome, place: int, kind: str) -> str:
        pair = outcome.transfer if kind == "legal_entity" else outcome.cross_charge
        lender, borrower = (
            self._names.id_of(kind, int(column[place]))
            for column in (pair.lender, pair.borrower)
        )
        return f"{lender} charging {borrower}"


def _tried(cases: Cases, day: date, snapshot: Snapshot) -> _Tried:
    outcome, decided = cases.on(day, snapshot)
    made = decided.decisions
    place = cases.entries.entry_no.searchsorted(made.entry_no)
    cost, people = np.full((2, len(cases.entries)), NOTHING, dtype=np.int64)
    cost[place], people[place] = made.cost_rate_no, made.person_no
    rows = {
        BILL_RATES.name: outcome.bill_rate,
        COST_RATES.name: cost,
        TRANSFER_PRICES.name: outcome.transfer.rule,
        TAX.name: outcome.tax_rule,
        TIME_ROUNDING.name: outcome.time_rounding,
        CROSS_CHARGES.name: outcome.cross_charge.rule,
    }
    return _Tried(outcome, decided, rows, people)
