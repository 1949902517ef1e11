"""State what the books hold and prove it: every equation with both of its sides."""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import (
    DocumentKind,
    Effect,
    Fate,
    IntentState,
    Method,
    Outcome,
    PendingState,
    Role,
)
from hourline.kernel.money import Rounding, currency_numbered, round_fraction
from hourline.kernel.quantity import PRICE_SCALE
from hourline.proof.openings import OpeningSum, opening_sums

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class Equation:
    """Hold one proof: two figures computed apart, in seconds or minor units."""

    name: str
    unit: str
    left: int
    right: int

    @property
    def holds(self) -> bool:
        """Say whether both sides are the same."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class StateCount:
    """Count entries and their worked seconds in one state."""

    state: str
    entries: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Money:
    """Hold the money of one currency by stage, in minor units; credited is positive.

    `by_hand` is what amounts set by hand made of invoices, less credits of them: below
    zero where prices were written down. `receivable_in_books` is what invoices in any
    currency put on receivable in the books that are kept in this one.
    """

    currency: str
    billable: int
    milestones: int
    not_billable: int
    invoiced_net: int
    credited_net: int
    tax: int
    open_to_bill: int
    receivable: int
    documents_total: int
    receivable_in_books: int
    by_hand: int = 0


@dataclass(frozen=True, slots=True)
class FateSum:
    """Hold seconds and value of one fate in one currency."""

    fate: str
    currency: str
    seconds: int
    amount: int


@dataclass(frozen=True, slots=True)
class IntentCount:
    """Count the intents of one kind at one receiving system in one state."""

    connection: str
    kind: str
    state: str
    intents: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold everything a person needs to see that nothing is lost or doubled."""

    entries: list[StateCount]
    records: list[tuple[str, str, int]]
    fates: list[FateSum]
    money: list[Money]
    intents: list[IntentCount]
    equations: list[Equation]
    openings: list[OpeningSum] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Say whether every equation holds."""
        return all(equation.holds for equation in self.equations)


def state_books(session: Session) -> Statement:
    """Return the statement of a tenant's books as this transaction sees them."""
    fates = _fates(session)
    money = _money(session, fates)
    entries = [
        StateCount(*row)
        for row in session.tuples(
            QUERIES["entries_by_state"],
            waiting=PendingState.WAITING,
            exception=PendingState.EXCEPTION,
            invoice=DocumentKind.INVOICE,
            confirmed=IntentState.CONFIRMED,
        )
    ]
    openings = opening_sums(session)
    return Statement(
        openings=openings,
        entries=entries,
        records=[
            (Method(method).name.lower(), Outcome(outcome).name.lower(), records)
            for method, outcome, records in session.tuples(
                QUERIES["records_by_outcome"]
            )
        ],
        fates=fates,
        money=money,
        intents=_intents(session),
        equations=[
            *_time_equations(session, entries),
            *_money_equations(money),
            *_opening_equations(openings),
            *_ledger_equations(session),
        ],
    )


def _fates(session: Session) -> list[FateSum]:
    return [
        FateSum(
            Fate(fate).name.lower(), currency_numbered(currency).code, seconds, amount
        )
        for fate, currency, seconds, amount in session.tuples(
            QUERIES["portions_by_fate"]
        )
    ]


def _money(session: Session, fates: list[FateSum]) -> list[Money]:
    billable, open_work = _billable(session)
    reached: dict[str, int] = defaultdict(int)
    for currency, amount, billed in session.tuples(QUERIES["milestones_by_currency"]):
        code = currency_numbered(currency).code
        reached[code] = amount
        open_work[code] += amount - billed
    documents = _documents(session)
    receivable = _receivable(session, "receivable_by_currency")
    in_books = _receivable(session, "receivable_in_books")
    by_hand = {
        currency_numbered(currency).code: amount
        for currency, amount in session.tuples(QUERIES["amounts_by_hand"])
    }
    of_fates = {row.currency for row in fates}
    codes = sorted({*billable, *reached, *documents, *of_fates, *in_books})
    return [
        Money(
            currency=code,
            billable=billable[code],
            milestones=reached[code],
            not_billable=sum(
                row.amount
                for row in fates
                if row.currency == code and row.fate != "billable"
            ),
            invoiced_net=documents[code]["invoiced"],
            credited_net=documents[code]["credited"],
            by_hand=by_hand.get(code, 0),
            tax=documents[code]["tax"],
            open_to_bill=open_work[code],
            receivable=receivable.get(code, 0),
            documents_total=documents[code]["total"],
            receivable_in_books=in_books.get(code, 0),
        )
        for code in codes
    ]


def _receivable(session: Session, query: str) -> dict[str, int]:
    return {
        currency_numbered(currency).code: amount
        for currency, amount in session.tuples(
            QUERIES[query],
            receivable=Role.RECEIVABLE,
            sale=Effect.SALE,
            tax=Effect.TAX,
        )
    }


@dataclass(slots=True)
class _LineValue:
    """Sum up the exact value of a contract line's work, and how it is rounded."""

    rounding: Rounding
    everything: Fraction = Fraction(0)
    billed: Fraction = Fraction(0)


def _billable(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """Return the value of all that is billable and of what is open, rounded per line.

    A contract line's total is rounded once, as its invoices' running total is; so what
    is open is the rounded total less the rounded total billed. A credit takes the cents
    that its line had, so it can move what stands by a cent and the worth of a second:
    within that, it is the rounded total less what stands.
    """
    lines: dict[tuple[int, int], _LineValue] = {}
    for line_no, currency, rate_seconds, rounding, everything, billed in session.tuples(
        QUERIES["billable_by_line"], billable=Fate.BILLABLE
    ):
        rule = Rounding[rounding.upper()]
        value = lines.setdefault((line_no, currency), _LineValue(rule))
        value.everything += Fraction(int(everything), rate_seconds * PRICE_SCALE)
        value.billed += Fraction(billed) / (rate_seconds * PRICE_SCALE)
    for line_no, currency, denominator, rounding, everything, billed in session.tuples(
        QUERIES["expenses_by_line"], billable=Fate.BILLABLE
    ):
        rule = Rounding[rounding.upper()]
        value = lines.setdefault((line_no, currency), _LineValue(rule))
        value.everything += Fraction(everything) / Fraction(denominator)
        value.billed += Fraction(billed) / Fraction(denominator)
    credited = {
        (line_no, currency): (net, drift_max)
        for line_no, currency, net, drift_max in session.tuples(
            QUERIES["credited_lines"], price_scale=PRICE_SCALE
        )
    }
    billable: dict[str, int] = defaultdict(int)
    open_work: dict[str, int] = defaultdict(int)
    for (line_no, currency), value in lines.items():
        code = currency_numbered(currency).code
        total = round_fraction(value.everything, value.rounding)
        billed_net = round_fraction(value.billed, value.rounding)
        net, drift_max = credited.get((line_no, currency), (billed_net, 0))
        billable[code] += total
        open_work[code] += total - (
            net if abs(net - billed_net) <= drift_max else billed_net
        )
    return billable, open_work


def _documents(session: Session) -> dict[str, dict[str, int]]:
    documents: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, currency, _count, net, tax, total in session.tuples(
        QUERIES["documents_by_currency"]
    ):
        sums = documents[currency_numbered(currency).code]
        side = "invoiced" if kind == DocumentKind.INVOICE else "credited"
        sums[side] += net if kind == DocumentKind.INVOICE else -net
        sums["tax"] += tax
        sums["total"] += total
    return documents


def _intents(session: Session) -> list[IntentCount]:
    return [
        IntentCount(
            connection,
            DocumentKind(kind).name.lower(),
            IntentState(state).name.lower(),
            intents,
        )
        for connection, kind, state, intents in session.tuples(
            QUERIES["intents_by_state"]
        )
    ]


def _time_equations(session: Session, entries: list[StateCount]) -> list[Equation]:
    ((decisions, worked, uplift, portioned),) = session.tuples(QUERIES["time_in_force"])
    decided = [row for row in entries if row.state in {"approved", "billed", "posted"}]
    return [
        Equation("worked + uplift = portions", "seconds", worked + uplift, portioned),
        Equation(
            "entries in force = decisions",
            "entries",
            sum(row.entries for row in decided),
            decisions,
        ),
    ]


def _money_equations(money: list[Money]) -> list[Equation]:
    found = []
    for row in money:
        value = row.billable + row.milestones + row.not_billable
        found += [
            Equation(
                "value of portions and milestones = invoiced - credited - set by hand"
                " + open to bill + portions not billed",
                row.currency,
                value,
                row.invoiced_net
                - row.credited_net
                - row.by_hand
                + row.open_to_bill
                + row.not_billable,
            ),
            Equation(
                "receivable in the journals = invoices less credit notes",
                row.currency,
                row.receivable,
                row.documents_total,
            ),
        ]
    return found


def _opening_equations(openings: list[OpeningSum]) -> list[Equation]:
    return [
        Equation(
            f"opening = billed + open + reversed, contract {row.contract}",
            row.currency,
            row.opening,
            row.accounted,
        )
        for row in openings
    ]


def _ledger_equations(session: Session) -> list[Equation]:
    return [
        Equation(
            f"debits = credits, {entity} {period}",
            currency_numbered(currency).code,
            debit,
            credit,
        )
        for entity, period, currency, debit, credit in session.tuples(
            QUERIES["ledger_by_period"]
        )
    ]
