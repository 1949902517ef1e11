"""Tell the story of an invoice or credit note, whatever it bills, also of no entry."""

from dataclasses import dataclass
from datetime import date

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind
from hourline.proof.story import Posting

QUERIES = load_queries(__package__)
DOCUMENTS_MAX = 500


_ITS_CAUSES = (
    Cause.INVOICE,
    Cause.CREDIT_NOTE,
    Cause.DRAWDOWN,
    Cause.PAYMENT,
    Cause.WRITE_OFF,
    Cause.RETAINAGE_RELEASE,
)


@dataclass(frozen=True, slots=True)
class _Called:
    document_no: int
    between_entities: bool


@dataclass(frozen=True, slots=True)
class ToldDocument:
    """Hold an invoice or credit note; amounts are minor units of its currency.

    Between entities the seller lends, the buyer borrows, and there is no one contract.
    """

    document_no: int
    kind: int
    number: str
    seller: str
    buyer: str
    contract: str | None
    invoice_date: date
    accounting_date: date
    currency: int
    net: int
    tax: int
    total: int
    credits_number: str | None


@dataclass(frozen=True, slots=True)
class ToldLine:
    """Hold a line: of an entry, or of an amount of a contract line, as a milestone.

    `share_ppm` is what its customer pays of it, in millionths.
    """

    line_no: int
    entry: str | None
    contract_line: str
    amount_of: str | None
    amount_kind: int | None
    description: str
    seconds: int
    net: int
    tax: int
    share_ppm: int


@dataclass(frozen=True, slots=True)
class ToldBooking:
    """Hold what a document booked by one pair of roles on a day, of all its lines."""

    entity: str
    cause: int
    effect: int
    mirror: bool
    debit: int
    credit: int
    currency: int
    amount: int
    entity_currency: int
    entity_amount: int
    accounting_date: date
    journal_nos: list[int]


@dataclass(frozen=True, slots=True)
class DocumentStory:
    """Hold everything that happened to a document, in the order of its way."""

    document: ToldDocument
    between_entities: bool
    lines: list[ToldLine]
    bookings: list[ToldBooking]
    postings: list[Posting]


def document_stories(session: Session, term: str) -> list[DocumentStory]:
    """Return the stories of the documents a term means, at most 500.

    A term is a document's number, or the id or number that a receiving system gave it
    or its journal.
    """
    called = session.all(
        QUERIES["documents_called"],
        _Called,
        term=term,
        limit=DOCUMENTS_MAX,
        journal=int(DocumentKind.JOURNAL),
        **_of_documents(),
    )
    return [_story(session, one) for one in called]


def _of_documents() -> dict[str, int]:
    """Return the causes that are of an invoice or credit note, by parameter."""
    return {f"cause_{cause.name.lower()}": int(cause) for cause in _ITS_CAUSES}


def _story(session: Session, called: _Called) -> DocumentStory:
    document_no, between = called.document_no, called.between_entities
    of = "told_intercompany" if between else "told_documents"
    lines = "told_intercompany_lines" if between else "told_lines"
    (document,) = session.all(QUERIES[of], ToldDocument, document_no=document_no)
    bookings = session.all(
        QUERIES["told_bookings"],
        ToldBooking,
        document_no=document_no,
        between_entities=between,
        credit_note=int(DocumentKind.CREDIT_NOTE),
        cause_intercompany=int(Cause.INTERCOMPANY_INVOICE),
        **_of_documents(),
    )
    journal_nos = {number for one in bookings for number in one.journal_nos}
    return DocumentStory(
        document=document,
        between_entities=between,
        lines=session.all(QUERIES[lines], ToldLine, document_no=document_no),
        bookings=bookings,
        postings=session.all(
            QUERIES["told_postings"],
            Posting,
            kind=None if between else document.kind,
            document_no=document_no,
            journal=int(DocumentKind.JOURNAL),
            journal_nos=sorted(journal_nos),
        ),
    )
