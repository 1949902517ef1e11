"""Say what a connector implements to book documents at its vendor's system.

A target only writes requests and reads replies; it never sends, waits or repeats. How
often and when something is sent follows from the `capability` it declares.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeAlias, runtime_checkable
from urllib.parse import quote, urlencode

from hourline.connectors.sdk.documents import Content, Document
from hourline.connectors.sdk.http import Exchanged, HttpReply, HttpRequest
from hourline.kernel.capability import Capability
from hourline.kernel.codes import DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Describe one call below the connection's address; `path` segments are encoded.

    `query` is a sequence where a name stands in it several times.
    """

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str] | Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Hold a document as it stands at the target; a draft has no effect there yet."""

    external_id: str
    content: Content
    number: str | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Hold a definite no: nothing was booked. `reason` is a snake_case code.

    Known reasons lead to the queue of those who can help and to a remedy; every other
    one leads to those who post.
    """

    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """Say that the target has a document under this key; a lookup will compare it."""


Reading: TypeAlias = Receipt | Refusal | AlreadyThere


class Target(Protocol):
    """Book one kind of document.

    `read` is shown replies with a status of 2xx or 4xx, except 401, 408 and 429. What
    it raises for a reply it cannot read makes the outcome unknown, never a refusal.
    """

    @property
    def capability(self) -> Capability:
        """Return what the vendor promises."""

    def content(self, document: Document) -> Content:
        """Return what receipts must agree with; what they add up, not what was sent."""

    def book(self, document: Document, key: str) -> Ask:
        """Return the call that books the document, or creates its draft.

        Raises ValueError for a document the vendor cannot take.
        """

    def read(self, reply: HttpReply) -> Reading:
        """Return what the reply to a booking says."""


@runtime_checkable
class Findable(Protocol):
    """Look documents up by key; needed where a probe or unique id is declared.

    `found` is shown replies with a status of 200 or 404.
    """

    def find(self, document: Document, key: str) -> Ask:
        """Return the call that looks the key up."""

    def found(self, reply: HttpReply) -> Sequence[Receipt]:
        """Return every document and draft under the key."""


@runtime_checkable
class Drafting(Protocol):
    """Post a draft by its id, and delete one; needed where drafts are declared."""

    def post(self, document: Document, draft_id: str) -> Ask:
        """Return the call that posts this draft of a document and no other."""

    def discard(self, document: Document, draft_id: str) -> Ask:
        """Return the call that deletes this draft, and cannot delete a posted one."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Name a record of master data whose own id at the target a document needs.

    With `only_with`, it is needed only where the target has that other record.
    """

    kind: str
    id: str
    only_with: "Reference | None" = None

    @property
    def name(self) -> str:
        """Return under which name the document carries the id."""
        return f"{self.kind} {self.id}"


@runtime_checkable
class Referring(Protocol):
    """Name records by the target's own ids; for targets that know no others.

    The ids come from what the connection's master streams said; a document waits for
    what is missing.
    """

    def references(self, document: Document) -> Iterable[Reference]:
        """Return the records that this document names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPort:
    """Reach the targets of one connection through its egress."""

    targets: Mapping[DocumentKind, Target]
    address: str
    send: Callable[[HttpRequest], Exchanged]

    def request(self, ask: Ask, *, deadline: timedelta) -> HttpRequest:
        """Return the request for a call at this connection's address."""
        return request_for(self.address, ask, deadline=deadline)


def request_for(address: str, ask: Ask, *, deadline: timedelta) -> HttpRequest:
    """Return the request for a call below an address; the same bytes every time."""
    path = "/".join(quote(segment, safe="") for segment in ask.path)
    url = f"{address.rstrip('/')}/{path}"
    if ask.query:
        url = f"{url}?{urlencode(ask.query, quote_via=quote)}"
    if ask.content is None:
        return HttpRequest(
            method=ask.method, url=url, headers=ask.headers, deadline=deadline
        )
    return HttpRequest.with_json(
        ask.method, url, ask.content, headers=ask.headers, deadline=deadline
    )
