"""Credit and open the draft that bills the work anew, and say what that comes to."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from hourline.billing.drafts import fingerprint_of
from hourline.billing.model import Assembled, Terms
from hourline.billing.preview import preview_terms
from hourline.billing.store import drop_draft, put_draft, read_draft
from hourline.flow.correcting.figures import QUERIES as FIGURES
from hourline.flow.correcting.figures import Figures, read_figures
from hourline.flow.correcting.previews import NamedEntry
from hourline.flow.rebilling.guard import QUERIES
from hourline.infra.database import Session
from hourline.infra.json import encode_json
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    """Hold a credit note of an invoice; its amounts are negative minor units."""

    document_no: int
    number: str
    invoice: str
    through: date
    contract_no: int
    entity_no: int
    customer_no: int
    currency: int
    net: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Hold what stood of an entry and what does then; None where nothing is decided."""

    named: NamedEntry
    before: Figures | None
    after: Figures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDraft:
    """Hold what the draft of a contract bills, which follows a credit; else why not.

    Its days are the last one that it bills, and its date.
    Amounts are in minor units of the currency.
    """

    contract: str
    days: tuple[date, date]
    currency: str = ""
    net: int = 0
    tax: int = 0
    total: int = 0
    problem: str | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebill:
    """Hold what is credited of a contract, and how its work is billed anew.

    Without a draft there is nothing to bill anew.
    """

    contract: str
    notes: tuple[CreditNote, ...]
    work: tuple[Work, ...]
    drafts: tuple[NextDraft, ...]

    @property
    def fingerprint(self) -> bytes:
        """Give a hash of all that it holds but the numbers that are given when issued.

        Another document can take a number before somebody approves it.
        """
        notes = [
            {**asdict(one), "document_no": None, "number": None} for one in self.notes
        ]
        work = [asdict(one) for one in self.work]
        following = [asdict(one) for one in self.drafts]
        content = [self.contract, notes, work, following]
        return hashlib.sha256(encode_json(content)).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Name what is billed anew: entries of a contract, with the days they come to."""

    contract_no: int
    entry_nos: Sequence[int]
    days: Sequence[date] = ()


def rebill(
    session: Session,
    snapshot: Snapshot,
    subject: Subject,
    act: Callable[[], None],
    *,
    dated: date | None,
) -> Rebill:
    """Do what credits invoices, and open a draft of every contract that was credited.

    Without a date none is opened. The draft is dated `dated`, and goes through what the
    credited invoices billed and through the days of the subject. One that is open keeps
    its date and what is adjusted on it.
    """
    names = session.all(
        FIGURES["names_of_entries"], NamedEntry, entry_nos=list(subject.entry_nos)
    )
    before = {one.entry_no: read_figures(session, one.entry_no) for one in names}
    act()
    notes = session.all(
        QUERIES["credits_of_this_act"],
        CreditNote,
        kind_credit_note=DocumentKind.CREDIT_NOTE,
    )
    following: list[NextDraft | None] = []
    if dated is not None:
        wanted = _to_follow(notes, subject.days, dated)
        following = [_follow(session, snapshot, terms) for terms in wanted]
    work = [
        Work(
            named=one,
            before=before[one.entry_no],
            after=read_figures(session, one.entry_no),
        )
        for one in names
    ]
    return Rebill(
        contract=snapshot.contract(subject.contract_no).id,
        notes=tuple(notes),
        work=tuple(work),
        drafts=tuple(one for one in following if one is not None),
    )


def record_approved(
    session: Session, done: Rebill, *, approver: str, fingerprint: bytes
) -> None:
    """Record who approved credit notes, and by what was shown."""
    session.run(
        QUERIES["approve_credits"],
        document_nos=[one.document_no for one in done.notes],
        approver=approver,
        fingerprint=fingerprint,
    )


def _to_follow(
    notes: Sequence[CreditNote], days: Sequence[date], dated: date
) -> list[Terms]:
    """Return the terms of the drafts that follow credit notes, one of a contract."""
    through: dict[int, date] = {}
    for note in notes:
        known = through.get(note.contract_no, note.through)
        through[note.contract_no] = max(known, note.through, *days)
    return [
        Terms(contract_no=number, through=day, invoice_date=dated)
        for number, day in sorted(through.items())
    ]


def _follow(session: Session, snapshot: Snapshot, wanted: Terms) -> NextDraft | None:
    """Open the draft of a contract, or let the open one go on to a later day."""
    open_now = read_draft(session, wanted.contract_no)
    terms = wanted
    if open_now is not None:
        later = max(open_now.through, wanted.through)
        terms = replace(open_now, through=later)
    content = preview_terms(session, snapshot, terms, follow=True)
    if isinstance(content, Assembled) and not content.lines:
        drop_draft(session, terms.contract_no)
        return None
    if terms != open_now:
        put_draft(session, terms)
    return _told(snapshot, terms, content)


def _told(snapshot: Snapshot, terms: Terms, content: Assembled | Problem) -> NextDraft:
    contract = snapshot.contract(terms.contract_no).id
    days = (terms.through, terms.invoice_date)
    if isinstance(content, Problem):
        return NextDraft(contract=contract, days=days, problem=content.sentence)
    return NextDraft(
        contract=contract,
        days=days,
        currency=content.currency,
        net=content.net,
        tax=content.tax,
        total=content.total,
        fingerprint=fingerprint_of(content).hex(),
    )
