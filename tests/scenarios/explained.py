"""Explain everything that a scenario decided and billed, and find all its documents."""

from collections.abc import Iterator

from hourline.flow.explain import explain_named
from hourline.infra.queries import Query
from hourline.proof.documents import document_stories
from hourline.scenarios.firm import Firm

_DECIDED = Query(
    "decided",
    "Every decided revision, and every amount that is billed as it is.",
    "SELECT e.source_id, d.revision FROM hourline.decision d"
    " JOIN hourline.time_entry e USING (tenant, entry_no)"
    " UNION SELECT i.id || '/' || r.milestone, NULL FROM hourline.milestone_reached r"
    " JOIN hourline.master_identity i ON i.master_no = r.contract_line_no",
)
_NUMBERS = Query(
    "numbers",
    "The number of every document, also between entities.",
    "SELECT number FROM hourline.invoice"
    " UNION SELECT number FROM hourline.intercompany_invoice",
)


def not_as_stored(firm: Firm) -> list[str]:
    """Return what explanations compute otherwise than it is stored."""
    return list(_broken(firm))


def documents_not_found(firm: Firm) -> list[str]:
    """Return the numbers of documents that no story is told of."""
    with firm.database.tenant(firm.tenant) as session:
        return [
            number
            for (number,) in session.tuples(_NUMBERS)
            if len(document_stories(session, number)) != 1
        ]


def _broken(firm: Firm) -> Iterator[str]:
    with firm.database.tenant(firm.tenant) as session:
        for name, revision in session.tuples(_DECIDED):
            for one in explain_named(session, name, revision=revision).broken:
                yield f"{name}: {one.figure} {one.stored}, computed {one.recomputed}"
