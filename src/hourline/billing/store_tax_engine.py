"""Keep what tax engines answered, and which invoices have their tax from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from psycopg.types.json import Jsonb

from hourline.billing.store import QUERIES
from hourline.billing.tax_engine_model import (
    AnsweredLine,
    BillOf,
    InvoiceBetween,
    TaxAnswer,
    TaxQuestion,
)
from hourline.infra.database import Session
from hourline.infra.json import decode_json


@dataclass(frozen=True, slots=True)
class _Activity:
    entry_no: int
    revision: int
    activity_ref: str


def read_activities(
    session: Session, revisions: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """Return what was done in revisions, by entry and revision; not all of them say."""
    found = session.all(
        QUERIES["activities_of"],
        _Activity,
        entry_no=[entry_no for entry_no, _ in revisions],
        revision=[revision for _, revision in revisions],
    )
    return {(one.entry_no, one.revision): one.activity_ref for one in found}


def kept_answer(session: Session, key: str) -> dict[str, AnsweredLine]:
    """Return the lines of the answer that is kept of a bill; none, if none is."""
    lines = session.all(QUERIES["tax_answer"], AnsweredLine, question=key)
    return {line.line_id: line for line in lines}


def kept_intercompany_answer(session: Session, key: str) -> dict[str, AnsweredLine]:
    """Return the same of what was asked about an intercompany invoice."""
    lines = session.all(QUERIES["intercompany_tax_answer"], AnsweredLine, question=key)
    return {line.line_id: line for line in lines}


def keep_answer(session: Session, question: TaxQuestion, answer: TaxAnswer) -> None:
    """Keep an answer, unless another one to the same question is kept already."""
    match question.about:
        case BillOf(contract_no=owner_no):
            head, rows = "insert_tax_answer", "insert_tax_answer_lines"
        case InvoiceBetween(lender_no=owner_no):
            head = "insert_intercompany_tax_answer"
            rows = "insert_intercompany_tax_answer_lines"
        case unknown:
            assert_never(unknown)
    added = session.run(
        QUERIES[head],
        question=question.key,
        owner_no=owner_no,
        connection=question.connection,
        reference=answer.reference,
        asked=Jsonb(decode_json(question.body)),
    )
    if added:
        lines = answer.lines
        session.run(
            QUERIES[rows],
            question=question.key,
            owner_no=owner_no,
            line_id=[line.line_id for line in lines],
            code=[line.code for line in lines],
            rate_ppm=[line.rate_ppm for line in lines],
            tax=[line.tax for line in lines],
        )


def use_answer(session: Session, key: str | None, document_nos: Iterable[int]) -> None:
    """Say that the invoices of one bill, in their order, have an answer's tax."""
    if key is not None:
        session.run(
            QUERIES["use_tax_answer"], question=key, document_no=list(document_nos)
        )


def use_intercompany_answer(session: Session, key: str, document_no: int) -> None:
    """Say that the new lines of an intercompany invoice have an answer's tax."""
    session.run(
        QUERIES["use_intercompany_tax_answer"], question=key, document_no=document_no
    )
