"""Say by what the rows of a kind match, and refuse rows of which nothing says more."""

from collections.abc import Mapping
from typing import Any

from hourline.kernel.decision_table import HitPolicy, Shape, TableRow, ties
from hourline.master.model import (
    CostRate,
    FxRate,
    LedgerAccount,
    Record,
    TaxRule,
    TimeRounding,
)
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.tax import INTERCOMPANY
from hourline.master.snapshot.timelines import Span, Timeline
from hourline.master.snapshot.unusable import UnusableRecord

COST_RATE_SHAPE = Shape(policy=HitPolicy.LATEST, exact=("person",))
FX_SHAPE = Shape(policy=HitPolicy.LATEST, exact=("from_currency", "to_currency"))
TIME_ROUNDING_SHAPE = Shape(
    policy=HitPolicy.FIRST,
    dimensions=("contract", "project", "customer", "activity"),
)
TAX_SHAPE = Shape(
    policy=HitPolicy.FIRST,
    dimensions=(
        "service",
        "entity_country",
        "entity_has_tax_id",
        "customer_country",
        "customer_has_tax_id",
        "contract_line",
        "customer",
    ),
    apart=(("service", INTERCOMPANY),),
)
ACCOUNT_SHAPE = Shape(
    policy=HitPolicy.MOST_SPECIFIC,
    exact=("entity", "role"),
    dimensions=("service_line",),
)
# The kinds of which no column of a snapshot notices a tie.
_SHAPES: Mapping[str, Shape] = {
    CostRate.kind: COST_RATE_SHAPE,
    FxRate.kind: FX_SHAPE,
    TimeRounding.kind: TIME_ROUNDING_SHAPE,
    TaxRule.kind: TAX_SHAPE,
    LedgerAccount.kind: ACCOUNT_SHAPE,
}
_TOLD: Mapping[HitPolicy, tuple[str, str]] = {
    HitPolicy.LATEST: (
        "it begins on the same day as {other} for the same cases",
        "Let one of them begin on another day, or delete it.",
    ),
    HitPolicy.FIRST: (
        "it has the same order as {other}, and both match the same cases",
        "Give each row an order of its own.",
    ),
    HitPolicy.MOST_SPECIFIC: (
        "it is for the same cases on the same days as {other}",
        "End one of them before the other begins, or delete it.",
    ),
}


def refuse_ties(catalogue: Catalogue) -> None:
    """Raise UnusableRecord for a row that matches as another one does.

    Of two records only: what a record says later replaces what it said before. The one
    that was recorded later is named.
    """
    for kind, shape in _SHAPES.items():
        table = catalogue.of_kind(kind)
        rows = [_row(table, span, shape) for span in table.spans]
        for first, second in ties(shape, rows):
            pair = sorted(
                (table.spans[first], table.spans[second]),
                key=lambda span: span.change_no,
            )
            why, remedy = _TOLD[shape.policy]
            raise UnusableRecord(
                kind,
                table.id_of(pair[1]),
                why=why.format(other=table.id_of(pair[0])),
                remedy=remedy,
                starts=pair[1].effective_from,
            )


def _row(table: Timeline[Any], span: Span[Any], shape: Shape) -> TableRow:
    content: Record = span.content
    return TableRow(
        table.id_of(span),
        tuple(_cell(getattr(content, name)) for name in shape.columns),
        span.effective_from,
        span.effective_until,
        content.order if isinstance(content, TaxRule | TimeRounding) else 0,
    )


def _cell(value: object) -> str | None:
    return None if value is None else str(value)
