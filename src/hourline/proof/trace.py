"""Follow any figure both ways, from an entry to the ledger and back."""

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Cause, DocumentKind, Effect
from hourline.proof.openings import origins_of
from hourline.proof.story import (
    AllotmentStep,
    Arrival,
    Booking,
    CostCorrected,
    DayRounding,
    DocumentLine,
    Interruption,
    Lent,
    PartOf,
    PortionLine,
    Posting,
    Redecided,
    Review,
    Story,
    Version,
)

QUERIES = load_queries(__package__)
ENTRIES_MAX = 500
_CAUSES = {f"cause_{cause.name.lower()}": int(cause) for cause in Cause}


def find_entries(session: Session, term: str) -> list[int]:
    """Return the entries a term means, at most 500.

    A term is an entry's id at its source, an invoice or credit note number, also one
    between entities, the id or
    number a receiving system gave, a project or a person, of opening positions also
    their file or contract; the first that fits counts.
    """
    lookups: tuple[tuple[str, dict[str, object]], ...] = (
        ("entries_by_source_id", {}),
        ("entries_by_document", {"limit": ENTRIES_MAX}),
        ("entries_by_intercompany", {"limit": ENTRIES_MAX}),
        ("entries_by_receipt", {"limit": ENTRIES_MAX, **_CAUSES}),
        (
            "entries_by_master",
            {"limit": ENTRIES_MAX, "kinds": ["project", "person"]},
        ),
        ("entries_by_opening", {"limit": ENTRIES_MAX}),
    )
    for name, parameters in lookups:
        rows = session.tuples(QUERIES[name], term=term, **parameters)
        if rows:
            return [entry_no for (entry_no,) in rows]
    return []


def tell_story(session: Session, entry_no: int) -> Story:
    """Return everything that happened to an entry."""
    documents = session.all(QUERIES["story_documents"], DocumentLine, entry_no=entry_no)
    bookings = session.all(
        QUERIES["story_journal_lines"],
        Booking,
        entry_no=entry_no,
        cause_entry=Cause.ENTRY,
        cause_invoice=Cause.INVOICE,
        cause_credit_note=Cause.CREDIT_NOTE,
        cause_review=Cause.REVIEW,
        cause_allotment=Cause.ALLOTMENT,
        cause_earning=Cause.EARNING,
        cause_intercompany=Cause.INTERCOMPANY_INVOICE,
        cause_vendor_match=Cause.VENDOR_MATCH,
        effect_tax=Effect.TAX,
    )
    document_nos = {line.document_no for line in documents} | {
        journal_no for booking in bookings for journal_no in booking.journal_nos
    }
    return Story(
        entry_no=entry_no,
        arrivals=session.all(QUERIES["story_arrivals"], Arrival, entry_no=entry_no),
        versions=session.all(QUERIES["story_versions"], Version, entry_no=entry_no),
        redecisions=session.all(
            QUERIES["story_redecisions"], Redecided, entry_no=entry_no
        ),
        cost_corrections=session.all(
            QUERIES["story_cost_corrections"],
            CostCorrected,
            entry_no=entry_no,
            cause_entry=Cause.ENTRY,
            effect_cost=Effect.COST,
        ),
        parts=session.all(QUERIES["story_parts"], PartOf, entry_no=entry_no),
        portions=session.all(QUERIES["story_portions"], PortionLine, entry_no=entry_no),
        reviews=session.all(QUERIES["story_reviews"], Review, entry_no=entry_no),
        allotments=session.all(
            QUERIES["story_allotments"], AllotmentStep, entry_no=entry_no
        ),
        transfers=session.all(QUERIES["story_transfers"], Lent, entry_no=entry_no),
        roundings=session.all(
            QUERIES["story_roundings"], DayRounding, entry_no=entry_no
        ),
        documents=documents,
        bookings=bookings,
        postings=session.all(
            QUERIES["story_postings"],
            Posting,
            document_nos=sorted(document_nos),
            entry_no=entry_no,
            write_back=DocumentKind.WRITE_BACK,
        ),
        interruptions=session.all(
            QUERIES["story_exceptions"], Interruption, entry_no=entry_no
        ),
        origins=origins_of(session, entry_no),
    )
