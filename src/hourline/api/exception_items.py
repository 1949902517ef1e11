"""Show what waits for a person, page by page."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from hourline.api.access import Contract, Given, Known
from hourline.api.problems import ApiProblem, Code, Finding
from hourline.api.shapes import ExceptionPage, ExceptionShape
from hourline.exceptions.model import ExceptionItem
from hourline.exceptions.pages import ItemPlace, page_of_items
from hourline.infra.api_keys import Scope
from hourline.kernel.problems import ProblemCode, Queue

LIMIT_MAX = 500
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX)]
Cursor = Annotated[
    str | None,
    QueryParameter(max_length=500, description="The next_cursor of the page before."),
]


class _Place(msgspec.Struct, array_like=True):
    due_at: Annotated[datetime, msgspec.Meta(tz=True)]
    item_no: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


@get(
    "/v1/exceptions",
    operation_id="list_exceptions",
    summary="List exceptions, the most urgent first.",
    sync_to_thread=True,
    opt={"contract": Contract(Scope.EXCEPTIONS_WORK, ExceptionPage)},
)
def list_exceptions(
    services: Given,
    caller: Known,
    *,
    status: FromQuery[Literal["open", "resolved"]] = "open",
    queue: FromQuery[Queue | None] = None,
    code: FromQuery[ProblemCode | None] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ExceptionPage:
    """Page by the due time: an item that comes in between moves no other."""
    after = None if cursor is None else _place(cursor)
    with services.database.tenant(caller.tenant) as session:
        items, place = page_of_items(
            session, state=status, queue=queue, code=code, after=after, limit=limit
        )
    return ExceptionPage(
        items=[_shape(item) for item in items],
        next_cursor=None if place is None else _cursor(place),
    )


def _cursor(place: ItemPlace) -> str:
    text = msgspec.json.encode(_Place(place.due_at, place.item_no))
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _place(cursor: str) -> ItemPlace:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place = msgspec.json.decode(text, type=_Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as fault:
        finding = Finding(
            code="parameter_invalid",
            sentence="cursor: it is none that a page has given.",
            remedy="Begin without a cursor.",
        )
        raise ApiProblem(
            Code.REFUSED, "A parameter is missing or wrong.", findings=[finding]
        ) from fault
    return ItemPlace(place.due_at, place.item_no)


def _shape(item: ExceptionItem) -> ExceptionShape:
    return ExceptionShape(
        item=item.item_no,
        queue=item.queue,
        code=item.code,
        subject_kind=item.subject_kind,
        subject=item.subject_key,
        sentence=item.sentence,
        remedy=item.remedy,
        owner=item.owner,
        state=item.state,
        opened_at=item.opened_at,
        due_at=item.due_at,
        resolved_at=item.resolved_at,
        resolution=item.resolution,
    )
