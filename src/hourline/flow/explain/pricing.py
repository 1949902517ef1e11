"""Explain time and price: what is billable, which rate row holds, what it makes."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from hourline.decide.model import Case, PortionColumns
from hourline.decide.rules.bill_rate import roles_of
from hourline.decide.rules.hand_price import is_by_hand
from hourline.flow.explain.model import Step, exactly, money, percent
from hourline.flow.explain.terms import is_blended
from hourline.kernel.codes import Fate
from hourline.kernel.columns import NOTHING
from hourline.kernel.decision_table import Shape, TableRow, matching, rank_of
from hourline.kernel.effective import day_of
from hourline.kernel.entries import NOT_STATED
from hourline.kernel.money import Rounding, currency_numbered
from hourline.kernel.quantity import HOUR_SECONDS, PRICE_SCALE, spoken_hours, value_of
from hourline.master.rulebook.columns import text_of
from hourline.master.rulebook.tables import BILL_RATES
from hourline.master.snapshot import Snapshot

_LOSERS_MAX = 20


def time_step(case: Case) -> Step:
    """Explain how worked time becomes billable time."""
    worked, stated = int(case.batch.worked[0]), int(case.batch.stated[0])
    billable, uplift = int(case.time.billable[0]), int(case.time.uplift[0])
    sentences = [
        f"{spoken_hours(worked)} were worked on {day_of(int(case.batch.day[0]))}."
    ]
    if stated != NOT_STATED:
        sentences.append(
            f"The approver stated {spoken_hours(stated)} as billable, taken as given."
        )
    if billable == worked:
        sentences.append("All of it is billable.")
    elif billable:
        sentences.append(f"{spoken_hours(billable)} of it is billable.")
    else:
        fate = Fate(int(case.time.rest_fate[0])).name.lower().replace("_", "-")
        sentences.append(f"None of it is billed by the hour: it is {fate}.")
    if uplift:
        sentences.append(f"{spoken_hours(uplift)} are billed above what was worked.")
    figures: dict[str, object] = {
        "worked_seconds": worked,
        "stated_seconds": None if stated == NOT_STATED else stated,
        "billable_seconds": billable,
        "uplift_seconds": uplift,
    }
    return Step(about="time", sentences=sentences, figures=figures)


def rate_step(case: Case, snapshot: Snapshot) -> Step:
    """Explain which row of the rate card holds, and which match but yield to it."""
    if is_by_hand(case.batch.entries.price)[0]:
        return Step(
            about="bill rate",
            sentences=["A price set by hand stands above every rate row."],
            figures={"by_hand": True},
        )
    rows = _rate_rows(snapshot)
    found = matching(
        BILL_RATES.shape,
        rows,
        _rate_case(case, snapshot),
        day_of(int(case.batch.day[0])),
    )
    if not found:
        return Step(about="bill rate", sentences=["No row of the rate card matches."])
    holding, others = rows[found[0]], [rows[place] for place in found[1:]]
    sentences = [f"The row {holding.id} holds: {_specific(holding)}."]
    sentences += _escalated(snapshot, found[0])
    sentences += [
        f"The row {one.id} matches too, but {_yields(one, holding)}: {_specific(one)}."
        for one in others[:_LOSERS_MAX]
    ]
    if len(others) > _LOSERS_MAX:
        sentences.append(f"So do {len(others) - _LOSERS_MAX} more.")
    return Step(
        about="bill rate",
        sentences=sentences,
        figures={
            "row": holding.id,
            "rank": list(rank_of(BILL_RATES.shape, holding)),
            "matched": dict(named_cells(BILL_RATES.shape, holding)),
            "yielded": [one.id for one in others],
        },
    )


def _escalated(snapshot: Snapshot, place: int) -> Iterator[str]:
    """Say that the rate is the one of a year, where it escalates."""
    span = snapshot.catalogue.bill_rates.spans[place]
    rate = span.content
    if rate.escalation_percent is not None:
        until = span.effective_until
        ends = "" if until == date.max else f" until {until}"
        yield (
            f"It escalates by {text_of(rate.escalation_percent)} % a year; from"
            f" {span.effective_from}{ends} its rate is {text_of(rate.rate)}"
            f" {rate.currency} per {rate.per}."
        )


def _rate_rows(snapshot: Snapshot) -> list[TableRow]:
    rates = snapshot.catalogue.bill_rates
    return [
        TableRow(
            rates.id_of(span),
            tuple(
                BILL_RATES.shape.cell(name, text_of(getattr(span.content, name)))
                for name in BILL_RATES.shape.columns
            ),
            span.effective_from,
            span.effective_until,
        )
        for span in rates.spans
    ]


def _rate_case(case: Case, snapshot: Snapshot) -> dict[str, str | None]:
    masters, kept = case.masters, snapshot.catalogue
    roles = {number: name for name, number in snapshot.roles.items()}
    return {
        "currency": currency_numbered(int(masters.currency[0])).code,
        "contract_line": kept.lines.ids[int(masters.line[0])],
        "contract": kept.contracts.ids[int(masters.contract[0])],
        "project": kept.projects.ids[int(case.batch.project[0])],
        "customer": kept.customers.ids[int(masters.customer[0])],
        "entity": kept.entities.ids[int(masters.entity[0])],
        "person": kept.people.ids[int(case.batch.person[0])],
        "role": roles.get(int(roles_of(case.batch, masters, snapshot)[0])),
        "activity": case.batch.entries.activity_ref[0],
    }


def named_cells(shape: Shape, row: TableRow) -> Iterator[tuple[str, str]]:
    """Yield the columns a row names, each with what it names."""
    for name, cell in zip(shape.columns, row.cells, strict=True):
        if cell is not None:
            yield name, cell


def _is_blended(row: TableRow) -> bool:
    return BILL_RATES.shape.flag in dict(named_cells(BILL_RATES.shape, row))


def _yields(row: TableRow, holding: TableRow) -> str:
    if _is_blended(holding) and not _is_blended(row):
        return "is not blended"
    return "is less specific"


def _specific(row: TableRow) -> str:
    named = [
        f"{name.replace('_', ' ')} {cell}"
        for name, cell in named_cells(BILL_RATES.shape, row)
        if name not in {"currency", BILL_RATES.shape.flag}
    ]
    told = "it names " + ", ".join(named) if named else "it is of the standard card"
    return f"it is blended and {told[3:]}" if _is_blended(row) else told


def factor_step(case: Case, snapshot: Snapshot) -> Step | None:
    """Explain the factors of the kind of hour; None where there are none."""
    types, row = snapshot.columns.hour_types, int(case.masters.hour_type_row[0])
    bill = Fraction(int(types.bill_numerator[row]), int(types.bill_denominator[row]))
    cost = Fraction(int(types.cost_numerator[row]), int(types.cost_denominator[row]))
    if bill == cost == 1:
        return None
    stated = case.batch.entries.hour_type_ref[0] or "regular"
    told = f"the bill rate counts {percent(bill)} times"
    if is_blended(case, snapshot):
        told = "the bill rate is blended, so no factor counts for it"
    return Step(
        about="hour type",
        sentences=[(f"{stated}: {told}, the cost rate {percent(cost)} times.")],
        figures={"hour_type": stated, "bill_factor": bill, "cost_factor": cost},
    )


def portion_step(
    portions: PortionColumns, row: int, rounding: Rounding, worth: Fraction | None
) -> Step:
    """Explain what a portion is worth: the exact figure, and how it is rounded.

    `worth` is the exact worth of an expense in minor units, None for time.
    """
    currency, seconds = int(portions.currency[row]), int(portions.seconds[row])
    amount, accrued = int(portions.amount[row]), int(portions.accrued_amount[row])
    fate = Fate(int(portions.fate[row])).name.lower().replace("_", " ")
    rate = int(portions.rate_amount[row]), int(portions.rate_seconds[row])
    exact = worth
    if exact is None:
        exact = value_of(seconds, rate_amount=rate[0], rate_seconds=rate[1])
        per_hour = Fraction(rate[0] * HOUR_SECONDS, rate[1] * PRICE_SCALE)
        basis = f"{spoken_hours(seconds)} at {exactly(per_hour, currency)} an hour"
    else:
        basis = "The expense with its markup"
    how = rounding.name.lower().replace("_", " ")
    sentences = [
        (
            f"{basis} is exactly {exactly(exact, currency)}; rounded once ({how}), the"
            f" {fate} portion is worth {money(amount, currency)}."
        )
    ]
    sentences.append(
        f"{money(accrued, currency)} of it is accrued until it is billed."
        if accrued
        else "Nothing of it is accrued."
    )
    return Step(
        about=f"portion {int(portions.part[row])}",
        sentences=sentences,
        figures={
            "part": int(portions.part[row]),
            "fate": fate,
            "seconds": seconds,
            "exact_minor_units": str(exact),
            "rounding": rounding.name.lower(),
            "amount": amount,
            "accrued": accrued,
        },
    )


def _provided(case: Case, snapshot: Snapshot) -> Iterator[str]:
    """Say who employs and who provides the person, where those are two."""
    masters, tables = case.masters, snapshot.columns
    if masters.employer[0] == masters.resourcing[0]:
        return
    names = snapshot.catalogue.entities.ids
    told = (
        f"{names[int(masters.employer[0])]} employs the person, and"
        f" {names[int(masters.resourcing[0])]} provides them and bears the cost"
    )
    source, target = (
        int(tables.entities.currency[row[0]])
        for row in (masters.employer_row, masters.resourcing_row)
    )
    if case.found.cost_exchange.row.size:
        day = day_of(int(case.found.days.resourcing_day[0]))
        rate = snapshot.fx(source, target, day)
        if _is_inverse(rate):
            source, target, rate = target, source, 1 / rate
        codes = [currency_numbered(number).code for number in (source, target)]
        told += f"; one {codes[0]} is {percent(rate)} {codes[1]} on {day}"
    yield f"{told}."


def _is_inverse(rate: Fraction) -> bool:
    """Say whether only the opposite of a rate can be written in decimals."""
    return "/" in percent(rate) and "/" not in percent(1 / rate)


def cost_step(case: Case, cost: int, snapshot: Snapshot) -> Step:
    """Explain what the work costs, in the books of the entity that bears it."""
    tables = snapshot.columns
    currency = int(tables.entities.currency[case.masters.resourcing_row[0]])
    row = int(case.found.cost_rate[0])
    if row == NOTHING:
        told = "The person has no cost rate that day, so the work costs 0."
        return Step(about="cost", sentences=[told], figures={"amount": cost})
    rates = snapshot.catalogue.cost_rates
    employer = int(tables.entities.currency[case.masters.employer_row[0]])
    span = rates.spans[row]
    rate = f"{span.content.rate} {currency_numbered(employer).code}"
    return Step(
        about="cost",
        sentences=[
            (
                f"The cost rate {rates.id_of(span)} is {rate} an hour of"
                f" {span.content.person}; {spoken_hours(int(case.batch.worked[0]))}"
                f" with the hour type's factor cost"
                f" {money(cost, currency)}, rounded once."
            ),
            *_provided(case, snapshot),
        ],
        figures={"row": rates.id_of(span), "amount": cost},
    )
