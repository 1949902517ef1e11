"""Say why a review is refused, in the words of the person who asked for it."""

from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.kernel.quantity import spoken_hours


def exceeds_open(session: Session, entry_no: int, seconds: int | None) -> Problem:
    """Return the problem of a review that asks for more than is open of an entry."""
    entry = session.value(QUERIES["entry_name"], str, entry_no=entry_no) or "?"
    wanted = "anything" if seconds is None else spoken_hours(seconds)
    return Problem(
        ProblemCode.REVIEW_EXCEEDS_OPEN,
        f"Time entry {entry} does not have {wanted} open.",
        "Look up what of the entry is not billed, held or given up, and ask for no more"
        " than that.",
        {"entry_no": str(entry_no), "source_id": entry},
    )
