"""Let an external tax engine decide the tax of a bill, once for the same content."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hourline.billing.model import Assembled, AssembledLine, OpenItem
from hourline.billing.open_item import AmountKind
from hourline.billing.rules.tax_point import tax_point
from hourline.billing.store_tax_engine import kept_answer, read_activities
from hourline.billing.tax_engine_model import (
    AnsweredLine,
    AskedLine,
    BillOf,
    Refusals,
    TaxQuestion,
    TaxToAsk,
    refused,
)
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.kernel.money import currency_of, major_units
from hourline.kernel.problems import Problem
from hourline.master.model import Customer, LegalEntity
from hourline.master.snapshot import RecordNotKnown, Snapshot
from hourline.master.snapshot.coded_tax_rules import coded_tax_rule


def taxed(
    session: Session, snapshot: Snapshot, assembled: Assembled, refusals: Refusals
) -> tuple[Assembled, str | None] | Problem:
    """Return a bill with the tax its entity's engine answered, and the answer's key.

    Without an engine it is the bill as it came, and no key. Returns the problem
    `tax_engine_refused` where the engine gave no tax, or a code that no row of the tax
    table has. Raises TaxToAsk where the engine was not asked about this content yet.
    """
    connection = snapshot.entity(assembled.entity_no).content.tax_engine
    if connection is None:
        return assembled, None
    question = _question(session, snapshot, assembled, connection)
    answers = kept_answer(session, question.key)
    if not answers:
        refusal = refusals.of(question)
        if refusal is None:
            raise TaxToAsk([question])
        return refusal
    lines = []
    for line_id, line in _numbered(assembled):
        answer = answers[line_id]
        rule_no = coded_tax_rule(
            snapshot,
            answer.code,
            answer.rate_percent,
            tax_point(line.item),
            service=_tax_service(snapshot, line.item),
        )
        if rule_no is None:
            return refused(question, no_row(answer))
        lines.append(
            replace(
                line,
                item=replace(line.item, tax_rule_no=rule_no),
                tax_rate_ppm=answer.rate_ppm,
                tax=answer.tax,
            )
        )
    return replace(assembled, lines=tuple(lines)), question.key


def no_row(answer: AnsweredLine) -> str:
    """Return in words that an answer has a code that the tax table does not know."""
    return (
        f"no row of the tax table that holds then has the code {answer.code} it gave"
        f" line {answer.line_id}"
    )


def _numbered(assembled: Assembled) -> Iterator[tuple[str, AssembledLine]]:
    for place, lines in enumerate(assembled.invoices.values(), start=1):
        for line in lines:
            yield f"{place}/{line.line_no}", line


def _question(
    session: Session, snapshot: Snapshot, assembled: Assembled, connection: str
) -> TaxQuestion:
    currency = currency_of(assembled.currency)
    contract = snapshot.contract(assembled.terms.contract_no)
    entity = snapshot.entity(assembled.entity_no)
    numbered = list(_numbered(assembled))
    revisions = [
        (line.item.entry_no, line.item.revision)
        for _, line in numbered
        if line.item.entry_no is not None and line.item.revision is not None
    ]
    activities = read_activities(session, revisions)
    content = {
        "contract": contract.id,
        "date": assembled.terms.invoice_date.isoformat(),
        "currency": currency.code,
        "supplier": party_told(entity.id, entity.content),
        "lines": [
            {
                "id": line_id,
                "net": f"{major_units(line.net, currency):f}",
                **_asked_of(snapshot, line.item, activities),
            }
            for line_id, line in numbered
        ],
    }
    body = encode_json(content)
    return TaxQuestion(
        key=question_key(connection, body),
        about=BillOf(contract.no, contract.id),
        connection=connection,
        decimals=currency.decimals,
        body=body,
        lines=tuple(AskedLine(line_id, line.net) for line_id, line in numbered),
    )


def _asked_of(
    snapshot: Snapshot, item: OpenItem, activities: Mapping[tuple[int, int], str]
) -> dict[str, object]:
    customer = snapshot.customer(item.customer_no or 0)
    project = None if item.project_no is None else snapshot.project(item.project_no).id
    return {
        "customer": party_told(customer.id, customer.content),
        "contract_line": snapshot.contract_line(item.contract_line_no).id,
        "service": _service(item),
        "tax_service": _tax_service(snapshot, item),
        "project": project,
        "activity": activities.get((item.entry_no or 0, item.revision or 0)),
        "work": item.milestone or item.source_id,
        "tax_point": tax_point(item).isoformat(),
    }


def _tax_service(snapshot: Snapshot, item: OpenItem) -> str | None:
    try:
        line = snapshot.contract_line(item.contract_line_no, on=tax_point(item))
    except RecordNotKnown:
        # The line was ended before that day after the work was decided by it.
        line = snapshot.contract_line(item.contract_line_no)
    return line.content.tax_service


def _service(item: OpenItem) -> str:
    if item.milestone is not None:
        return AmountKind(item.kind).name.lower()
    return "time" if item.seconds_total else "expense"


def question_key(connection: str, body: bytes) -> str:
    """Return the name of a question: the SHA-256 of who is asked and of what is."""
    return hashlib.sha256(connection.encode() + b"\n" + body).hexdigest()


def party_told(id_: str, party: LegalEntity | Customer) -> dict[str, str | None]:
    """Return what an engine is told of who sells or buys."""
    return {
        "id": id_,
        "country": party.country,
        "region": party.region,
        "postal_code": party.postal_code,
        "city": party.city,
        "street": party.street,
        "tax_id": party.tax_id,
    }
