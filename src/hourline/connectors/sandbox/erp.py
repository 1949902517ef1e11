"""Keep documents and ledgers as the firm's two ERPs do, each in its own character.

Atlas (class B) posts at once and enforces a unique external id. Borealis (class D)
takes drafts with a marker, any number of them, and posts one by its id.
"""

from collections import defaultdict
from typing import Any

from hourline.connectors.sandbox.calls import (
    Answer,
    Call,
    Operation,
    Refused,
    cursor_and_limit,
    day_of,
    document_no,
    existing,
    page,
    required,
    shown,
)
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.ledger import Ledger, line_amounts
from hourline.connectors.sandbox.storage import Content, Storage
from hourline.connectors.sandbox.wire import major

_KINDS = {"invoice": "INV", "credit_note": "CRN", "journal": "JNL"}
_DOCUMENT = "document"
_DRAFT, _POSTED = "draft", "posted"


def atlas_operations(firm: Firm, storage: Storage) -> tuple[Operation, ...]:
    """Return the operations of the ERP with unique external ids."""
    erp = _Erp("AT", "external_id", firm=firm, storage=storage)
    return (
        Operation("create_document", "POST", "/api/documents", erp.create_posted),
        *_shared_operations(erp),
    )


def borealis_operations(firm: Firm, storage: Storage) -> tuple[Operation, ...]:
    """Return the operations of the ERP with drafts."""
    erp = _Erp("BO", "marker", firm=firm, storage=storage)
    one = "/api/documents/{id}"
    return (
        Operation("create_document", "POST", "/api/documents", erp.create_draft),
        Operation("post_document", "POST", f"{one}/post", erp.post),
        Operation("delete_draft", "DELETE", one, erp.delete_draft),
        *_shared_operations(erp),
    )


def _shared_operations(erp: "_Erp") -> tuple[Operation, ...]:
    return (
        Operation("find_documents", "GET", "/api/documents", erp.find),
        Operation("list_booked", "GET", "/api/booked", erp.booked),
        Operation("show_document", "GET", "/api/documents/{id}", erp.show),
        Operation("ledger_totals", "GET", "/api/ledger/totals", erp.totals),
        Operation("list_entities", "GET", "/api/entities", erp.ledger.entities),
        Operation("list_accounts", "GET", "/api/accounts", erp.ledger.accounts),
        Operation("list_tax_codes", "GET", "/api/tax-codes", erp.ledger.tax_codes),
        Operation("list_periods", "GET", "/api/periods", erp.ledger.periods),
        Operation("set_period", "POST", "/admin/periods", erp.ledger.set_period),
    )


class _Erp:
    def __init__(
        self, prefix: str, reference: str, *, firm: Firm, storage: Storage
    ) -> None:
        self._prefix = prefix
        self._reference = reference
        self._storage = storage
        self.ledger = Ledger(firm, storage)

    def create_posted(self, call: Call) -> Answer:
        """Post a document; its external id exists once."""
        external_id = required(call.content, self._reference)
        held = self._storage.by_unique_id(external_id)
        if held:
            return _taken(shown(self._prefix, held[0]))
        posted = self._numbered(self._checked(call.content))
        no = self._storage.add(
            _DOCUMENT, posted, reference=external_id, unique_id=external_id
        )
        return Answer(201, shown(self._prefix, {"no": no, **posted}))

    def create_draft(self, call: Call) -> Answer:
        """Keep a draft without effect on any ledger; markers may repeat."""
        content = {**self._checked(call.content), "status": _DRAFT, "number": None}
        no = self._storage.add(_DOCUMENT, content, reference=content["marker"])
        return Answer(201, shown(self._prefix, {"no": no, **content}))

    def post(self, call: Call) -> Answer:
        """Post a draft; a posted document stays as it is."""
        document = self._document(call)
        if document["status"] == _POSTED:
            return Answer(200, shown(self._prefix, document))
        self.ledger.check_open(document["entity"], document["date"])
        posted = self._numbered(document)
        self._storage.change(document["no"], _without_no(posted))
        return Answer(200, shown(self._prefix, posted))

    def delete_draft(self, call: Call) -> Answer:
        """Remove a draft; what is posted stays."""
        document = self._document(call)
        if document["status"] == _POSTED:
            raise Refused(409, "already_posted", "only drafts can be deleted")
        self._storage.remove(document["no"])
        return Answer(200, {"deleted": call.path["id"]})

    def find(self, call: Call) -> Answer:
        """Return the documents with an external id or marker, the oldest first."""
        wanted = call.query.get(self._reference)
        if not wanted:
            raise Refused(400, "no_reference", f"state {self._reference}")
        held = self._storage.by_reference(_DOCUMENT, wanted)
        return Answer(200, {"items": [shown(self._prefix, d) for d in held]})

    def booked(self, call: Call) -> Answer:
        """Page through what is posted of a kind, by its date; until is exclusive.

        The cursor is the last document's number, so nothing shifts while it is read.
        """
        kind = required(dict(call.query), "kind")
        days = (day_of(dict(call.query), "from"), day_of(dict(call.query), "until"))
        after, limit = cursor_and_limit(call)
        rows = [
            held
            for held in self._storage.documents(_DOCUMENT)
            if held["status"] == _POSTED
            and held["kind"] == kind
            and days[0] <= held["date"] < days[1]
            and held["no"] > after
        ]
        return Answer(
            200,
            {
                "items": [shown(self._prefix, held) for held in rows[:limit]],
                "next_cursor": str(rows[:limit][-1]["no"] if rows else after),
                "has_more": len(rows) > limit,
            },
        )

    def show(self, call: Call) -> Answer:
        """Return one document."""
        return Answer(200, shown(self._prefix, self._document(call)))

    def totals(self, call: Call) -> Answer:
        """Return debits and credits of what is posted, by account and period."""
        sums: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        for document in self._storage.documents(_DOCUMENT):
            if document["status"] != _POSTED:
                continue
            place = (document["entity"], document["date"][:7], document["currency"])
            for line in document["lines"]:
                debit, credit = line_amounts(line)
                found = sums[(*place, line["account"])]
                found[0] += debit
                found[1] += credit
        rows = [
            {
                "entity": entity,
                "period": period,
                "currency": currency,
                "account": account,
                "debit": major(debit),
                "credit": major(credit),
            }
            for (entity, period, currency, account), (debit, credit) in sorted(
                sums.items()
            )
        ]
        names = ("entity", "period", "account")
        wanted = {n: call.query[n] for n in names if n in call.query}
        return page([r for r in rows if wanted.items() <= r.items()], call)

    def _checked(self, content: Any) -> Content:  # noqa: ANN401 - JSON as it came
        """Return the document as posted, if the ledger could take it now."""
        required(content, self._reference)
        if required(content, "kind") not in _KINDS:
            raise Refused(422, "unknown_kind", f"one of {', '.join(_KINDS)}")
        self.ledger.check_lines(content)
        self.ledger.check_open(required(content, "entity"), day_of(content, "date"))
        return dict(content)

    def _numbered(self, content: Content) -> Content:
        series = f"{content['entity']}-{_KINDS[content['kind']]}"
        number = f"{series}-{self._storage.next_number(series):06d}"
        return {**content, "status": _POSTED, "number": number}

    def _document(self, call: Call) -> Content:
        no = document_no(call.path["id"])
        return existing(self._storage.get(no), "document")


def _taken(document: Content) -> Answer:
    return Answer(
        409,
        {
            "code": "external_id_exists",
            "message": "a document with this external id exists",
            "id": document["id"],
        },
    )


def _without_no(document: Content) -> Content:
    return {name: value for name, value in document.items() if name != "no"}
