"""Explain what the entity that provides the person charges, and on which invoice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hourline.decide.model import Case, Transfers
from hourline.decide.rules.bill_rate import roles_of
from hourline.decide.rules.transfer_price import base_rates
from hourline.flow.explain.exchange import exchange_on
from hourline.flow.explain.model import Check, RulesAt, Step, exactly, money, percent
from hourline.flow.explain.pricing import named_cells
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import TransferModel
from hourline.kernel.columns import NOTHING
from hourline.kernel.decision_table import TableRow, matching
from hourline.kernel.effective import day_of
from hourline.kernel.money import Rounding, currency_numbered, round_fraction
from hourline.kernel.quantity import spoken_hours
from hourline.master.rulebook.tables import TRANSFER_PRICES
from hourline.master.snapshot import Snapshot, TransferTerms

QUERIES = load_queries(__package__)
_LOSERS_MAX = 20


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """Hold a line of an intercompany invoice, in minor units of each currency."""

    number: str
    invoice_date: date
    lender: str
    borrower: str
    line_no: int
    mirrored: bool
    seconds: int
    net: int
    tax: int
    cost_tax: int
    currency: int
    change_no: int
    lender_date: date
    lender_currency: int
    borrower_date: date
    borrower_currency: int
    lender_net: int
    borrower_net: int
    tax_engine: str | None
    tax_reference: str | None


@dataclass(frozen=True, slots=True)
class _Price:
    """Hold the transfer price of one entry; amounts in minor units, see `Transfers`."""

    currency: int
    amount: int
    accrues: bool
    lender_amount: int
    borrower_amount: int | None


def transfer_step(case: Case, snapshot: Snapshot) -> Step | None:
    """Explain the transfer price: row, model, rates, exchange, both sides' books.

    None where the contracting entity provides the person, or it is an expense.
    """
    found = case.found.transfers
    if not len(found.row) or not found.is_priced[0]:
        return None
    terms = snapshot.columns.transfer_prices.terms[int(found.terms[0])]
    price = _price(found, terms)
    per_hour, told = _per_hour(case, snapshot, terms, price)
    exact = per_hour * int(case.batch.worked[0]) / 3600
    rounding = Rounding(
        int(snapshot.columns.entities.rounding[case.masters.resourcing_row[0]])
    )
    amount = round_fraction(exact, rounding)
    worked = spoken_hours(int(case.batch.worked[0]))
    return Step(
        about="transfer price",
        sentences=[
            *_rows(case, snapshot, terms),
            told,
            (
                f"{worked} worked at {exactly(per_hour, price.currency)} an hour are"
                f" exactly {exactly(exact, price.currency)}; rounded once"
                f" ({rounding.name.lower().replace('_', ' ')}) they are"
                f" {money(price.amount, price.currency)}."
            ),
            *_sides(case, snapshot, price),
        ],
        figures={
            "row": terms.id,
            "model": terms.model.name.lower(),
            "exact_minor_units": str(exact),
            "amount": price.amount,
            "currency": currency_numbered(price.currency).code,
            "lender_amount": price.lender_amount,
            "borrower_amount": price.borrower_amount,
        },
        checks=[
            Check(
                figure="transfer price",
                recomputed=money(amount, price.currency),
                stored=money(price.amount, price.currency),
            )
        ],
    )


def _price(found: Transfers, terms: TransferTerms) -> _Price:
    theirs = int(found.borrower_amount[0])
    return _Price(
        currency=int(found.currency[0]),
        amount=int(found.amount[0]),
        accrues=terms.accrues and int(found.amount[0]) > 0,
        lender_amount=int(found.lender_amount[0]),
        borrower_amount=None if theirs == NOTHING else theirs,
    )


def _rows(case: Case, snapshot: Snapshot, terms: TransferTerms) -> Iterator[str]:
    kept, prices = snapshot.catalogue, snapshot.catalogue.transfer_prices
    rows = [
        TableRow(
            prices.id_of(span),
            tuple(
                getattr(span.content, name) for name in TRANSFER_PRICES.shape.columns
            ),
            span.effective_from,
            span.effective_until,
        )
        for span in prices.spans
    ]
    roles = {number: name for name, number in snapshot.roles.items()}
    lender = kept.entities.ids[int(case.masters.resourcing[0])]
    borrower = kept.entities.ids[int(case.masters.entity[0])]
    wanted = {
        "lender": lender,
        "borrower": borrower,
        "person": kept.people.ids[int(case.batch.person[0])],
        "role": roles.get(int(roles_of(case.batch, case.masters, snapshot)[0])),
    }
    day = day_of(int(case.batch.day[0]))
    found = [rows[at] for at in matching(TRANSFER_PRICES.shape, rows, wanted, day)]
    yield (
        f"{lender} lends to {borrower}: the row {terms.id} holds, as"
        f" {_specific(found[0])}."
    )
    for one in found[1 : _LOSERS_MAX + 1]:
        yield f"The row {one.id} matches too, but yields: {_specific(one)}."


def _specific(row: TableRow) -> str:
    named = [
        f"{name} {cell}"
        for name, cell in named_cells(TRANSFER_PRICES.shape, row)
        if name in TRANSFER_PRICES.shape.dimensions
    ]
    return "it names " + ", ".join(named) if named else "it names nobody"


def _per_hour(
    case: Case, snapshot: Snapshot, terms: TransferTerms, price: _Price
) -> tuple[Fraction, str]:
    """Return what an hour is charged at, in minor units, and how that comes about."""
    ((cost, bill),) = base_rates(case, snapshot)
    own = int(snapshot.columns.entities.currency[case.masters.resourcing_row[0]])
    contract = int(case.masters.currency[0])
    money_in = price.currency if terms.currency == NOTHING else terms.currency
    day = day_of(int(case.found.days.lending_day[0]))
    per_hour, told = Fraction(0), []
    for weight, rate, currency, name in (
        (terms.cost_weight, cost, own, "the cost rate"),
        (terms.bill_weight, bill, contract, "the bill rate"),
        (
            terms.money,
            Fraction(10 ** currency_numbered(money_in).decimals),
            money_in,
            "",
        ),
    ):
        if not weight * rate:
            continue
        exchange = snapshot.minor_fx(currency, price.currency, day)
        per_hour += weight * rate * exchange
        base = exactly(rate, currency) if name else exactly(weight * rate, currency)
        share = f"{percent(weight * 100)} % of {name} of " if name else ""
        told.append(f"{share}{base}{_rated(snapshot, currency, price.currency, day)}")
    model = terms.model.name.lower().replace("_", " ")
    factors = "" if terms.model is TransferModel.UNIT_PRICE else ", with its factor"
    said = " and ".join(told) or "nothing"
    return per_hour, f"By its model, {model}{factors}, an hour is charged at {said}."


def _rated(snapshot: Snapshot, source: int, target: int, day: date) -> str:
    """Say the rate of exchange of a day; nothing where there is none to say."""
    rate = exchange_on(snapshot, source, target, day)
    return "" if rate is None or rate.row is None else f", at {rate.said()}"


def _sides(case: Case, snapshot: Snapshot, price: _Price) -> Iterator[str]:
    entities, kept = snapshot.columns.entities, snapshot.catalogue.entities
    lender = kept.ids[int(case.masters.resourcing[0])]
    borrower = kept.ids[int(case.masters.entity[0])]
    own = int(entities.currency[case.masters.resourcing_row[0]])
    theirs = int(entities.currency[case.masters.entity_row[0]])
    days = case.found.days
    if price.accrues:
        lent_on = day_of(int(days.lending_day[0]))
        rated = _rated(snapshot, price.currency, own, lent_on)
        yield (
            f"{lender} accrues {money(price.lender_amount, own)} in its books until it"
            f" invoices{rated}."
        )
    else:
        yield f"{lender} accrues nothing before it invoices."
    if price.borrower_amount is None:
        yield f"There is no rate of exchange yet for the books of {borrower}."
    else:
        booked_on = day_of(int(days.accounting_day[0]))
        rated = _rated(snapshot, price.currency, theirs, booked_on)
        worth = money(price.borrower_amount, theirs)
        yield f"In the books of {borrower} it is {worth}{rated}."


def charged_steps(
    session: Session, rules: RulesAt, key: tuple[int, int], amount: int | None
) -> Iterator[Step]:
    """Yield the lines of intercompany invoices a revision is on.

    `amount` is its transfer price in minor units: it is charged, or taken back, whole.
    """
    for line in session.all(
        QUERIES["intercompany_lines"], ChargedLine, entry_no=key[0], revision=key[1]
    ):
        sign, what = (-1, "takes back") if line.mirrored else (1, "charges")
        told = (
            f"Line {line.line_no} of {line.number}, {line.invoice_date}, {what}"
            f" {line.borrower} {money(abs(line.net), line.currency)} for"
            f" {spoken_hours(abs(line.seconds))}; its tax is"
            f" {money(line.tax, line.currency)}{_not_recovered(line)}. It is"
            f" {money(line.lender_net, line.lender_currency)} in the books of"
            f" {line.lender}, {money(line.borrower_net, line.borrower_currency)} in"
            f" those of {line.borrower}."
        )
        snapshot = rules.at(line.change_no)
        yield Step(
            about="intercompany invoice",
            sentences=[told, *_books(snapshot, line), *_decided(line)],
            figures={
                "document": line.number,
                "line": line.line_no,
                "currency": currency_numbered(line.currency).code,
                "net": line.net,
                "tax": line.tax,
                "cost_tax": line.cost_tax,
                "lender_net": line.lender_net,
                "borrower_net": line.borrower_net,
            },
            checks=[
                Check(
                    figure=f"net of {line.number} line {line.line_no}",
                    recomputed=str(None if amount is None else sign * amount),
                    stored=str(line.net),
                )
            ],
        )


def _books(snapshot: Snapshot, line: ChargedLine) -> Iterator[str]:
    """Yield the rates that each of the two books used; none where it took it back."""
    if line.mirrored:
        yield "It is taken back as it was booked, at the original rates."
        return
    for entity, books, day in (
        (line.lender, line.lender_currency, line.lender_date),
        (line.borrower, line.borrower_currency, line.borrower_date),
    ):
        rate = exchange_on(snapshot, line.currency, books, day)
        if rate is not None and rate.row is not None:
            yield f"{entity} translated it at {rate.said()}."


def _decided(line: ChargedLine) -> Iterator[str]:
    if line.tax_engine is not None:
        yield (
            f"Tax engine {line.tax_engine} decided its tax, under its reference"
            f" {line.tax_reference}."
        )


def _not_recovered(line: ChargedLine) -> str:
    if not line.cost_tax:
        return ""
    kept = money(line.cost_tax, line.currency)
    return f", of which {line.borrower} does not recover {kept}"
