"""Explain where an hour is billed: each line as a step of its running total."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hourline.billing.rules.running_total import RunningTotal, step
from hourline.flow.explain.model import Check, Step, exactly, money
from hourline.infra.database import Session
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import Rounding
from hourline.kernel.quantity import spoken_hours, value_of


@dataclass(frozen=True, slots=True)
class BilledLine:
    """Hold an invoice or credit line, and what its contract line was billed before."""

    part: int
    number: str
    kind: int
    invoice_date: date
    document_no: int
    line_no: int
    seconds: int
    units: int
    rate_amount: int
    rate_seconds: int
    net: int
    net_at_rate: int | None
    tax: int
    tax_rate_ppm: int
    currency: int
    entity_no: int
    credits_document_no: int | None
    worth_before: list[tuple[int, int, int]]
    amounts_before: int
    net_before: int
    by_units: bool
    customers: int
    tax_engine: str | None
    tax_reference: str | None

    @property
    def is_plain(self) -> bool:
        """Say whether the line is a step of time alone, billed to one customer."""
        return (
            self.kind == DocumentKind.INVOICE
            and not self.units
            and not self.by_units
            and self.customers <= 1
        )

    @property
    def total_before(self) -> RunningTotal:
        """Give what the contract line was billed before this line."""
        exact = sum(
            (
                value_of(seconds, rate_amount=amount, rate_seconds=per)
                for seconds, amount, per in self.worth_before
            ),
            start=Fraction(self.amounts_before),
        )
        return RunningTotal(exact, self.net_before)


def billed_steps(
    session: Session, query: Query, key: tuple[int, int], rounding: Rounding
) -> Iterator[Step]:
    """Yield a step for each document line of a revision, in order of the documents."""
    entry_no, revision = key
    for line in session.all(query, BilledLine, entry_no=entry_no, revision=revision):
        yield _plain(line, rounding) if line.is_plain else _told(line)


def _plain(line: BilledLine, rounding: Rounding) -> Step:
    before = line.total_before
    exact = value_of(
        line.seconds, rate_amount=line.rate_amount, rate_seconds=line.rate_seconds
    )
    net, after = step(before, exact, rounding)
    stored = line.net if line.net_at_rate is None else line.net_at_rate
    currency = line.currency
    sentences = [
        (
            f"{_place(line)} bills {spoken_hours(line.seconds)}. Before it the contract"
            f" line was billed {money(before.billed, currency)}, exactly"
            f" {exactly(before.exact, currency)}; with it the exact total is"
            f" {exactly(after.exact, currency)}, rounded"
            f" {money(after.billed, currency)}: the step is {money(net, currency)}."
        ),
    ]
    if line.net_at_rate is not None:
        sentences.append(f"Its amount was set by hand to {money(line.net, currency)}.")
    sentences.append(_tax(line))
    check = Check(
        figure=f"net of {line.number} line {line.line_no}",
        recomputed=money(net, currency),
        stored=money(stored, currency),
    )
    return Step(
        about="invoice",
        sentences=sentences,
        figures={
            **_figures(line),
            "billed_before": before.billed,
            "exact_before": str(before.exact),
            "exact_after": str(after.exact),
            "step": net,
        },
        checks=[check],
    )


def _told(line: BilledLine) -> Step:
    if line.kind == DocumentKind.CREDIT_NOTE:
        about, what = "credit note", "takes off"
    else:
        about, what = "invoice", "bills"
    sentence = f"{_place(line)} {what} {money(line.net, line.currency)}."
    return Step(about=about, sentences=[sentence, _tax(line)], figures=_figures(line))


def _place(line: BilledLine) -> str:
    return f"Line {line.line_no} of {line.number}, {line.invoice_date},"


def _tax(line: BilledLine) -> str:
    rate = Fraction(line.tax_rate_ppm, 10_000)
    told = (
        str(rate) if rate.denominator == 1 else f"{rate.numerator}/{rate.denominator}"
    )
    sentence = f"Its tax at {told} % is {money(line.tax, line.currency)}."
    if line.tax_engine is None:
        return sentence
    return (
        f"{sentence} Tax engine {line.tax_engine} decided the tax of the invoice, under"
        f" its reference {line.tax_reference}."
    )


def _figures(line: BilledLine) -> dict[str, object]:
    return {
        "document": line.number,
        "line": line.line_no,
        "part": line.part,
        "date": line.invoice_date,
        "seconds": line.seconds,
        "net": line.net,
        "tax": line.tax,
    }
