"""Watch the worker book the month's documents while the systems misbehave."""

import time
from collections import Counter

from hourline import flow
from hourline.connectors.sandbox.admin import fault_counts, set_fault
from hourline.demo.month import Firmwide
from hourline.demo.progress import Steps
from hourline.infra.jobs import enqueue
from hourline.infra.queries import load_queries
from hourline.kernel.codes import DocumentKind, IntentState

QUERIES = load_queries(__package__)
_SECONDS_MAX = 120
_PAUSE_SECONDS = 0.3
_AT_REST = tuple(
    int(state)
    for state in (
        IntentState.CONFIRMED,
        IntentState.REJECTED,
        IntentState.MISMATCH,
        IntentState.QUARANTINED,
        IntentState.CANCELLED,
    )
)
# What real systems do at month-end; each bites so many times and is counted.
_FAULTS = (
    ("atlas", "create_document", "rate_limit_429", 5),
    ("atlas", "create_document", "timeout_after_effect", 3),
    ("atlas", "create_document", "error_500_after", 2),
    ("borealis", "create_document", "timeout_after_effect", 2),
    ("borealis", "post_document", "error_500_after", 2),
    ("billing", "create_invoice", "timeout_after_effect", 2),
    ("billing", "create_invoice", "truncated_body", 1),
    ("psa", "set_billings", "timeout_after_effect", 1),
)


def misbehave(wide: Firmwide) -> None:
    """Set the faults of a month-end: 429s, lost replies, errors after the effect."""
    places = wide.systems.places()
    for vendor, operation, fault, times in _FAULTS:
        set_fault(places[vendor], operation, fault, times=times)


def faults_that_bit(wide: Firmwide) -> Counter[str]:
    """Return how often each kind of fault bit, at all systems together."""
    bitten: Counter[str] = Counter()
    for place in wide.systems.places().values():
        for counts in fault_counts(place).values():
            bitten.update(counts)
    return bitten


def book_month(wide: Firmwide, steps: Steps) -> None:
    """Plan every document and wait until each is booked or needs a person."""
    with steps.step("Posting and write-back") as step:
        wide.systems.surviving(lambda: flow.plan_postings(wide.database, wide.tenant))
        deadline = time.monotonic() + _SECONDS_MAX
        done = 0
        while time.monotonic() < deadline:
            planned, at_rest = wide.systems.surviving(lambda: _progress(wide))
            step.expect(planned)
            step.advance(at_rest - done)
            done = at_rest
            if planned == at_rest and not _untold(wide):
                return
            time.sleep(_PAUSE_SECONDS)
            wide.systems.surviving(lambda: _nudge(wide))
        steps.note(f"{planned - done} documents are not booked after {_SECONDS_MAX} s.")


def _nudge(wide: Firmwide) -> None:
    """Let the worker look at once instead of at its next sweep."""
    wide.systems.keep()
    with wide.database.tenant(wide.tenant) as session:
        enqueue(session, "posting", wide.tenant)


def _progress(wide: Firmwide) -> tuple[int, int]:
    with wide.database.tenant(wide.tenant) as session:
        rows = session.tuples(QUERIES["intents_at_rest"], at_rest=list(_AT_REST))
    planned, at_rest = rows[0]
    return planned, at_rest


def _untold(wide: Firmwide) -> bool:
    """Say whether documents are booked that their source has not been told of."""
    with wide.database.tenant(wide.tenant) as session:
        missing = session.value(
            QUERIES["sources_untold"], int, write_back=DocumentKind.WRITE_BACK
        )
    return bool(missing)
