"""Hold every connector's targets to what they declare, against the real servers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from hourline.connectors.sandbox.admin import (
    Sandbox,
    read_books,
    start_sandbox,
    stop_sandbox,
)
from hourline.connectors.sdk.documents import Document, WriteBack, WrittenEntry
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.registry import connectors
from hourline.connectors.sdk.target import (
    AlreadyThere,
    Ask,
    Drafting,
    Findable,
    Reading,
    Receipt,
    Referring,
    Refusal,
    Target,
    request_for,
)
from hourline.kernel.capability import PostingClass
from hourline.kernel.codes import DocumentKind
from hourline.posting.rules.capability import class_of
from tests.posting.desk import invoice, journal

ADDRESS = "http://127.0.0.1:1"
TARGETS = [
    (connector.name, kind)
    for connector in connectors().values()
    for kind in connector.targets
]
MODES = [
    (connector.name, mode, kind)
    for connector in connectors().values()
    for mode, targets in connector.modes.items()
    for kind in targets
]
CLASSES = {
    "sandbox_atlas": PostingClass.UNIQUE_ID,
    "sandbox_billing": PostingClass.KEY,
    "sandbox_borealis": PostingClass.DRAFT,
    "sandbox_expenses": PostingClass.KEY,
    "sandbox_psa": PostingClass.KEY,
}
KEY = "H1" + "A" * 26
A_SECOND = timedelta(seconds=1)


def target_of(name: str, kind: DocumentKind) -> Target:
    return connectors()[name].targets[kind]


def document_of(name: str, kind: DocumentKind, amount: str = "1600.00") -> Document:
    """Return a document as its target is handed it, with the ids it asks for."""
    target: object = connectors()[name].targets.get(kind)
    document = plain_document(name, kind, amount)
    if not isinstance(target, Referring) or isinstance(document, WriteBack):
        return document
    references = {
        one.name: str(own_id) for own_id, one in enumerate(target.references(document))
    }
    return msgspec.structs.replace(document, references=references)


def plain_document(name: str, kind: DocumentKind, amount: str) -> Document:
    entity = "DE1" if name == "sandbox_borealis" else "US1"
    book = journal(entity=entity)
    debit, credit = book.lines
    lines = (
        msgspec.structs.replace(debit, debit=amount),
        msgspec.structs.replace(credit, credit=amount),
    )
    match kind:
        case DocumentKind.JOURNAL:
            return msgspec.structs.replace(book, lines=lines)
        case DocumentKind.WRITE_BACK:
            spent = name == "sandbox_expenses"
            entry = WrittenEntry(
                time_entry="EX-2610-001" if spent else "TE-2610-00047",
                seconds=0 if spent else 3600,
                amount=amount,
            )
            return WriteBack(
                invoice_number="US1-000001",
                status="invoiced",
                currency="USD",
                amount=amount,
                entries=(entry,),
            )
        case _:
            billed = msgspec.structs.replace(invoice().lines[0], net=amount)
            return invoice(
                kind=kind,
                entity=entity,
                currency=book.currency,
                net=amount,
                total=amount,
                lines=(billed,),
                ledger_lines=lines,
            )


@pytest.mark.parametrize(("name", "kind"), [t for t in TARGETS if t[0] in CLASSES])
def test_the_class_of_each_sandbox_target_is_the_documented_one(
    name: str, kind: DocumentKind
) -> None:
    assert class_of(target_of(name, kind).capability) is CLASSES[name]


@pytest.mark.parametrize(("name", "kind"), TARGETS)
def test_a_request_is_the_same_bytes_every_time_and_carries_the_key(
    name: str, kind: DocumentKind
) -> None:
    target, document = target_of(name, kind), document_of(name, kind)

    first, again = (
        request_for(ADDRESS, target.book(document, KEY), deadline=timedelta(seconds=1))
        for _ in range(2)
    )

    assert first == again
    assert KEY in first.body.decode() or KEY in first.headers.values()
    key = target.capability.idempotency
    own = target.capability.external_id
    assert key is None or key.length_max >= len(KEY)
    assert own is None or own.length_max >= len(KEY)


@pytest.mark.parametrize("name", ["sandbox_atlas", "sandbox_borealis"])
def test_a_ledger_is_told_a_foreign_invoice_in_the_currency_of_its_books(
    name: str,
) -> None:
    target = target_of(name, DocumentKind.INVOICE)
    plain = plain_document(name, DocumentKind.INVOICE, "1600.00")
    document = msgspec.structs.replace(plain, currency="CHF", ledger_currency="USD")

    request = request_for(ADDRESS, target.book(document, KEY), deadline=A_SECOND)

    assert msgspec.json.decode(request.body)["currency"] == "USD"
    assert target.content(document).currency == "USD"


@pytest.mark.parametrize(("name", "mode", "kind"), MODES)
def test_a_mode_books_the_same_documents_by_other_promises(
    name: str, mode: str, kind: DocumentKind
) -> None:
    ordinary, other = target_of(name, kind), connectors()[name].targets_in(mode)[kind]
    document = document_of(name, kind)

    request = request_for(ADDRESS, other.book(document, KEY), deadline=A_SECOND)

    assert KEY in request.body.decode()
    assert other.capability != ordinary.capability
    assert class_of(other.capability) is PostingClass.UNIQUE_ID


def test_a_mode_nobody_declares_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="tryton has no mode fast; it has: unique_"):
        connectors()["tryton"].targets_in("fast")


@pytest.mark.parametrize(("name", "kind"), TARGETS)
def test_a_document_of_the_wrong_kind_is_not_written(
    name: str, kind: DocumentKind
) -> None:
    wrong = (
        DocumentKind.JOURNAL
        if kind is DocumentKind.WRITE_BACK
        else DocumentKind.WRITE_BACK
    )

    with pytest.raises(ValueError, match=r"takes|keeps a ledger"):
        target_of(name, kind).book(document_of(name, wrong), KEY)


@pytest.mark.parametrize(("name", "kind"), TARGETS)
def test_a_reply_that_is_not_json_is_never_read_as_anything(
    name: str, kind: DocumentKind
) -> None:
    reply = HttpReply(status=201, headers={}, body=b"<html>Bad gateway</html>")

    with pytest.raises(ValueError, match="not JSON"):
        target_of(name, kind).read(reply)


class Line:
    """Talk to one target of the running sandbox."""

    def __init__(self, sandbox: Sandbox, name: str, kind: DocumentKind) -> None:
        self.target = target_of(name, kind)
        self.place = sandbox.servers[name.removeprefix("sandbox_")]
        self._send = self.place.egress().send

    def tell(self, ask: Ask) -> HttpReply:
        request = request_for(self.place.url, ask, deadline=timedelta(seconds=5))
        told = self._send(request)
        assert isinstance(told, HttpReply)
        return told

    def book(self, document: Document, key: str) -> Reading:
        return self.target.read(self.tell(self.target.book(document, key)))

    def found(self, document: Document, key: str) -> list[Receipt]:
        assert isinstance(self.target, Findable)
        return list(self.target.found(self.tell(self.target.find(document, key))))

    @property
    def documents(self) -> int:
        return len(read_books(self.place))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder: Path = tmp_path_factory.mktemp("conformance")
    running = start_sandbox(folder / "state", folder / "ports.json")
    yield running
    assert stop_sandbox(running) == 0


def of_class(*wanted: PostingClass) -> list[tuple[str, DocumentKind]]:
    """Name the targets of a class; a credit note first needs an invoice."""
    return [
        (name, kind)
        for name, kind in TARGETS
        if name in CLASSES
        and CLASSES[name] in wanted
        and (name, kind) != ("sandbox_billing", DocumentKind.CREDIT_NOTE)
    ]


def new_key() -> str:
    return f"H1{uuid4().hex[:26].upper()}"


@pytest.mark.integration
@pytest.mark.parametrize(("name", "kind"), of_class(PostingClass.KEY))
def test_a_key_has_one_effect_and_refuses_another_body(
    sandbox: Sandbox, name: str, kind: DocumentKind
) -> None:
    line, key, document = Line(sandbox, name, kind), new_key(), document_of(name, kind)
    before = line.documents

    first = line.book(document, key)
    again = line.book(document, key)
    other = line.book(document_of(name, kind, "99.00"), key)

    assert isinstance(first, Receipt)
    assert line.target.content(document).differences(first.content) == []
    assert again == first
    assert isinstance(other, Refusal)
    assert line.documents == before + 1


@pytest.mark.integration
@pytest.mark.parametrize(("name", "kind"), of_class(PostingClass.UNIQUE_ID))
def test_a_unique_id_is_taken_once_and_read_at_once(
    sandbox: Sandbox, name: str, kind: DocumentKind
) -> None:
    line, key, document = Line(sandbox, name, kind), new_key(), document_of(name, kind)
    before = line.documents

    nothing = line.found(document, key)
    first = line.book(document, key)
    found = line.found(document, key)
    again = line.book(document, key)

    assert nothing == []
    assert isinstance(first, Receipt)
    assert line.target.content(document).differences(first.content) == []
    assert found == [first]
    assert again == AlreadyThere()
    assert line.documents == before + 1


@pytest.mark.integration
@pytest.mark.parametrize(("name", "kind"), of_class(PostingClass.DRAFT))
def test_a_draft_is_posted_by_its_id_however_often_that_is_asked(
    sandbox: Sandbox, name: str, kind: DocumentKind
) -> None:
    line, key, document = Line(sandbox, name, kind), new_key(), document_of(name, kind)
    target = line.target
    assert isinstance(target, Drafting)

    drafts = [line.book(document, key), line.book(document, key)]
    one, two = (draft for draft in drafts if isinstance(draft, Receipt))
    posted = line.target.read(line.tell(target.post(document, one.external_id)))
    again = line.target.read(line.tell(target.post(document, one.external_id)))
    line.tell(target.discard(document, two.external_id))
    kept = line.tell(target.discard(document, one.external_id))

    assert (one.draft, two.draft) == (True, True)
    assert isinstance(posted, Receipt)
    assert (posted.draft, posted.external_id) == (False, one.external_id)
    assert line.target.content(document).differences(posted.content) == []
    assert again == posted
    assert kept.status == 409
    assert line.found(document, key) == [posted]


@pytest.mark.integration
@pytest.mark.parametrize(("name", "kind"), of_class(*PostingClass))
def test_a_refusal_names_a_reason_and_leaves_nothing_behind(
    sandbox: Sandbox, name: str, kind: DocumentKind
) -> None:
    line, key = Line(sandbox, name, kind), new_key()
    wrong = msgspec.structs.replace(document_of(name, kind), currency="XXXX")
    before = line.documents

    refused = line.book(wrong, key)

    assert isinstance(refused, Refusal)
    assert refused.reason in {"wrong_currency", "bad_currency"}
    assert line.documents == before
