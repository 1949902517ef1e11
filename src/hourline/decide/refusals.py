"""Put refusals into words: what is wrong with which entry, and what to do about it."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from hourline.decide.lacking_rates import pair_lacking, pairs_lacking
from hourline.decide.model import REPORTED, Case, Refusal
from hourline.decide.rules.accounting_period import lender_closed, own_closed
from hourline.decide.rules.bill_rate import roles_of
from hourline.decide.rules.billable_time import is_sold
from hourline.decide.rules.cost_plus import is_cost_plus
from hourline.decide.rules.dimensions import cost_centre_missing, service_line_missing
from hourline.decide.rules.late_work import too_much, too_old
from hourline.decide.rules.transfer_price import unusable_price
from hourline.decide.rules.translation import accrual_lacks_rate
from hourline.decide.words import WORDS, Told
from hourline.kernel.codes import PendingState
from hourline.kernel.columns import NOTHING, Ints, rows_where
from hourline.kernel.effective import day_of
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.problems import WAITED_FOR, Problem, ProblemCode
from hourline.kernel.quantity import spoken_hours
from hourline.master.model import ContractLine
from hourline.master.snapshot import Snapshot
from hourline.master.snapshot.timelines import Timeline


def refusals_of(case: Case, problems: Ints, snapshot: Snapshot) -> list[Refusal]:
    """Return the refused entries in the order of the batch, all problems of each.

    The same words tell the warnings of entries that are accepted.
    """
    refused = rows_where(problems)
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


def _refusal(index: int, codes: tuple[ProblemCode, ...], told: Told) -> Refusal:
    return Refusal(
        index=index,
        state=_state(codes),
        problems=tuple(_problem(code, told) for code in codes),
    )


@cache
def _state(codes: tuple[ProblemCode, ...]) -> PendingState:
    waits = any(code in WAITED_FOR for code in codes)
    return PendingState.WAITING if waits else PendingState.EXCEPTION


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
        _names(kept.entities.ids, masters.resourcing[refused]),
        _names(kept.customers.ids, masters.customer[refused]),
        (masters.person_row != NOTHING)[refused].tolist(),
        cost_centre_missing(case, snapshot)[refused].tolist(),
        service_line_missing(case, snapshot)[refused].tolist(),
        _unexchanged(case, places, snapshot),
        _unopened(case, places, snapshot),
        _useless_rows(case, places, snapshot),
        _late_values(case, places, snapshot),
        is_cost_plus(masters, snapshot)[refused].tolist(),
        _lent_by_rate(case, places),
        _tax_services(masters.line_row[refused].tolist(), kept.lines),
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


def _tax_services(
    rows: Sequence[int], lines: Timeline[ContractLine]
) -> Iterator[str | None]:
    for row in rows:
        yield None if row == NOTHING else lines.spans[row].content.tax_service


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
    worked = batch.worked[places].tolist()
    spoken = {seconds: spoken_hours(seconds) for seconds in set(worked)}
    for place, seconds in zip(places, worked, strict=True):
        yield costs.get(place) or spoken[seconds]


def _cost(cost: int, number: int) -> str:
    return f"An expense of {_money(cost, number)}"


def _money(amount: int, number: int) -> str:
    currency = currency_numbered(number)
    return f"{major_units(amount, currency):f} {currency.code}"


def _unexchanged(case: Case, places: Sequence[int], snapshot: Snapshot) -> list[str]:
    """Return which rates of exchange an entry or its figures lack, but an accrual only.

    Of what else lacks one, the accrual is named with it.
    """
    expenses, transfers = case.found.expenses, case.found.transfers
    by_cost, masters = case.found.cost_plus, case.masters
    sold = is_sold(case)
    lacks: dict[int, list[str]] = {}
    for row, pairs in (
        *zip(expenses.row.tolist(), expenses.lacks, strict=True),
        *transfers.lacks.items(),
        *case.found.cost_exchange.lacks.items(),
    ):
        lacks.setdefault(row, []).append(pairs)
    for row, source in zip(by_cost.row.tolist(), by_cost.source.tolist(), strict=True):
        if source != NOTHING and sold[row]:
            pairs = pair_lacking(source, masters.currency[row], case.batch.day[row])
            lacks.setdefault(row, []).append(pairs)
    books = snapshot.columns.entities.currency[masters.entity_row]
    accrual = accrual_lacks_rate(case, snapshot)
    for row, named in lacks.items():
        if accrual[row] and any(named):
            day = case.found.days.accounting_day[row]
            named.append(pair_lacking(masters.currency[row], books[row], day))
    return [pairs_lacking(lacks.get(place, ())) for place in places]


def _unopened(case: Case, places: Sequence[int], snapshot: Snapshot) -> list[str]:
    """Return of which entities no month is open for each entry."""
    masters, ids = case.masters, snapshot.catalogue.entities.ids
    lender_shut = lender_closed(case)
    shut = own_closed(case)
    if not (shut | lender_shut)[places].any():
        return [""] * len(places)
    return [
        " and ".join(
            ids[entity]
            for entity, is_shut in (
                (masters.entity[place], shut[place]),
                (masters.resourcing[place], lender_shut[place]),
            )
            if is_shut and entity != NOTHING
        )
        for place in places
    ]


def _useless_rows(case: Case, places: Sequence[int], snapshot: Snapshot) -> list[str]:
    """Return which row of transfer prices gives each entry no price to use."""
    found, terms = case.found.transfers, snapshot.columns.transfer_prices.terms
    at = rows_where(unusable_price(case))
    useless = {
        row: terms[place].id
        for row, place in zip(
            found.row[at].tolist(), found.terms[at].tolist(), strict=True
        )
    }
    return [useless.get(place, "") for place in places]


def _late_values(case: Case, places: Sequence[int], snapshot: Snapshot) -> list[str]:
    """Return what late work counts with that is too much, but not too old as well."""
    rows, values = too_much(case, snapshot)
    if not rows.size:
        return [""] * len(places)
    old, entity_row = too_old(case, snapshot), case.masters.entity_row
    books = snapshot.columns.entities.currency[entity_row[rows]]
    told = {
        row: _money(value, number)
        for row, value, number in zip(
            rows.tolist(), values.tolist(), books.tolist(), strict=True
        )
        if not old[row]
    }
    return [told.get(place, "") for place in places]


def _lent_by_rate(case: Case, places: Sequence[int]) -> list[bool]:
    """Return for which entries only a transfer price lacks a bill rate."""
    transfers, by_cost = case.found.transfers, case.found.cost_plus
    lacking = set(transfers.row[transfers.lacks_bill_rate].tolist())
    lacking &= set(by_cost.row[by_cost.price != NOTHING].tolist())
    return [place in lacking for place in places]


def _days(days: Ints) -> list[str]:
    words = {day: str(day_of(day)) for day in np.unique(days).tolist()}
    return [words[day] for day in days.tolist()]


def _currencies(numbers: Ints) -> list[str]:
    codes = {
        number: currency_numbered(number).code if number != NOTHING else ""
        for number in np.unique(numbers).tolist()
    }
    return [codes[number] for number in numbers.tolist()]


def _names(ids: tuple[str, ...], dense: Ints) -> list[str]:
    return [ids[number] if number != NOTHING else "" for number in dense.tolist()]
