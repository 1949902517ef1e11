"""Let people decide exceptions; every decision is in the audit chain."""

from datetime import datetime

from hourline.exceptions.model import ExceptionItem
from hourline.exceptions.store import find_item, resolve_item
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Session


def resolve_by_person(
    session: Session, item_no: int, *, actor: str, reason: str, at: datetime
) -> ExceptionItem | None:
    """Close an open item and record who decided it and why; None if it is not open.

    Closing an item says that a person has seen it; an entry it is about stays pending
    until what it lacks arrives or its source replaces or recalls it.
    """
    item = find_item(session, item_no)
    if item is None or not resolve_item(session, item_no, resolution=reason, at=at):
        return None
    change = ManualChange(
        actor=actor,
        action="exception.resolved",
        subject=f"exception {item_no} ({item.code})",
        reason=reason,
        before={"state": "open", "sentence": item.sentence},
        after={"state": "resolved"},
    )
    record_change(session, change)
    return find_item(session, item_no)
