"""Show a document as it was planned, and what each of its lines is the sum of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from hourline.billing.store_listing import ListedLine, list_lines
from hourline.connectors.sdk.documents import (
    InvoiceDocument,
    JournalDocument,
    LedgerLine,
    WriteBack,
    decode_document,
)
from hourline.flow.documents import sold_from
from hourline.infra.database import Database, Session
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.kernel.money import currency_of, major_units
from hourline.kernel.problems import Problem
from hourline.ledger import service as ledger
from hourline.ledger.model import JournalPart
from hourline.ledger.rules.sum_lines import drill_down
from hourline.master.snapshot import Snapshot, build_snapshot
from hourline.master.store import load_state
from hourline.posting.store import ShownIntent, shown_intent


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Hold what one cause adds to a line; what it takes from it is negative."""

    what: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ShownLine:
    """Hold a line of a document with its parts; credits are negative in a journal."""

    text: str
    amount: Decimal
    parts: tuple[ShownPart, ...]

    @property
    def adds_up(self) -> bool:
        """Say whether the parts are the line, to the cent."""
        return sum((part.amount for part in self.parts), Decimal()) == self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDocument:
    """Hold an intent with its document and drill-down; total in major units."""

    intent_no: int
    connection: str
    kind: str
    state: str
    external_id: str | None
    external_number: str | None
    number: str
    description: str
    currency: str
    total: str
    lines: tuple[ShownLine, ...]

    @property
    def adds_up(self) -> bool:
        """Say whether every line is exactly the sum of its parts."""
        return all(line.adds_up for line in self.lines)


def show_document(database: Database, tenant: int, intent_no: int) -> ShownDocument:
    """Return the document of an intent, each line with what it is the sum of.

    Accounts and dimensions are those of the master data the document was made with.
    Raises LookupError where there is no such intent.
    """
    with database.tenant(tenant) as session:
        intent = shown_intent(session, intent_no)
        return _shown(session, intent)


def _shown(session: Session, intent: ShownIntent) -> ShownDocument:
    document = decode_document(intent.payload)
    match document:
        case JournalDocument():
            number, total = document.number, document.total
            lines = _journal_lines(session, intent, document)
        case InvoiceDocument():
            number, total = document.number, document.total
            lines = _billed_lines(session, intent, document)
        case WriteBack():
            number, total = document.invoice_number, document.amount
            lines = _told_lines(document)
        case _:
            assert_never(document)
    return ShownDocument(
        intent_no=intent.intent_no,
        connection=intent.connection,
        kind=DocumentKind(intent.kind).name.lower(),
        state=IntentState(intent.state).name.lower(),
        external_id=intent.external_id,
        external_number=intent.external_number,
        number=number,
        description=getattr(document, "description", ""),
        currency=document.currency,
        total=total,
        lines=lines,
    )


def _told_lines(document: WriteBack) -> tuple[ShownLine, ...]:
    return tuple(
        ShownLine(
            f"entry {one.time_entry}",
            Decimal(one.amount),
            (ShownPart(f"{one.seconds} s", Decimal(one.amount)),),
        )
        for one in document.entries
    )


def _journal_lines(
    session: Session, intent: ShownIntent, document: JournalDocument
) -> tuple[ShownLine, ...]:
    snapshot = _snapshot(session, intent)
    parts = ledger.journal_parts(session, snapshot, intent.document_no)
    by_place = {} if isinstance(parts, Problem) else _by_place(parts, document)
    return tuple(
        ShownLine(
            _text(line),
            Decimal(line.debit) - Decimal(line.credit),
            by_place.get(_place(line), ()),
        )
        for line in document.lines
    )


def _by_place(
    parts: Sequence[JournalPart], document: JournalDocument
) -> dict[object, tuple[ShownPart, ...]]:
    currency = currency_of(document.currency)
    found: dict[object, tuple[ShownPart, ...]] = {}
    for drilled in drill_down(part.moved for part in parts):
        line = drilled.line
        dimensions = tuple(sorted(line.dimensions.named.items()))
        place = line.account, dimensions, line.debit > 0
        found[place] = tuple(
            ShownPart(_cause_of(parts[share.move]), major_units(share.amount, currency))
            for share in drilled.shares
        )
    return found


def _cause_of(part: JournalPart) -> str:
    side = "reversal of " if part.member.mirror else ""
    return f"{side}{part.member.cause_name}"


def _place(line: LedgerLine) -> tuple[str, tuple[tuple[str, str], ...], bool]:
    dimensions = tuple(sorted(line.dimensions.items()))
    return line.account, dimensions, Decimal(line.debit) > 0


def _text(line: LedgerLine) -> str:
    side = "debit" if Decimal(line.debit) > 0 else "credit"
    dimensions = "".join(f", {value}" for _, value in sorted(line.dimensions.items()))
    return f"{side} {line.account}{dimensions}"


def _snapshot(session: Session, intent: ShownIntent) -> Snapshot:
    """Return the master data the document was made with, else that of now."""
    state = load_state(session, known_at=intent.change_no)
    return build_snapshot(state.versions, state.references, change_no=state.change_no)


def _billed_lines(
    session: Session, intent: ShownIntent, document: InvoiceDocument
) -> tuple[ShownLine, ...]:
    groups = _issued_by_line(session, intent, document)
    return tuple(
        ShownLine(line.description, Decimal(line.net), parts)
        for line, parts in zip(document.lines, groups, strict=False)
    )


def _issued_by_line(
    session: Session, intent: ShownIntent, document: InvoiceDocument
) -> list[tuple[ShownPart, ...]]:
    """Return the issued lines behind each line: itself, or those summed up in it."""
    currency = currency_of(document.currency)
    issued = list_lines(session, intent.document_no)
    parts = [
        ShownPart(_issued_text(line), major_units(line.net, currency))
        for line in issued
    ]
    told = [Decimal(line.net) for line in document.lines]
    if told == [part.amount for part in parts]:
        return [(part,) for part in parts]
    known = sold_from(
        session,
        _snapshot(session, intent),
        intent.document_no,
        DocumentKind(intent.kind),
    )
    summed: dict[tuple[object, ...], list[ShownPart]] = {}
    for line, part in zip(issued, parts, strict=True):
        place: tuple[object, ...] = (line.tax_rate_ppm,)
        if not isinstance(known, Problem):
            of = known[line.line_no]
            place += (of.account, of.tax_code, *of.dimensions.items())
        summed.setdefault(place, []).append(part)
    return [tuple(found) for found in summed.values()]


def _issued_text(line: ListedLine) -> str:
    of = f"entry {line.entry}" if line.entry else f"milestone {line.milestone}"
    return f"line {line.line_no}, {of}"
