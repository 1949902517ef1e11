"""Watch the worker book the month's documents while the systems misbehave."""

import time
from collections import Counter
from dataclasses import dataclass

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
# What real systems do at month-end. The kinds of one operation count the same calls and
# the first that is due bites, so only one of them may be due on the first calls.
_FAULTS: tuple[tuple[str, str, str, dict[str, int]], ...] = (
    ("atlas", "create_document", "rate_limit_429", {"times": 5}),
    ("atlas", "create_document", "timeout_after_effect", {"every_nth": 25}),
    ("atlas", "create_document", "error_500_after", {"every_nth": 40}),
    ("borealis", "create_document", "timeout_after_effect", {"times": 2}),
    ("borealis", "post_document", "error_500_after", {"times": 2}),
    ("billing", "create_invoice", "timeout_after_effect", {"times": 2}),
    ("billing", "create_invoice", "truncated_body", {"every_nth": 11}),
    ("psa", "set_billings", "timeout_after_effect", {"times": 1}),
    ("expenses", "set_billed", "timeout_after_effect", {"times": 1}),
)


def misbehave(wide: Firmwide) -> None:
    """Set the faults of a month-end: 429s, lost replies, errors after the effect."""
    places = wide.systems.places()
    for vendor, operation, fault, when in _FAULTS:
        set_fault(places[vendor], operation, fault, **when)


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
        found = _Progress(planned=0, at_rest=0, untold=True)
        while not found.complete and time.monotonic() < deadline:
            before, found = found, wide.systems.surviving(lambda: _look(wide))
            step.expect(found.planned)
            step.advance(found.at_rest - before.at_rest)
            time.sleep(0 if found.complete else _PAUSE_SECONDS)
    if not found.complete:
        steps.note(
            f"{found.planned - found.at_rest} of {found.planned} documents are not"
            f" booked after {_SECONDS_MAX} s; the worker goes on with them."
        )


@dataclass(frozen=True, slots=True)
class _Progress:
    """Count the intents; `untold` while a source waits to hear of a booking."""

    planned: int
    at_rest: int
    untold: bool

    @property
    def complete(self) -> bool:
        return self.planned == self.at_rest and not self.untold


def _look(wide: Firmwide) -> _Progress:
    """Count, and let the worker look at once instead of at its next sweep."""
    wide.systems.keep()
    with wide.database.tenant(wide.tenant) as session:
        ((planned, at_rest),) = session.tuples(
            QUERIES["intents_at_rest"], at_rest=list(_AT_REST)
        )
        untold = session.value(
            QUERIES["sources_untold"], int, write_back=DocumentKind.WRITE_BACK
        )
        found = _Progress(planned, at_rest, untold=bool(untold))
        if not found.complete:
            enqueue(session, "posting", wide.tenant)
    return found
