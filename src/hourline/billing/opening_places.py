"""Place the rows of an opening file in the master data: contract, price, tax, books."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypedDict

from hourline.billing.parties import currency_of_contract, tax_rule_on
from hourline.billing.rules.opening_net import not_net
from hourline.kernel.money import (
    AmountTooFine,
    currency_numbered,
    minor_units,
    round_fraction,
)
from hourline.kernel.openings import (
    OpeningKind,
    OpeningPosition,
    OpeningRow,
    RowProblem,
)
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.quantity import (
    PRICE_SCALE,
    Price,
    RateTooFine,
    price_per_hours,
    value_of,
)
from hourline.master.snapshot import (
    FxRateMissing,
    LineInForce,
    NoOpenPeriod,
    RecordNotKnown,
    Snapshot,
)

_STORED_PRICE_MAX = 10**17


@dataclass(frozen=True, slots=True)
class OpeningTerms:
    """Hold what all rows of a file share: whose ids they use, and as of which day."""

    connection_no: int
    cut_over: date


class _Wrong(Exception):
    """Carry what is wrong with a cell out of the row's reading."""

    def __init__(self, column: str | None, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.column = column
        self.problem = problem


def place_openings(
    snapshot: Snapshot, rows: Sequence[OpeningRow], terms: OpeningTerms
) -> tuple[list[OpeningPosition], list[RowProblem]]:
    """Return the rows as positions, and everything that is wrong with them."""
    positions, problems = [], []
    for row in rows:
        try:
            positions.append(_place(snapshot, row, terms))
        except _Wrong as wrong:
            problems.append(RowProblem(row.line, wrong.column, wrong.problem))
    problems += not_net(
        (one, snapshot.contract(one.contract_no).id) for one in positions
    )
    return positions, problems


def _place(snapshot: Snapshot, row: OpeningRow, terms: OpeningTerms) -> OpeningPosition:
    works = row.kind is OpeningKind.OPEN_WORK
    dated = _dated(row, terms)
    project_no = _number(snapshot, row, terms, "project") if works else None
    person_no = _number(snapshot, row, terms, "person") if works else None
    line = _line(snapshot, row, terms, project_no)
    contract_no = (
        _number(snapshot, row, terms, "contract") if line is None else line.contract_no
    )
    contract = snapshot.contract(contract_no)
    _check_method(row, line)
    _check_currency(snapshot, row, contract_no)
    price = _price(row)
    amount = _amount(snapshot, row, price, contract.entity_no)
    opens = row.kind in {OpeningKind.OPEN_WORK, OpeningKind.OPEN_AMOUNT}
    position = OpeningPosition(
        row=row,
        entity_no=contract.entity_no,
        **_sides(snapshot, person_no, contract.entity_no),
        contract_no=contract_no,
        contract_line_no=None if line is None else line.no,
        project_no=project_no,
        person_no=person_no,
        tax_rule_no=_tax_rule(snapshot, line, dated) if opens and line else None,
        dated=dated,
        rate_amount=price.amount,
        rate_seconds=price.seconds,
        amount=amount,
        accrued=amount if opens and line and line.content.accrue else 0,
        entity_currency=snapshot.entity(contract.entity_no).currency,
        entity_amount=0,
    )
    return _translated(snapshot, position, terms)


def _dated(row: OpeningRow, terms: OpeningTerms) -> date:
    if row.dated is None:
        return terms.cut_over
    if row.dated >= terms.cut_over:
        raise _Wrong(
            "date",
            Problem(
                ProblemCode.DATE_OUT_OF_RANGE,
                f"{row.dated} is not before the cut-over of {terms.cut_over}.",
                "Leave the row out: later work comes by the unit's connection.",
            ),
        )
    return row.dated


_UNKNOWN = {
    "person": ProblemCode.PERSON_NOT_KNOWN,
    "project": ProblemCode.PROJECT_NOT_KNOWN,
    "contract_line": ProblemCode.CONTRACT_LINE_NOT_KNOWN,
    "contract": ProblemCode.MASTER_REFERENCE_MISSING,
}


def _number(snapshot: Snapshot, row: OpeningRow, terms: OpeningTerms, kind: str) -> int:
    """Return the record a cell means: by the unit's own id, else by the canonical."""
    id_ = str(getattr(row, kind))
    own = snapshot.sources.get((terms.connection_no, kind), {}).get(id_)
    if own is not None:
        return snapshot.catalogue.of_kind(kind).nos[own]
    number = snapshot.number(kind, id_)
    if number is None:
        name = kind.replace("_", " ")
        raise _Wrong(
            kind,
            Problem(
                _UNKNOWN[kind],
                f"There is no {name} {id_}.",
                f"Bring the {name} in first, or correct its id.",
            ),
        )
    return number


def _line(
    snapshot: Snapshot, row: OpeningRow, terms: OpeningTerms, project_no: int | None
) -> LineInForce | None:
    if row.contract_line is not None:
        line_no: int | None = _number(snapshot, row, terms, "contract_line")
    elif project_no is not None:
        line_no = snapshot.project(project_no).contract_line_no
    else:
        return None
    if line_no is None:
        raise _Wrong(
            "project",
            Problem(
                ProblemCode.CONTRACT_LINE_NOT_KNOWN,
                f"Project {row.project} points to no contract line.",
                "Give the project its contract line, or name one in the row.",
            ),
        )
    return snapshot.contract_line(line_no)


class _Sides(TypedDict):
    employing_entity_no: int
    resourcing_entity_no: int


def _sides(snapshot: Snapshot, person_no: int | None, entity_no: int) -> _Sides:
    """Return who employs and who provides a person; else the contract's entity."""
    person = None if person_no is None else snapshot.person(person_no)
    employer = (person and person.entity_no) or entity_no
    provider = (person and person.resourcing_entity_no) or employer
    return {"employing_entity_no": employer, "resourcing_entity_no": provider}


# What a line of each billing method can still bill of the old system's time and money.
_BILLABLE_BY = {
    "time_and_materials": {OpeningKind.OPEN_WORK, OpeningKind.OPEN_AMOUNT},
    "fixed_price": {OpeningKind.OPEN_AMOUNT},
}


def _check_method(row: OpeningRow, line: LineInForce | None) -> None:
    opens = row.kind in {OpeningKind.OPEN_WORK, OpeningKind.OPEN_AMOUNT}
    if line is None or not opens:
        return
    method = line.content.method
    if row.kind not in _BILLABLE_BY.get(method, set()):
        named = "project" if row.contract_line is None else "contract_line"
        raise _wrong(
            named,
            f"Contract line {line.id} is {method.replace('_', ' ')}; it cannot bill"
            f" {row.kind.name.lower()}.",
            "Name the contract line that bills it, or leave the row out.",
        )


def _check_currency(snapshot: Snapshot, row: OpeningRow, contract_no: int) -> None:
    billed = currency_of_contract(snapshot, contract_no)
    if billed.number != row.currency:
        contract = snapshot.contract(contract_no).id
        raise _wrong(
            "currency",
            f"{currency_numbered(row.currency).code} is not {billed.code}, in which"
            f" contract {contract} is billed.",
            "State the amount in the currency of the contract.",
        )


def _price(row: OpeningRow) -> Price:
    if row.kind is not OpeningKind.OPEN_WORK:
        return Price(0, 1)
    if row.amount is not None:
        return _checked(row, Price(row.amount * PRICE_SCALE, row.seconds))
    currency = currency_numbered(row.currency)
    try:
        return _checked(
            row, price_per_hours(row.rate or Decimal(0), Decimal(1), currency)
        )
    except RateTooFine as fault:
        raise _wrong("rate", f"{fault}.", "Round it, or state an amount.") from None


def _checked(row: OpeningRow, price: Price) -> Price:
    if price.amount > _STORED_PRICE_MAX:
        column = "amount" if row.rate is None else "rate"
        raise _wrong(column, f"The {column} is too large to be exact.", "Correct it.")
    return price


def _amount(snapshot: Snapshot, row: OpeningRow, price: Price, entity_no: int) -> int:
    if row.amount is not None:
        return row.amount
    worth = value_of(row.seconds, rate_amount=price.amount, rate_seconds=price.seconds)
    amount = round_fraction(worth, snapshot.rounding(entity_no))
    if amount == 0:
        raise _wrong("rate", "The work is worth nothing.", "Correct rate or hours.")
    return amount


def _tax_rule(snapshot: Snapshot, line: LineInForce, dated: date) -> int | None:
    try:
        found = tax_rule_on(snapshot, line, dated)
    except RecordNotKnown as fault:
        raise _wrong("date", f"{fault}.", "Correct the dates of the record.") from None
    if isinstance(found, Problem):
        remedy = "Add a row for the countries of its entity and customer."
        raise _Wrong("contract_line", replace(found, remedy=remedy))
    return found


def _translated(
    snapshot: Snapshot, position: OpeningPosition, terms: OpeningTerms
) -> OpeningPosition:
    if position.booked == 0:
        return position
    try:
        booked_on = snapshot.accounting_date(position.entity_no, terms.cut_over, None)
    except NoOpenPeriod:
        booked_on = None
    if booked_on != terms.cut_over:
        raise _Wrong(None, _closed(snapshot, position, terms))
    return replace(position, entity_amount=_entity_amount(snapshot, position, terms))


def _closed(
    snapshot: Snapshot, position: OpeningPosition, terms: OpeningTerms
) -> Problem:
    entity = snapshot.entity(position.entity_no).id
    return Problem(
        ProblemCode.PERIOD_CLOSED,
        f"The month of {terms.cut_over} is closed in {entity}, so nothing can be opened"
        " on that day.",
        "Open the posting period, or take the unit over as of a later day.",
    )


def _entity_amount(
    snapshot: Snapshot, position: OpeningPosition, terms: OpeningTerms
) -> int:
    row, books = position.row, currency_numbered(position.entity_currency)
    if row.entity_amount is not None:
        stated = _stated(row.entity_amount, position)
        if row.currency == position.entity_currency and stated != position.booked:
            raise _wrong(
                "entity_amount",
                f"The books are in {books.code} too, but have another amount.",
                "Leave entity_amount out, or correct it.",
            )
        return stated
    try:
        rate = snapshot.minor_fx(row.currency, position.entity_currency, terms.cut_over)
    except FxRateMissing as fault:
        raise _Wrong(
            "currency",
            Problem(
                ProblemCode.FX_RATE_NOT_FOUND,
                f"The position cannot be translated: {fault}.",
                "Add the rate of exchange, or state entity_amount from the old books.",
            ),
        ) from None
    exact = Fraction(position.booked) * rate
    return round_fraction(exact, snapshot.rounding(position.entity_no))


def _stated(amount: Decimal, position: OpeningPosition) -> int:
    currency = currency_numbered(position.entity_currency)
    try:
        return minor_units(amount, currency)
    except AmountTooFine as fault:
        raise _wrong(
            "entity_amount", f"{fault}.", "Round it as the books do."
        ) from None


def _wrong(column: str, sentence: str, remedy: str) -> _Wrong:
    return _Wrong(column, Problem(ProblemCode.FIELD_INVALID, sentence, remedy))
