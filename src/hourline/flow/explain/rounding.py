"""Explain time rounding: which row holds, and what factor, minimum and increment do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hourline.decide.model import Case
from hourline.decide.rules.time_rounding import rounded_time, terms_of
from hourline.flow.explain.model import Check, RulesAt, Step, money, percent
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Fate
from hourline.kernel.columns import NOTHING, ints
from hourline.kernel.money import round_fraction
from hourline.kernel.quantity import spoken_hours, value_of
from hourline.master.snapshot import Snapshot
from hourline.master.snapshot.time_rounding import Mode, Scope

QUERIES = load_queries(__package__)
_TO = {Mode.UP: "up to", Mode.NEAREST: "to the nearest", Mode.DOWN: "down to"}


@dataclass(frozen=True, slots=True)
class DayAct:
    """Hold what the rounding of a day made an entry bill, in seconds.

    Its parts are those from `part` up to `next_part`, exclusive.
    """

    act_no: int
    part: int
    time_rounding: str
    time_rounding_no: int
    work_date: date
    entity_no: int
    seconds_before: int
    seconds_after: int
    day_worked_seconds: int
    day_billable_seconds: int
    change_no: int
    next_part: int


@dataclass(frozen=True, slots=True)
class DayPart:
    """Hold a portion that the rounding of a day made."""

    part: int
    fate: int
    seconds: int
    rate_amount: int
    rate_seconds: int
    currency: int
    amount: int


def rounding_step(case: Case, snapshot: Snapshot) -> Step | None:
    """Explain how a row made worked time billable; None where none did."""
    row, table = int(case.time.rounding[0]), snapshot.columns.time_roundings
    if row == NOTHING:
        return None
    id_ = snapshot.record("time_rounding", int(table.no[row])).id
    worked, after = int(case.batch.worked[0]), int(case.time.billable[0])
    alone = Scope(int(table.scope[row])) is Scope.ENTRY
    made = list(_made(snapshot, row, worked, whole=alone))
    sentences = [
        (
            f"The row {id_} is the first that matches: {spoken_hours(worked)} worked,"
            f" {', '.join([*made, 'so'])} {spoken_hours(after)} to bill."
        )
    ]
    if Scope(int(table.scope[row])) is Scope.PERSON_DAY:
        what = ", ".join(_of_day(snapshot, row)) or "nothing more"
        sentences.append(f"The day of the person is rounded as a whole: {what}.")
    return Step(
        about="time rounding",
        sentences=sentences,
        figures={
            "row": id_,
            "scope": Scope(int(table.scope[row])).name.lower(),
            "mode": Mode(int(table.mode[row])).name.lower(),
            "factor": _factor(snapshot, row),
            "minimum_seconds": int(table.minimum[row]),
            "increment_seconds": int(table.increment[row]),
            "worked_seconds": worked,
            "rounded_seconds": after,
        },
    )


def _factor(snapshot: Snapshot, row: int) -> Fraction:
    table = snapshot.columns.time_roundings
    return Fraction(int(table.numerator[row]), int(table.denominator[row]))


def _made(snapshot: Snapshot, row: int, worked: int, *, whole: bool) -> Iterator[str]:
    factor = _factor(snapshot, row)
    exact = worked * factor
    if factor != 1:
        yield f"times {percent(factor)} (exactly {percent(exact / 3600)} h)"
    if whole:
        minimum = int(snapshot.columns.time_roundings.minimum[row])
        yield from _of_day(snapshot, row, exceeds=exact < minimum)


def _of_day(snapshot: Snapshot, row: int, *, exceeds: bool = False) -> Iterator[str]:
    table = snapshot.columns.time_roundings
    minimum, increment = int(table.minimum[row]), int(table.increment[row])
    if minimum:
        yield f"at least {_minutes(minimum)}" + (", which it is below" * exceeds)
    if increment:
        mode = Mode(int(table.mode[row]))
        yield f"{_TO[mode]} a multiple of {_minutes(increment)}"


def _minutes(seconds: int) -> str:
    return f"{percent(Fraction(seconds, 60))} minutes"


def day_steps(session: Session, rules: RulesAt, key: tuple[int, int]) -> Iterator[Step]:
    """Yield what the rounding of the person's day made of a revision, act by act."""
    asked = {"entry_no": key[0], "revision": key[1]}
    parts = session.all(QUERIES["parts_of_day"], DayPart, **asked)
    for act in session.all(QUERIES["day_roundings"], DayAct, **asked):
        made = [one for one in parts if act.part <= one.part < act.next_part]
        yield _of_act(act, made, rules.at(act.change_no))


def _of_act(act: DayAct, parts: list[DayPart], snapshot: Snapshot) -> Step:
    row = snapshot.columns.time_roundings.gathering_row(
        act.time_rounding_no, act.work_date
    )
    total = None
    if row is not None:
        worked = ints([act.day_worked_seconds])
        total = int(rounded_time(worked, terms_of(ints([row]), snapshot))[0])
    sentences = [
        (
            f"By the row {act.time_rounding}, the"
            f" {spoken_hours(act.day_worked_seconds)}"
            f" the person worked on {act.work_date} bill as"
            f" {spoken_hours(act.day_billable_seconds)}. This entry carries the"
            f" difference: it bills {spoken_hours(act.seconds_after)} in place of"
            f" {spoken_hours(act.seconds_before)}."
        )
    ]
    sentences += [
        f"Its portion {one.part}, {Fate(one.fate).name.lower().replace('_', '-')}, is"
        f" {spoken_hours(one.seconds)} worth {money(one.amount, one.currency)}."
        for one in parts
    ]
    return Step(
        about="rounding of the day",
        sentences=sentences,
        figures={
            "row": act.time_rounding,
            "day_worked_seconds": act.day_worked_seconds,
            "day_billable_seconds": act.day_billable_seconds,
            "seconds_before": act.seconds_before,
            "seconds_after": act.seconds_after,
            "change_no": act.change_no,
        },
        checks=[
            Check(
                figure="billable seconds of the day",
                recomputed=str(total),
                stored=str(act.day_billable_seconds),
            ),
            *(_worth(one, act, snapshot) for one in parts),
        ],
    )


def _worth(one: DayPart, act: DayAct, snapshot: Snapshot) -> Check:
    exact = value_of(
        one.seconds, rate_amount=one.rate_amount, rate_seconds=one.rate_seconds
    )
    worth = round_fraction(exact, snapshot.rounding(act.entity_no))
    return Check(
        figure=f"amount of portion {one.part}",
        recomputed=money(worth, one.currency),
        stored=money(one.amount, one.currency),
    )
