"""Make the documents that receiving systems are told, with the ids they know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from hourline.connectors.sdk.documents import (
    InvoiceDocument,
    JournalDocument,
    LedgerLine,
)
from hourline.connectors.sdk.registry import connectors
from hourline.connectors.sdk.target import Reference, Referring
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind, Role
from hourline.kernel.money import currency_numbered, told_amount
from hourline.kernel.problems import Problem, ProblemCode
from hourline.ledger import service as ledger
from hourline.ledger.model import DocumentLine, Grain
from hourline.ledger.model import JournalDocument as LedgerJournal
from hourline.master import store as master
from hourline.master.snapshot import Snapshot
from hourline.posting import assembling
from hourline.posting.assembling import SoldFrom

D = TypeVar("D", InvoiceDocument, JournalDocument)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Name a document, the connection whose system is told it, and in which detail."""

    connection_no: int
    kind: DocumentKind
    number: int
    detailed: bool = field(kw_only=True)


def document_for(
    session: Session, snapshot: Snapshot, wanted: Wanted
) -> InvoiceDocument | JournalDocument | Problem:
    """Return a document as a system is told it.

    Returns a problem where the chart of accounts lacks a role, or where the system
    has no record of something that the document names.
    """
    if wanted.kind is DocumentKind.JOURNAL:
        journal = ledger.journal_document(session, snapshot, wanted.number)
        if isinstance(journal, Problem):
            return journal
        return _with_references(session, wanted, _journal_document(snapshot, journal))
    invoice = _invoice_document(session, snapshot, wanted)
    if isinstance(invoice, Problem):
        return invoice
    return _with_references(session, wanted, invoice)


def _with_references(session: Session, asked: Wanted, document: D) -> D | Problem:
    found = {one.connection_no: one for one in master.connections(session)}
    connection = found[asked.connection_no]
    declared = connectors().get(connection.connector)
    mode = str(connection.settings.get("mode", ""))
    target: object = declared.targets_in(mode).get(asked.kind) if declared else None
    if not isinstance(target, Referring):
        return document
    wanted: list[Reference] = list(dict.fromkeys(target.references(document)))
    looked_up = [*wanted, *(one.only_with for one in wanted if one.only_with)]
    own_ids = master.own_ids(
        session, connection.connection_no, [(one.kind, one.id) for one in looked_up]
    )
    known = {f"{kind} {id_}": own_id for (kind, id_), own_id in own_ids.items()}
    missing = [one for one in wanted if one.name not in known and _needed(one, known)]
    if missing:
        return _not_known_there(connection.name, missing)
    return msgspec.structs.replace(document, references=known)


def _needed(wanted: Reference, known: dict[str, str]) -> bool:
    return wanted.only_with is None or wanted.only_with.name in known


def _not_known_there(connection: str, missing: Sequence[Reference]) -> Problem:
    names = ", ".join(one.name.replace("_", " ") for one in missing)
    return Problem(
        ProblemCode.REFERENCE_NOT_FOUND,
        f"{connection} is not known to have {names}, which the document names.",
        "Create the record there under this code, or correct its code; then sync"
        " (hourline sync). The document is sent by itself.",
        {"connection": connection, "missing": names},
    )


def _invoice_document(
    session: Session, snapshot: Snapshot, wanted: Wanted
) -> InvoiceDocument | Problem:
    number, kind = wanted.number, wanted.kind
    lines = ledger.document_lines(session, snapshot, number, kind=kind)
    if isinstance(lines, Problem):
        return lines
    lines_sold_from = sold_from(session, snapshot, number, kind)
    if isinstance(lines_sold_from, Problem):
        return lines_sold_from
    entity_no = ledger.entity_of_document(session, number)
    booked_on = ledger.date_of_document(session, number)
    receivable = ledger.account_of(snapshot, entity_no, Role.RECEIVABLE, on=booked_on)
    if isinstance(receivable, Problem):
        return receivable
    tax_account: str | Problem = ""
    if any(line.tax_code for line in lines_sold_from.values()):
        tax_account = ledger.account_of(
            snapshot, entity_no, Role.TAX_PAYABLE, on=booked_on
        )
    if isinstance(tax_account, Problem):
        return tax_account
    currency = assembling.entity_currency(session, number)
    invoice = assembling.invoice_document(
        session,
        number,
        _ledger_lines(lines, currency),
        sold_from=lines_sold_from,
        detailed=wanted.detailed,
    )
    return msgspec.structs.replace(
        invoice,
        ledger_currency=currency_numbered(currency).code,
        receivable_account=receivable,
        tax_account=tax_account,
    )


def sold_from(
    session: Session, snapshot: Snapshot, number: int, kind: DocumentKind
) -> dict[int, SoldFrom] | Problem:
    """Return account, dimensions and tax code of every line, by its number.

    Returns the problem `account_not_found` where the chart of accounts lacks a role.
    """
    entity_no = ledger.entity_of_document(session, number)
    booked_on = ledger.date_of_document(session, number)
    found = {}
    for line in assembling.line_origins(session, number, kind):
        account = ledger.account_of(
            snapshot,
            entity_no,
            Role(line.role),
            project_no=line.project_no,
            on=booked_on,
        )
        if isinstance(account, Problem):
            return account
        found[line.line_no] = SoldFrom(
            account=account,
            dimensions=ledger.dimensions_of(snapshot, line.project_no).named,
            tax_code=_tax_code(snapshot, line.tax_rule_no),
        )
    return found


def _tax_code(snapshot: Snapshot, tax_rule_no: int | None) -> str:
    if tax_rule_no is None:
        return ""
    rule = snapshot.tax_rule(tax_rule_no).content
    return rule.target_tax or rule.code


def _journal_document(snapshot: Snapshot, journal: LedgerJournal) -> JournalDocument:
    entity = snapshot.entity(journal.entity_no)
    effect = journal.effect.name.lower().replace("_", " ")
    of = "of " if journal.grain is Grain.CAUSE else ""
    return JournalDocument(
        number=f"{entity.id}-J{journal.journal_no}",
        entity=entity.id,
        currency=currency_numbered(entity.currency).code,
        accounting_date=journal.accounting_date,
        description=f"{effect} {of}{journal.group_key}, part {journal.sequence}",
        total=told_amount(journal.total, entity.currency),
        lines=_ledger_lines(journal.lines, entity.currency),
    )


def _ledger_lines(
    lines: Sequence[DocumentLine], currency: int
) -> tuple[LedgerLine, ...]:
    return tuple(
        LedgerLine(
            account=line.account,
            debit=told_amount(line.debit, currency),
            credit=told_amount(line.credit, currency),
            dimensions=line.dimensions.named,
        )
        for line in lines
    )
