"""Let an external tax engine decide the tax of an intercompany invoice.

What the invoice takes back keeps the tax it was charged with, so only what is new on it
is asked about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hourline.billing.intercompany_model import OpenTransfer, TaxOfLine
from hourline.billing.store import QUERIES
from hourline.billing.store_tax_engine import kept_intercompany_answer
from hourline.billing.tax_engine import no_row, party_told, question_key
from hourline.billing.tax_engine_model import (
    AnsweredLine,
    AskedLine,
    InvoiceBetween,
    Refusals,
    TaxQuestion,
    TaxToAsk,
    refused,
)
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.kernel.money import currency_numbered, major_units
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot
from hourline.master.snapshot.coded_tax_rules import coded_tax_rule
from hourline.master.snapshot.tax import INTERCOMPANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold one document that a lender is to invoice: parties, date, what is on it."""

    lender_no: int
    borrower_no: int
    invoice_date: date
    currency: int
    transfers: Sequence[OpenTransfer]

    @property
    def new(self) -> Iterator[tuple[str, OpenTransfer]]:
        """Yield what is charged, each with the number of its line."""
        for number, one in enumerate(self.transfers, start=1):
            if not one.mirrored:
                yield str(number), one


@dataclass(frozen=True, slots=True)
class _Work:
    entry_no: int
    revision: int
    source_id: str
    activity_ref: str | None


def decided_taxes(
    session: Session, snapshot: Snapshot, asked: Asked, refusals: Refusals
) -> tuple[dict[str, TaxOfLine], str | None] | Problem:
    """Return the engine's tax of each new line by its number, and the answer's key.

    Nothing and no key where the lender leaves it to the tax table, or nothing is new.
    Whether the borrower recovers a tax is not the engine's to say. Returns the problem
    `tax_engine_refused` where the engine gave no tax, or a code that no row of the tax
    table has. Raises TaxToAsk where it was not asked about this content yet.
    """
    connection = snapshot.entity(asked.lender_no).content.intercompany_tax_engine
    if connection is None or all(one.mirrored for one in asked.transfers):
        return {}, None
    question = _question(session, snapshot, asked, connection)
    answers = kept_intercompany_answer(session, question.key)
    if not answers:
        refusal = refusals.of(question)
        if refusal is None:
            raise TaxToAsk([question])
        return refusal
    taxes = {}
    for line_id, one in asked.new:
        answer = answers[line_id]
        tax = _tax(snapshot, answer, one.work_date)
        if tax is None:
            return refused(question, no_row(answer))
        taxes[line_id] = tax
    return taxes, question.key


def _tax(snapshot: Snapshot, answer: AnsweredLine, on: date) -> TaxOfLine | None:
    rule_no = coded_tax_rule(
        snapshot, answer.code, answer.rate_percent, on, service=INTERCOMPANY
    )
    if rule_no is None:
        return None
    return TaxOfLine(rule_no, answer.rate_ppm, decided=answer.tax)


def _question(
    session: Session, snapshot: Snapshot, asked: Asked, connection: str
) -> TaxQuestion:
    currency = currency_numbered(asked.currency)
    lender = snapshot.entity(asked.lender_no)
    borrower = snapshot.entity(asked.borrower_no)
    new = list(asked.new)
    content = {
        "contract": None,
        "date": asked.invoice_date.isoformat(),
        "currency": currency.code,
        "supplier": party_told(lender.id, lender.content),
        "lines": [
            {
                "id": line_id,
                "net": f"{major_units(one.amount, currency):f}",
                "customer": party_told(borrower.id, borrower.content),
                **work,
            }
            for (line_id, one), work in zip(
                new, _told(session, snapshot, new), strict=True
            )
        ],
    }
    body = encode_json(content)
    return TaxQuestion(
        key=question_key(connection, body),
        about=InvoiceBetween(lender.no, lender.id, borrower.id),
        connection=connection,
        decimals=currency.decimals,
        body=body,
        lines=tuple(AskedLine(line_id, one.amount) for line_id, one in new),
    )


def _told(
    session: Session, snapshot: Snapshot, new: Sequence[tuple[str, OpenTransfer]]
) -> Iterator[dict[str, object]]:
    found = session.all(
        QUERIES["transferred_work"],
        _Work,
        entry_no=[one.entry_no for _, one in new],
        revision=[one.revision for _, one in new],
    )
    works = {(one.entry_no, one.revision): one for one in found}
    for _, one in new:
        work = works[one.entry_no, one.revision]
        yield {
            "contract": snapshot.contract(one.contract_no).id,
            "contract_line": snapshot.contract_line(one.contract_line_no).id,
            "service": INTERCOMPANY,
            "project": snapshot.project(one.project_no).id,
            "activity": work.activity_ref,
            "work": work.source_id,
            "revision": one.revision,
            "tax_point": one.work_date.isoformat(),
        }
