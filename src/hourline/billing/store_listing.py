"""List issued documents, their lines and held work by the names that people use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hourline.billing.rules.payable import Named
from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind, Fate, ReviewAct


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDocument:
    """Hold the head of an issued document; amounts are minor units of its currency.

    `due` is what the customer owes of an invoice; below zero it is their credit. It is
    the total less what was `credited`, `drawn` of retainers, `paid` and `written_off`,
    and what is `retained`.
    `customer_now` is whom the customer it was issued to has been merged into.
    """

    document_no: int
    kind: int
    number: str
    invoice_date: date
    through: date
    due_date: date
    currency: int
    net: int
    tax: int
    total: int
    entity: str
    customer: str
    customer_now: str | None
    contract: str
    credits_number: str | None
    due: int
    credited: int
    drawn: int
    paid: int
    written_off: int
    retained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPayment:
    """Hold a payment of an invoice in minor units of its currency."""

    reference: str
    paid_on: date
    amount: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLine:
    """Hold a line of an issued document: its entry and person, or its milestone."""

    line_no: int
    entry: str | None
    entry_no: int | None
    milestone: str | None
    contract_line_no: int
    contract_line: str
    person: str | None
    seconds: int
    net: int
    tax_rate_ppm: int
    tax: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEntry:
    """Hold an entry that is out of billing, and who holds it since when and why.

    The amount is the value in minor units of the currency; without one, nothing of
    the entry is decided, or all of it is billed. What is `postponed` is out of the next
    invoice only.
    """

    entry: str
    source: str
    contract: str | None
    seconds: int
    amount: int
    currency: int | None
    actor: str
    reason: str
    recorded_at: datetime
    postponed: bool


def list_held(session: Session) -> list[HeldEntry]:
    """Return what is held or postponed, the longest first."""
    return session.all(
        QUERIES["held_listed"],
        HeldEntry,
        held=[int(Fate.HELD), int(Fate.POSTPONED)],
        postpone=int(ReviewAct.POSTPONE),
    )


def list_documents(
    session: Session, document_nos: Sequence[int] | None = None
) -> list[ListedDocument]:
    """Return issued documents, all by default, in the order of issue."""
    return _listed(session, document_nos=document_nos)


def find_documents(session: Session, number: str) -> list[ListedDocument]:
    """Return the documents of a number; legal entities may use the same one."""
    return _listed(session, number=number)


def documents_numbered(session: Session, numbers: Iterable[str]) -> list[Named]:
    """Return what every document of some numbers is, for those who report payments."""
    return session.all(
        QUERIES["documents_numbered"], Named, numbers=sorted(set(numbers))
    )


def list_payments(session: Session, document_no: int) -> list[ListedPayment]:
    """Return the payments of an invoice in the order they were paid."""
    return session.all(
        QUERIES["payments_listed"], ListedPayment, document_no=document_no
    )


def list_lines(session: Session, document_no: int) -> list[ListedLine]:
    """Return the lines of an issued document in their order."""
    return session.all(QUERIES["lines_listed"], ListedLine, document_no=document_no)


def _listed(
    session: Session,
    *,
    number: str | None = None,
    document_nos: Sequence[int] | None = None,
) -> list[ListedDocument]:
    return session.all(
        QUERIES["documents_listed"],
        ListedDocument,
        number=number,
        document_nos=None if document_nos is None else list(document_nos),
        invoice=int(DocumentKind.INVOICE),
    )
