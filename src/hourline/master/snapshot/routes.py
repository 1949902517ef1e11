"""Let the most specific route to a system hold, and refuse two that are equally so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from hourline.kernel.codes import Effect
from hourline.master.model import TargetRoute
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.timelines import Span
from hourline.master.snapshot.unusable import UnusableRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteScope:
    """Say what a route covers: one entity or all, one effect or all, by date.

    `effect` is the number of an `Effect` and only told of journals.
    """

    entity_no: int | None
    effect: int | None
    effective_from: date
    effective_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteInForce:
    """Hold a route with what it covers, less what more specific routes cover."""

    content: TargetRoute
    scope: RouteScope
    yields_to: tuple[RouteScope, ...]


def routes_in_force(catalogue: Catalogue) -> tuple[RouteInForce, ...]:
    """Return every route; one yields to the more specific ones to the same system.

    A route of one entity is more specific than any of all entities; where both name
    one, or both none, a route of one type of journal is than one of all types.
    """
    spans = catalogue.routes.spans
    return tuple(
        RouteInForce(
            content=span.content,
            scope=_scope(catalogue, span),
            yields_to=tuple(
                _scope(catalogue, other)
                for other in spans
                if _leads(other) == _leads(span) and _rank(other) > _rank(span)
            ),
        )
        for span in spans
    )


def refuse_unclear_routes(catalogue: Catalogue) -> None:
    """Raise UnusableRecord for a route that says what has no meaning, or for a tie."""
    routes = catalogue.routes
    for span in routes.spans:
        why = _meaningless(span.content)
        if why is not None:
            raise UnusableRecord(
                "target_route",
                routes.id_of(span),
                why=why,
                remedy="Leave the field out, or change what the route is for.",
            )
    for first, second in combinations(routes.spans, 2):
        if first.dense != second.dense and _tie(first, second):
            raise UnusableRecord(
                "target_route",
                routes.id_of(max(first, second, key=_recorded)),
                why=_told(routes.id_of(min(first, second, key=_recorded)), first),
                remedy="End or change one of them, so that one route is the most"
                " specific.",
            )


def _meaningless(route: TargetRoute) -> str | None:
    if route.journal_type is not None and route.document != "journal":
        return "only journals have a journal_type"
    if route.detail is not None and route.document == "write_back":
        return "a write_back is told in one way, without detail"
    if route.group is not None and (route.document == "write_back" or not route.group):
        return "a group has a name, and a write_back is in none"
    summary = route.document == "journal" and route.detail != "detailed"
    if route.every is not None and not summary:
        return "only summaries of journals are made every day or month"
    return None


def _tie(first: Span[TargetRoute], second: Span[TargetRoute]) -> bool:
    return (
        _leads(first) == _leads(second)
        and (first.content.entity, first.content.journal_type)
        == (second.content.entity, second.content.journal_type)
        and first.effective_from < second.effective_until
        and second.effective_from < first.effective_until
    )


def _told(other: str, span: Span[TargetRoute]) -> str:
    route = span.content
    what = " ".join(filter(None, (route.journal_type, route.document)))
    whose = route.entity or "every entity"
    return (
        f"it is as specific as {other}: both lead {what} of {whose} to"
        f" {route.connection}, and nothing says which holds"
    )


def _leads(span: Span[TargetRoute]) -> tuple[str, str]:
    return span.content.document, span.content.connection


def _rank(span: Span[TargetRoute]) -> tuple[bool, bool]:
    return span.content.entity is not None, span.content.journal_type is not None


def _recorded(span: Span[TargetRoute]) -> int:
    return span.change_no


def _scope(catalogue: Catalogue, span: Span[TargetRoute]) -> RouteScope:
    route = span.content
    return RouteScope(
        entity_no=_entity_no(catalogue, route.entity),
        effect=None
        if route.journal_type is None
        else int(Effect[route.journal_type.upper()]),
        effective_from=span.effective_from,
        effective_until=span.effective_until,
    )


def _entity_no(catalogue: Catalogue, entity: str | None) -> int | None:
    if entity is None:
        return None
    return catalogue.entities.nos[catalogue.entities.dense_of[entity]]


def columns_of(scopes: Sequence[RouteScope], prefix: str) -> dict[str, list[object]]:
    """Return scopes as the columns that a query unnests, their names prefixed."""
    return {
        f"{prefix}_entity_nos": [scope.entity_no for scope in scopes],
        f"{prefix}_effects": [scope.effect for scope in scopes],
        f"{prefix}_froms": [scope.effective_from for scope in scopes],
        f"{prefix}_untils": [scope.effective_until for scope in scopes],
    }
