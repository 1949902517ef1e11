"""Put refusals into words: what is wrong with which entry, and what to do about it."""

from collections.abc import Iterator, Sequence

import numpy as np

from hourline.decide.model import REPORTED, Case, Refusal
from hourline.decide.rules.bill_rate import roles_of
from hourline.decide.rules.dimensions import cost_centre_missing, service_line_missing
from hourline.decide.words import WORDS, Told
from hourline.kernel.codes import PendingState
from hourline.kernel.columns import NOTHING, Ints
from hourline.kernel.effective import day_of
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.problems import WAITED_FOR, Problem, ProblemCode
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import Snapshot


def refusals_of(case: Case, problems: Ints, snapshot: Snapshot) -> list[Refusal]:
    """Return the refused entries in the order of the batch, all problems of each.

    The same words tell the warnings of entries that are accepted.
    """
    refused = np.flatnonzero(problems)
    if not refused.size:
        return []
    codes_of = {mask: _codes(mask) for mask in np.unique(problems[refused]).tolist()}
    return [
        _refusal(index, codes_of[mask], told)
        for index, mask, told in zip(
            refused.tolist(),
            problems[refused].tolist(),
            _told(case, refused, snapshot),
            strict=True,
        )
    ]


def _codes(mask: int) -> tuple[ProblemCode, ...]:
    return tuple(code for bit, code in enumerate(REPORTED) if mask >> bit & 1)


def _refusal(index: int, codes: Sequence[ProblemCode], told: Told) -> Refusal:
    waits = any(code in WAITED_FOR for code in codes)
    return Refusal(
        index=index,
        state=PendingState.WAITING if waits else PendingState.EXCEPTION,
        problems=tuple(_problem(code, told) for code in codes),
    )


def _problem(code: ProblemCode, told: Told) -> Problem:
    words = WORDS[code](told)
    detail = {"person": told.person, "project": told.project, "date": told.day}
    if told.entity:
        detail["entity"] = told.entity
    return Problem(code, words.sentence, words.remedy, detail)


def _told(case: Case, refused: Ints, snapshot: Snapshot) -> Iterator[Told]:
    batch, masters, kept = case.batch, case.masters, snapshot.catalogue
    entries = batch.entries
    role_names = {number: name for name, number in snapshot.roles.items()}
    books = snapshot.columns.entities.currency[masters.entity_row]
    places = refused.tolist()
    columns = zip(
        places,
        _days(batch.day[refused]),
        _quantities(case, places),
        roles_of(batch, masters, snapshot)[refused].tolist(),
        _currencies(masters.currency[refused]),
        _currencies(books[refused]),
        _names(kept.lines.ids, masters.line[refused]),
        _names(kept.contracts.ids, masters.contract[refused]),
        _names(kept.entities.ids, masters.entity[refused]),
        _names(kept.entities.ids, masters.employer[refused]),
        _names(kept.customers.ids, masters.customer[refused]),
        cost_centre_missing(case, snapshot)[refused].tolist(),
        service_line_missing(case, snapshot)[refused].tolist(),
        _unexchanged(case, places),
        strict=True,
    )
    for place, day, quantity, role, *rest in columns:
        yield Told(
            entries.person_ref[place],
            entries.project_ref[place],
            entries.activity_ref[place],
            entries.hour_type_ref[place],
            entries.role_ref[place] or role_names.get(role),
            day,
            quantity,
            *rest,
        )


def _quantities(case: Case, places: Sequence[int]) -> Iterator[str]:
    """Yield what each entry is of: hours, or the cost of an expense."""
    batch, stated = case.batch, case.batch.entries.expenses
    costs = {
        row: _cost(cost, currency)
        for row, cost, currency in zip(
            stated.row.tolist(),
            stated.cost.tolist(),
            stated.currency.tolist(),
            strict=True,
        )
    }
    worked = batch.worked.tolist()
    for place in places:
        yield costs.get(place) or spoken_hours(worked[place])


def _cost(cost: int, number: int) -> str:
    currency = currency_numbered(number)
    return f"An expense of {major_units(cost, currency):f} {currency.code}"


def _unexchanged(case: Case, places: Sequence[int]) -> list[str]:
    """Return which rates of exchange each entry lacks, if it is an expense."""
    expenses = case.found.expenses
    lacks = dict(zip(expenses.row.tolist(), expenses.lacks, strict=True))
    return [lacks.get(place, "") for place in places]


def _days(days: Ints) -> list[str]:
    return [str(day_of(day)) for day in days.tolist()]


def _currencies(numbers: Ints) -> list[str]:
    codes = {
        number: currency_numbered(number).code if number != NOTHING else ""
        for number in np.unique(numbers).tolist()
    }
    return [codes[number] for number in numbers.tolist()]


def _names(ids: tuple[str, ...], dense: Ints) -> list[str]:
    return [ids[number] if number != NOTHING else "" for number in dense.tolist()]
