"""Read lists of records from Tryton, page by page, in the order of their ids."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.master import MasterPage
from hourline.connectors.sdk.target import Ask
from hourline.connectors.tryton import wire

Told: TypeAlias = Mapping[str, Any]
# What every record of a company is asked for.
COMPANY = ("company.id", "company.party.code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Read the records of one model; `changes` says what one of them means.

    The user of the connection must see all companies (preference "company filter").
    A field without the right to read it is left out of the answer, which makes the
    page unreadable instead of the field empty.
    """

    kinds: tuple[str, ...]
    model: str
    fields: Sequence[str]
    changes: Callable[[Told], Iterable[MasterChange]]
    domain: Sequence[object] = ()

    def page(self, cursor: str) -> Ask:
        """Return the call for the records behind an id."""
        domain = [*self.domain, *([["id", ">", int(cursor)]] if cursor else [])]
        return wire.search(self.model, domain, fields=self.fields)

    def read(self, reply: HttpReply) -> MasterPage:
        """Return what the records of a page say."""
        told = wire.told_records(reply)
        changes = tuple(change for item in told for change in self.changes(item))
        more = len(told) == wire.PAGE_RECORDS
        return MasterPage(
            changes=changes, next_cursor=str(told[-1]["id"]) if more else None
        )


def own_record(
    told: Told, type_: str, name: str, *, code: str, entity: str | None = None
) -> MasterChange:
    """Return a record that only Tryton has; its id names the model, as ids repeat."""
    fields: dict[str, object] = {"type": type_, "code": code}
    if told.get("name"):
        fields["name"] = told["name"]
    if entity is not None:
        fields["entity"] = str(told["company"]["id"])
    own_id = f"{told['__name__']},{told['id']}"
    return MasterChange("target_record", own_id, name, fields=fields, entity=entity)


def entity_of(told: Told) -> str:
    """Return the code of the company that a record belongs to."""
    return str(told["company"]["party"]["code"])


def day_of(text: str) -> date:
    """Return a day as `wire.plain` told it."""
    return date.fromisoformat(text)
