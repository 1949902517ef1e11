"""Book journals in Tryton as account moves: a draft first, then posted by its id."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hourline.connectors.sdk.documents import (
    Content,
    Document,
    JournalDocument,
    LedgerLine,
    ledger_content_of,
)
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Ask, Reading, Receipt, Reference
from hourline.connectors.tryton import wire
from hourline.connectors.tryton.drafts import Drafts
from hourline.connectors.tryton.references import (
    GENERAL_JOURNAL,
    Ids,
    account_name,
    company,
    journal_references,
    period_name,
)
from hourline.connectors.tryton.refusals import refused
from hourline.kernel.capability import Capability

_DRAFTS = Drafts(
    "account.move",
    ("state", "number", "company.id", "company.currency.code", "lines.debit"),
)


@dataclass(frozen=True, slots=True)
class Journals:
    """Book journals.

    `key_field` is the field that holds our key alone and that Tryton keeps unique;
    without one, the key stands at the end of the description.
    """

    capability: Capability
    key_field: str | None = None

    def references(self, document: Document) -> Iterable[Reference]:
        """Return the records of Tryton that a document names."""
        return journal_references(_journal(document))

    def content(self, document: Document) -> Content:
        """Return what receipts must agree with; parties by Tryton's own ids."""
        journal = _journal(document)
        told = ledger_content_of(journal)
        company_id = journal.references[company(journal.entity).name]
        return Content(
            currency=told.currency, total=told.total, party=company_id, lines=told.lines
        )

    def book(self, document: Document, key: str) -> Ask:
        """Return the call that creates the draft."""
        journal = _journal(document)
        ids = Ids(journal.references)
        company_id = ids.of(company(journal.entity))
        content = {
            "company": company_id,
            "journal": ids.record(GENERAL_JOURNAL),
            "period": ids.record(period_name(journal.entity, journal.accounting_date)),
            "date": wire.day(journal.accounting_date),
            "lines": wire.create([_line(journal, line, ids) for line in journal.lines]),
            **self._marked(journal, key),
        }
        return _DRAFTS.create(content, company=company_id)

    def read(self, reply: HttpReply) -> Reading:
        """Return the draft, the document, or why there is none."""
        return refused(reply) or _receipt(wire.told(reply))

    def find(self, document: Document, key: str) -> Ask:
        """Return the call that looks a key up."""
        field = self.key_field or "description"
        mark = self._marked(_journal(document), key)[field]
        return _DRAFTS.find(field, mark, company=_company_id(document))

    def found(self, reply: HttpReply) -> Sequence[Receipt]:
        """Return every draft and document under the key."""
        return [_receipt(item) for item in wire.told_records(reply)]

    def post(self, document: Document, draft_id: str) -> Ask:
        """Return the call that posts this draft."""
        return _DRAFTS.post(draft_id, company=_company_id(document))

    def discard(self, document: Document, draft_id: str) -> Ask:
        """Return the call that deletes this draft; Tryton keeps what is posted."""
        return _DRAFTS.discard(draft_id, company=_company_id(document))

    def _marked(self, journal: JournalDocument, key: str) -> dict[str, str]:
        described = f"{journal.number} {journal.description}"
        if self.key_field is None:
            return {"description": f"{described} {key}"}
        return {"description": described, self.key_field: key}


def _journal(document: Document) -> JournalDocument:
    if not isinstance(document, JournalDocument):
        raise ValueError("this target takes journals")  # noqa: TRY004 - the SDK says ValueError
    return document


def _company_id(document: Document) -> int:
    journal = _journal(document)
    return Ids(journal.references).of(company(journal.entity))


def _line(journal: JournalDocument, line: LedgerLine, ids: Ids) -> dict[str, object]:
    content: dict[str, object] = {
        "account": ids.record(account_name(journal.entity, line.account)),
        "debit": wire.money(line.debit),
        "credit": wire.money(line.credit),
        "description": line.description,
    }
    axes = ids.axes(journal.entity, line.dimensions)
    if axes:
        content["analytic_lines"] = wire.create(
            [
                {
                    "account": account,
                    "debit": wire.money(line.debit),
                    "credit": wire.money(line.credit),
                    "date": wire.day(journal.accounting_date),
                }
                for _, account in axes
            ]
        )
    return content


def _receipt(told: Any) -> Receipt:  # noqa: ANN401 - JSON as it came
    return Receipt(
        external_id=str(told["id"]),
        number=told["number"],
        draft=told["state"] == "draft",
        content=Content(
            currency=told["company"]["currency"]["code"],
            total=sum((line["debit"] for line in told["lines"]), Decimal()),
            party=str(told["company"]["id"]),
            lines=len(told["lines"]),
        ),
    )
