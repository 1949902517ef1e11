"""Refuse exception routes of which nothing says which holds."""

from collections.abc import Sequence
from datetime import date

from hourline.kernel.decision_table import HitPolicy, Shape, TableRow, ties
from hourline.master.model import ExceptionRoute
from hourline.master.snapshot.timelines import Timeline
from hourline.master.snapshot.unusable import UnusableRecord

# A code is narrower than a queue; a row of one entity is before one of all.
EXCEPTION_ROUTE_SHAPE = Shape(
    policy=HitPolicy.MOST_SPECIFIC, scopes=("code", "queue"), dimensions=("entity",)
)
DUE_HOURS_MAX = 24 * 366


def exception_route_row(
    id_: str, route: ExceptionRoute, days: tuple[date, date] = (date.min, date.max)
) -> TableRow:
    """Return a route as a row of its decision table."""
    return TableRow(id_, (route.code, route.queue, route.entity), *days)


def refuse_unclear_exception_routes(routes: Timeline[ExceptionRoute]) -> None:
    """Raise UnusableRecord for a route without use, or two that are as specific."""
    for span in routes.spans:
        why = _useless(span.content)
        if why is not None:
            raise UnusableRecord(
                "exception_route",
                routes.id_of(span),
                why=why,
                remedy="Correct the row.",
            )
    _refuse_ties(
        [
            exception_route_row(
                routes.id_of(span),
                span.content,
                (span.effective_from, span.effective_until),
            )
            for span in routes.spans
        ]
    )


def _refuse_ties(rows: Sequence[TableRow]) -> None:
    for first, second in ties(EXCEPTION_ROUTE_SHAPE, rows):
        raise UnusableRecord(
            "exception_route",
            rows[second].id,
            why=f"it is as specific as {rows[first].id} on the same days",
            remedy="End one of them before the other begins, or delete it.",
        )


def _useless(route: ExceptionRoute) -> str | None:
    if route.code is not None and route.queue is not None:
        return "it names a code and a queue, of which the code says the queue"
    if not route.owner.strip():
        return "it names no owner"
    if not 0 < route.due_hours <= DUE_HOURS_MAX:
        return f"due_hours is not between 1 and {DUE_HOURS_MAX}"
    return None
