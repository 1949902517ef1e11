"""Page through exception items in an order that new items do not disturb."""

from dataclasses import dataclass
from datetime import datetime

from hourline.exceptions.model import ExceptionItem
from hourline.exceptions.store import QUERIES
from hourline.infra.database import Session


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Name a place in the order of items: the last one seen."""

    due_at: datetime
    item_no: int


def page_of_items(
    session: Session,
    *,
    state: str,
    queue: str | None,
    code: str | None,
    after: ItemPlace | None,
    limit: int,
) -> tuple[list[ExceptionItem], ItemPlace | None]:
    """Return items after a place, most urgent first, and the place to go on from."""
    items = session.all(
        QUERIES["items_after"],
        ExceptionItem,
        state=state,
        queue=queue,
        code=code,
        after_due_at=after and after.due_at,
        after_item_no=after and after.item_no,
        limit=limit + 1,
    )
    if len(items) <= limit:
        return items, None
    last = items[limit - 1]
    return items[:limit], ItemPlace(last.due_at, last.item_no)
