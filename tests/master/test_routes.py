"""The most specific route to a system holds, and two that tie are refused in words."""

from datetime import date

import pytest

from hourline.kernel.codes import Effect
from hourline.master.model import LegalEntity, Record, TargetRoute
from hourline.master.snapshot import (
    RouteScope,
    UnusableRecord,
    build_snapshot,
    routes_in_force,
)
from tests.billing.books import version

US1 = LegalEntity(country="US", currency="USD")
ALWAYS, EVER = date(1990, 1, 1), date(9999, 1, 1)


def route(connection: str = "books", **fields: object) -> TargetRoute:
    return TargetRoute(**{"document": "journal", "connection": connection, **fields})  # type: ignore[arg-type]  # fields by name


def in_force(*routes: TargetRoute) -> list[tuple[TargetRoute, list[RouteScope]]]:
    kept: list[Record] = [US1, *routes]
    snapshot = build_snapshot(
        [
            version(no, "US1" if one is US1 else f"r{no}", one)
            for no, one in enumerate(kept, start=1)
        ],
        [],
        change_no=9,
    )
    found = routes_in_force(snapshot.catalogue)
    return [(one.content, list(one.yields_to)) for one in found]


def scope(entity_no: int | None, effect: Effect | None) -> RouteScope:
    return RouteScope(
        entity_no=entity_no, effect=effect, effective_from=ALWAYS, effective_until=EVER
    )


def test_a_route_yields_to_every_more_specific_one_to_the_same_system() -> None:
    general = route()
    of_type = route(journal_type="cost", detail="detailed")
    of_entity = route(entity="US1", every="month")
    of_both = route(entity="US1", journal_type="cost")
    elsewhere = route("other", entity="US1", journal_type="cost")

    found = in_force(general, of_type, of_entity, of_both, elsewhere)

    entity, both = scope(1, None), scope(1, Effect.COST)
    assert found == [
        (general, [scope(None, Effect.COST), entity, both]),
        (of_type, [entity, both]),
        (of_entity, [both]),
        (of_both, []),
        (elsewhere, []),
    ]


def test_two_equally_specific_routes_to_a_system_are_refused() -> None:
    with pytest.raises(UnusableRecord) as refused:
        in_force(
            route(journal_type="cost"), route(journal_type="cost", detail="detailed")
        )

    assert str(refused.value) == (
        "target_route r3: it is as specific as r2: both lead cost journal of every"
        " entity to books, and nothing says which holds. End or change one of them, so"
        " that one route is the most specific."
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (
            {"document": "invoice", "journal_type": "cost"},
            "only journals have a journal_type",
        ),
        (
            {"document": "write_back", "detail": "summary"},
            "a write_back is told in one way, without detail",
        ),
        (
            {"document": "invoice", "every": "month"},
            "only summaries of journals are made every day or month",
        ),
        (
            {"detail": "detailed", "every": "day"},
            "only summaries of journals are made every day or month",
        ),
    ],
)
def test_a_route_that_says_what_has_no_meaning_is_refused(
    fields: dict[str, str], why: str
) -> None:
    with pytest.raises(UnusableRecord) as refused:
        in_force(route(**fields))

    assert refused.value.why == why
