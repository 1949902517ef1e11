"""Explain what was paid in advance: by a retainer, or by a price that covers work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hourline.decide.model import Case
from hourline.flow.explain.billed_line import Billed
from hourline.flow.explain.model import Check, Step, money
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Fate
from hourline.kernel.money import Rounding, round_fraction
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)
_RUNS_MAX = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """Hold what an invoice drew of a retainer, or a credit note gave back (below 0)."""

    number: str
    retainer: str
    credit_note: str | None
    gross: int
    net: int
    tax: int
    currency: int


@dataclass(frozen=True, slots=True)
class RevenueOfLine:
    """Hold what a run of recognition found of a contract line, in minor units.

    `done` and `whole` are seconds, cost in the entity's currency, days or milestones.
    """

    through: date
    method: str
    price: int
    done: Decimal
    whole: Decimal
    numerator: str
    denominator: str
    earned: int
    amount: int
    currency: int
    entity_currency: int
    entity_no: int
    contract_line: str


def drawdown_steps(session: Session, billed: Billed) -> Iterator[Step]:
    """Yield what the invoices of a work or amount drew of retainers: of all lines."""
    yield from _drawn(session.all(QUERIES["drawdowns"], Drawn, **billed.asked))


def drawn_steps(session: Session, contract_line_no: int, name: str) -> Iterator[Step]:
    """Yield what later invoices drew of a retainer."""
    asked = {"contract_line_no": contract_line_no, "milestone": name}
    yield from _drawn(session.all(QUERIES["drawn_of"], Drawn, **asked))


def _drawn(found: Iterable[Drawn]) -> Iterator[Step]:
    for drawn in found:
        of = (
            f"{money(abs(drawn.net), drawn.currency)} net and"
            f" {money(abs(drawn.tax), drawn.currency)} tax"
        )
        gross = money(abs(drawn.gross), drawn.currency)
        told = (
            f"The retainer {drawn.retainer} pays {gross} of {drawn.number}, {of}; the"
            " invoice as a whole is due by so much less."
            if drawn.credit_note is None
            else f"{drawn.credit_note} gives {gross} that {drawn.number} drew back to"
            f" the retainer {drawn.retainer}, {of}."
        )
        yield Step(
            about="retainer",
            sentences=[told],
            figures={
                "document": drawn.number,
                "retainer": drawn.retainer,
                "gross": drawn.gross,
                "net": drawn.net,
                "tax": drawn.tax,
            },
            checks=[
                Check(
                    figure=f"drawn by {drawn.number} of {drawn.retainer}",
                    recomputed=money(drawn.net + drawn.tax, drawn.currency),
                    stored=money(drawn.gross, drawn.currency),
                )
            ],
        )


def covered_steps(
    session: Session,
    key: tuple[int, int],
    case: Case,
    told: tuple[Snapshot, Rounding],
) -> Iterator[Step]:
    """Yield how the price that covers work is earned, as runs of recognition found."""
    snapshot, rounding = told
    if int(case.time.rest_fate[0]) != Fate.COVERED:
        return
    span = snapshot.catalogue.lines.spans[int(case.masters.line_row[0])]
    line = snapshot.catalogue.lines.id_of(span)
    covers = f"The price of {line} covers this work, whatever its hours."
    if not span.content.is_deferred:
        booked = "Its revenue is booked by its invoices."
        yield Step(about="covered", sentences=[covers, booked])
        return
    asked = {"entry_no": key[0], "revision": key[1], "limit": _RUNS_MAX}
    runs = session.all(QUERIES["revenue_of_line"], RevenueOfLine, **asked)
    if not runs:
        booked = "No run of recognition has gone through its work date yet."
        yield Step(about="covered", sentences=[covers, booked])
        return
    yield Step(about="covered", sentences=[covers])
    for run in reversed(runs):
        yield _recognised(run, rounding)


def _recognised(run: RevenueOfLine, rounding: Rounding) -> Step:
    exact = Fraction(int(run.numerator), int(run.denominator))
    method = run.method.replace("_", " ")
    return Step(
        about="revenue",
        sentences=[
            (
                f"Through {run.through}, {run.contract_line} had earned"
                f" {money(run.earned, run.currency)} of"
                f" {money(run.price, run.currency)} by {method}: {_done(run)}."
                f" {money(run.amount, run.currency)} of it was new."
            )
        ],
        figures={
            "through": run.through,
            "method": run.method,
            "done": run.done,
            "whole": run.whole,
            "earned": run.earned,
            "new": run.amount,
        },
        checks=[
            Check(
                figure=f"earned by {run.contract_line} through {run.through}",
                recomputed=money(round_fraction(exact, rounding), run.currency),
                stored=money(run.earned, run.currency),
            )
        ],
    )


def _done(run: RevenueOfLine) -> str:
    done, whole = int(run.done), int(run.whole)
    match run.method:
        case "percent_hours":
            return f"{spoken_hours(done)} of {spoken_hours(whole)}"
        case "percent_cost":
            spent, estimate = (money(one, run.entity_currency) for one in (done, whole))
            return f"a cost of {spent} of {estimate}"
        case _:
            return f"{done} of {whole}"
