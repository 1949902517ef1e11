"""Hand the books out as plain text that programs of other people check."""

from datetime import date

from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.proof.rules.plain_text_books import BookLine, Layout, plain_text

QUERIES = load_queries(__package__)


def export_books(
    session: Session,
    layout: Layout,
    *,
    entity: str | None = None,
    since: date = date.min,
    until: date = date.max,
) -> str:
    """Return the journal lines booked from a day up to and including another.

    Of one entity or of all, in the currency of each entity's books. Without lines
    there is only the heading.
    """
    lines = session.all(
        QUERIES["lines_in_books"], BookLine, entity=entity, since=since, until=until
    )
    return plain_text(lines, layout)
