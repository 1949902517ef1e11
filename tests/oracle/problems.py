"""Say what an entry lacks to be priced and booked, one rule a time."""

from collections.abc import Iterator

from hourline.kernel.problems import ProblemCode
from tests.entries import Entry
from tests.oracle.findings import Terms, Worker, bill_rate, exchange
from tests.oracle.known import Known
from tests.oracle.line_terms import hour_by_cost


def problems_of_price(
    known: Known, entry: Entry, terms: Terms, worker: Worker
) -> Iterator[ProblemCode]:
    if terms.line.record.cost_plus_percent is None:
        if bill_rate(known, entry, terms, worker) is None:
            yield ProblemCode.PRICE_NOT_FOUND
        return
    pair = (worker.employer.record.currency, terms.currency)
    if exchange(known, pair, entry.work_date) is None:
        yield ProblemCode.FX_RATE_NOT_FOUND
    elif hour_by_cost(known, entry, terms, worker) is None:
        yield ProblemCode.PRICE_NOT_FOUND


def problems_of_dimensions(
    known: Known, terms: Terms, worker: Worker | None
) -> Iterator[ProblemCode]:
    required, project = terms.entity.record.required_dimensions, terms.project.record
    if "cost_centre" in required and worker is not None:
        centres = (project.cost_centre, worker.person.record.cost_centre)
        if not any(known.ever("cost_centre", centre) for centre in centres):
            yield ProblemCode.DIMENSION_MISSING
    has_service_line = known.ever("service_line", project.service_line)
    if "service_line" in required and not has_service_line:
        yield ProblemCode.DIMENSION_MISSING
