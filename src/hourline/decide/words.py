"""Say what is wrong with an entry, and what to do, as a controller would read it."""

from collections.abc import Callable
from typing import NamedTuple

from hourline.kernel.problems import ProblemCode


class Words(NamedTuple):
    """Hold what is wrong and what to do about it."""

    sentence: str
    remedy: str


class Told(NamedTuple):
    """Hold one refused entry in the words of its source and of master data.

    `quantity` is its hours, or what kind of expense it is; `unexchanged` says between
    which currencies, and when, an expense, a price by cost or a transfer price lacks a
    rate of exchange. `unopened` names the entities without an open month,
    `transfer_row` the row that gives no usable transfer price, `late_value` what work
    counts with that is too much to be booked late; each is empty where that is not the
    trouble. `by_cost` says that it is on a line priced by cost, `lent_by_rate` that
    only its transfer price lacks a bill rate there. `tax_service` is the kind of
    service its contract line sells.
    """

    person: str
    project: str
    activity: str | None
    hour_type: str | None
    role: str | None
    day: str
    quantity: str
    currency: str
    books_currency: str
    line: str
    contract: str
    entity: str
    lender: str
    customer: str
    knows_person: bool
    lacks_cost_centre: bool
    lacks_service_line: bool
    unexchanged: str
    unopened: str
    transfer_row: str
    late_value: str
    by_cost: bool
    lent_by_rate: bool
    tax_service: str | None

    @property
    def work(self) -> str:
        """Say which work it is: hours or cost, person, project and day."""
        whose = f"{self.quantity} of {self.person}"
        return f"{whose} on project {self.project} on {self.day}"


def _person(told: Told) -> Words:
    if told.knows_person:
        return Words(
            f"{told.work} waits: the legal entity that employs person {told.person}, or"
            " the one that provides them, is not known on that day.",
            f"Bring that entity into master data, or give person {told.person} another"
            " one; the work goes on by itself.",
        )
    return Words(
        f"{told.work} waits: person {told.person} is not known on that day.",
        f"Bring person {told.person} into master data with an employing entity, or"
        " correct the person on the entry; it goes on by itself.",
    )


def _project(told: Told) -> Words:
    return Words(
        f"{told.work} waits: project {told.project} is not known on that day.",
        f"Bring project {told.project} into master data, or correct the project on the"
        " entry; it goes on by itself.",
    )


def _contract_line(told: Told) -> Words:
    where = f"contract line {told.line}" if told.line else "its contract line"
    if told.contract:
        where = f"contract {told.contract} with its entity and customer"
    return Words(
        f"{told.work} waits: {where} is not known on that day.",
        "Bring the contract, its line, its legal entity and its customer into master"
        " data for that day; the entry goes on by itself.",
    )


def _closed(told: Told) -> Words:
    return Words(
        f"{told.work} is refused: the project is closed.",
        f"Open project {told.project} again, or move the entry to another project.",
    )


def _assigned(told: Told) -> Words:
    return Words(
        f"{told.work} is refused: {told.person} is not assigned to the project on that"
        " day.",
        f"Assign {told.person} to project {told.project} for that day, or move the"
        " entry.",
    )


def _activity(told: Told) -> Words:
    stated = f"activity {told.activity}" if told.activity else "an entry without one"
    return Words(
        f"{told.work} is refused: the project lists its activities and does not allow"
        f" {stated}.",
        f"Correct the activity of the entry, or add it to project {told.project}.",
    )


def _hour_type(told: Told) -> Words:
    hour_type = told.hour_type or "regular"
    return Words(
        f"{told.work} is refused: hour type {hour_type} is not known on that day.",
        f"Bring hour type {hour_type} into master data, or correct the entry.",
    )


def _dimension(told: Told) -> Words:
    missing = " and ".join(
        [
            *(["cost centre"] if told.lacks_cost_centre else []),
            *(["service line"] if told.lacks_service_line else []),
        ]
    )
    return Words(
        f"{told.work} is refused: the books of {told.entity} require a {missing}, and"
        " there is none.",
        f"Give project {told.project} a {missing}.",
    )


def _period(told: Told) -> Words:
    return Words(
        f"{told.work} is refused: no month of {told.unopened} is open on that day or in"
        " the two years after it.",
        f"Open a posting period of {told.unopened}.",
    )


def _late(told: Told) -> Words:
    what = "would be booked later after its day than"
    if told.late_value:
        what = f"would be booked late and counts with {told.late_value}, more than"
    return Words(
        f"{told.work} {what} {told.entity} books by itself.",
        "Let somebody with the right accept_late_work accept it, with hourline closing"
        f" accept; or open the posting period of that day of {told.entity}.",
    )


def _price_by_hand(told: Told) -> Words:
    return Words(
        f"{told.work} has a price set by hand, and {told.entity} takes none that nobody"
        " with the right has accepted.",
        "Let somebody with the right set_prices accept it, with hourline billing"
        " accept-price; or let the source deliver the entry without it.",
    )


def _price(told: Told) -> Words:
    if told.lent_by_rate:
        return Words(
            f"{told.work} has no transfer price: contract line {told.line} is sold at"
            " cost and a percentage, so it has no bill rate, from which what"
            f" {told.lender} charges {told.entity} starts.",
            f"Give {told.lender} and {told.entity} a transfer price that starts from"
            " the cost, or is one of its own; the work is priced by itself then.",
        )
    if told.by_cost:
        return Words(
            f"{told.work} has no price: contract line {told.line} is sold at cost and a"
            f" percentage, and {told.person} has no cost rate on that day that can be"
            " used.",
            f"Add a cost rate of {told.person} that holds on that day; the work is"
            " priced by itself then.",
        )
    role = f" (role {told.role})" if told.role else ""
    return Words(
        f"{told.work} has no price: no bill rate in {told.currency} matches"
        f" {told.person}{role} on contract {told.contract} on that day.",
        f"Add a bill rate in {told.currency} that matches this work on that day; it is"
        " priced by itself then.",
    )


def _tax(told: Told) -> Words:
    of = f" for the service {told.tax_service}" if told.tax_service else ""
    return Words(
        f"{told.work} has no tax rule: no row of the tax table matches {told.entity}"
        f" billing {told.customer}{of} on that day.",
        f"Add a tax rule for {told.entity} and {told.customer} that holds on that day.",
    )


def _fx(told: Told) -> Words:
    if told.unexchanged:
        return Words(
            f"{told.work} cannot be booked: there is no usable rate of exchange between"
            f" {told.unexchanged}.",
            "Add rates between these currencies that hold then; it goes on by itself.",
        )
    return Words(
        f"{told.work} cannot be accrued: there is no rate of exchange between"
        f" {told.currency} and {told.books_currency} on its accounting date.",
        f"Add a rate from {told.currency} to {told.books_currency} that holds then.",
    )


def _transfer(told: Told) -> Words:
    if told.transfer_row:
        return Words(
            f"{told.work} has no usable transfer price: row {told.transfer_row} gives"
            " less than nothing, or more than can be booked.",
            f"Correct transfer price {told.transfer_row}, or the rates it starts from;"
            " the entry goes on by itself.",
        )
    return Words(
        f"{told.work} has no transfer price: {told.person} is of"
        f" {told.lender}, contract {told.contract} is of {told.entity}, and no row says"
        " what the one charges the other on that day.",
        f"Add a transfer price of {told.lender} and {told.entity} that holds on that"
        " day; the entry goes on by itself.",
    )


def _receipt(told: Told) -> Words:
    return Words(
        f"{told.work} has no receipt, and {told.entity} takes none without one at that"
        " amount.",
        "Let the source deliver the expense again, as its next revision, with its"
        " receipt.",
    )


WORDS: dict[ProblemCode, Callable[[Told], Words]] = {
    ProblemCode.PERSON_NOT_KNOWN: _person,
    ProblemCode.PROJECT_NOT_KNOWN: _project,
    ProblemCode.CONTRACT_LINE_NOT_KNOWN: _contract_line,
    ProblemCode.PROJECT_CLOSED: _closed,
    ProblemCode.NOT_ASSIGNED: _assigned,
    ProblemCode.ACTIVITY_NOT_ALLOWED: _activity,
    ProblemCode.HOUR_TYPE_NOT_KNOWN: _hour_type,
    ProblemCode.DIMENSION_MISSING: _dimension,
    ProblemCode.PERIOD_CLOSED: _period,
    ProblemCode.LATE_WORK: _late,
    ProblemCode.PRICE_NOT_ACCEPTED: _price_by_hand,
    ProblemCode.PRICE_NOT_FOUND: _price,
    ProblemCode.TAX_NOT_DETERMINED: _tax,
    ProblemCode.FX_RATE_NOT_FOUND: _fx,
    ProblemCode.TRANSFER_PRICE_NOT_FOUND: _transfer,
    ProblemCode.RECEIPT_MISSING: _receipt,
}
