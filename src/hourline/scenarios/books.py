"""Find in a tenant's books what a scenario expects something of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hourline.billing.documents.read import read_customer_document
from hourline.billing.model import Assembled
from hourline.billing.service import amounts_due, open_to_bill, preview_draft
from hourline.exceptions.model import ExceptionItem
from hourline.exceptions.store import list_items
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import (
    Cause,
    DocumentKind,
    Effect,
    Fate,
    IntentState,
    PendingState,
    Role,
)
from hourline.kernel.entries import HAND_PRICE_SCALE
from hourline.kernel.money import currency_numbered, currency_of, major_units
from hourline.kernel.problems import Problem
from hourline.ledger.service import balances, balances_by_dimension, unbalanced
from hourline.master.snapshot import Snapshot
from hourline.proof.cross_charges import cross_charged
from hourline.proof.differences import differences
from hourline.proof.group_balances import report_group
from hourline.proof.rules.net_departments import net_departments
from hourline.scenarios.group_figures import GroupFigures, group_figures

QUERIES = load_queries(__package__)
_EXCEPTIONS_MAX = 10_000
_PENDING = {
    PendingState.RECEIVED: "submitted",
    PendingState.WAITING: "waiting",
    PendingState.EXCEPTION: "exception",
}
_KINDS = {
    "invoice": int(DocumentKind.INVOICE),
    "journal": int(DocumentKind.JOURNAL),
    "confirmed": int(IntentState.CONFIRMED),
    "entry": int(Cause.ENTRY),
    "cost": int(Effect.COST),
}


class NotInTheBooks(LookupError):
    """Say that a scenario names something its books do not have."""


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """Hold the newest revision of an entry and what was decided of it."""

    entry_no: int
    revision: int | None
    recalled: bool
    pending: int | None
    decided: bool
    accounting_date: date | None
    late: bool
    work_date: date | None
    bill_rate_no: int | None
    change_no: int
    price: int | None


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """Hold an issued invoice or credit note in minor units of its currency."""

    document_no: int
    number: str
    contract_no: int
    invoice_date: date
    currency: int
    net: int
    tax: int
    total: int
    lines: int
    credited_in_full: bool


@dataclass(frozen=True, slots=True)
class TimeAndAmount:
    """Hold time in seconds and its net amount in major units."""

    seconds: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Portion:
    fate: int
    seconds: int
    amount: int
    currency: int


@dataclass(frozen=True, slots=True)
class _Booked:
    booked_as: str | None


@dataclass(frozen=True, slots=True)
class Books:
    """Answer what stands in the books of one tenant, inside one transaction.

    `today` is the latest day that a step has named: a scenario has no other clock.
    """

    session: Session
    snapshot: Snapshot
    today: date

    def entry(self, source_id: str) -> HeldEntry:
        """Return the newest revision of an entry; raise NotInTheBooks."""
        held = self.session.first(
            QUERIES["entry_in_force"],
            HeldEntry,
            source_id=source_id,
            exception=int(PendingState.EXCEPTION),
        )
        if held is None:
            raise NotInTheBooks(f"no entry {source_id}")
        return held

    def state(self, entry: HeldEntry) -> str:
        """Return the state of the revision in force."""
        if entry.recalled:
            return "recalled"
        if entry.pending is not None:
            return _PENDING[PendingState(entry.pending)]
        lines = self._live_lines(entry)
        if not lines:
            return "approved"
        return "billed" if None in lines else "posted"

    def portions(self, entry: HeldEntry) -> Mapping[Fate, TimeAndAmount]:
        """Return the portions of the revision in force; none of one not decided."""
        if entry.recalled or not entry.decided:
            return {}
        found: dict[Fate, TimeAndAmount] = {}
        for portion in self.session.all(
            QUERIES["portions_in_force"],
            _Portion,
            entry_no=entry.entry_no,
            revision=entry.revision,
        ):
            before = found.get(Fate(portion.fate), _NOTHING)
            found[Fate(portion.fate)] = TimeAndAmount(
                before.seconds + portion.seconds,
                before.amount + _major(portion.amount, portion.currency),
            )
        return found

    def bill_rate(self, entry: HeldEntry) -> Decimal | None:
        """Return the figure of the bill rate that was applied, before any factor.

        A price set by hand is that rate.
        """
        if entry.price is not None:
            return Decimal(entry.price) / HAND_PRICE_SCALE
        if entry.bill_rate_no is None:
            return None
        return self.session.value(
            QUERIES["rate_as_published"],
            Decimal,
            master_no=entry.bill_rate_no,
            change_no=entry.change_no,
            day=entry.work_date,
        )

    def late_entries(self) -> list[str]:
        """Return the source ids of the late entries in force."""
        return [row[0] for row in self.session.tuples(QUERIES["late_entries"])]

    def balances(self, entity: str, until: date = date.max) -> Mapping[Role, Decimal]:
        """Return what each role of an entity has moved, in the entity's currency.

        Of what is booked up to and including a day.
        """
        entity_no = self._number("legal_entity", entity)
        currency = self.snapshot.entity(entity_no).currency
        found = balances(self.session, entity_no=entity_no, until=until)
        moved = found.get(entity_no, {})
        return {role: _major(amount, currency) for role, amount in moved.items()}

    def balances_by(
        self, entity: str
    ) -> Mapping[tuple[str, str], Mapping[Role, Decimal]]:
        """Return what each role has moved by dimension and id, as journals state it."""
        entity_no = self._number("legal_entity", entity)
        currency = self.snapshot.entity(entity_no).currency
        found = balances_by_dimension(self.session, self.snapshot, entity_no=entity_no)
        return {
            dimension: {
                role: _major(amount, currency) for role, amount in moved.items()
            }
            for dimension, moved in found.items()
        }

    def group_balances(self, group: str, through: date) -> GroupFigures:
        """Return what a group stands at; raise NotInTheBooks where it is refused."""
        report = report_group(self.session, self.snapshot, group, through=through)
        if isinstance(report, Problem):
            raise NotInTheBooks(report.sentence)
        return group_figures(report)

    def departments(self, entity: str) -> Mapping[str, Decimal]:
        """Return what each department was charged less what it charged others."""
        pairs = cross_charged(self.session, entity=entity)
        return {
            one.department: _major(one.net, one.currency)
            for one in net_departments(pairs)
        }

    def open_to_bill(self, contract: str) -> TimeAndAmount:
        """Return what the next bill of a contract would give.

        Months of recurring fees count that have begun by today.
        """
        assembled = open_to_bill(
            self.session,
            self.snapshot,
            self._number("contract", contract),
            through=date.max,
            begun_by=self.today,
        )
        return _assembled(assembled)

    def draft(self, contract: str) -> Assembled | None:
        """Return the open draft of a contract as it stands now."""
        number = self._number("contract", contract)
        assembled = preview_draft(self.session, self.snapshot, number)
        if isinstance(assembled, Problem):
            raise NotInTheBooks(assembled.sentence)
        return assembled

    def documents(self, kind: DocumentKind) -> list[IssuedDocument]:
        """Return invoices or credit notes in the order they were issued."""
        return self.session.all(
            QUERIES["issued_documents"], IssuedDocument, kind=int(kind)
        )

    def due(self, document: IssuedDocument) -> Decimal:
        """Return what is due of an invoice."""
        due = amounts_due(self.session, document.document_no).due
        return _major(due, document.currency)

    def retained(self, document: IssuedDocument) -> Decimal:
        """Return what is withheld of an invoice."""
        retained = amounts_due(self.session, document.document_no).retained
        return _major(retained, document.currency)

    def purchase_order(self, document: IssuedDocument) -> str | None:
        """Return the customer's order that a document names."""
        read = read_customer_document(self.session, document.document_no)
        return read.purchase_order

    def contract_id(self, contract_no: int) -> str:
        """Return the author's id of a contract."""
        return self.snapshot.contract(contract_no).id

    def exceptions(self) -> list[dict[str, str | None]]:
        """Return queue, code and entry of every open exception."""
        return [
            {
                "queue": item.queue,
                "code": item.code,
                "entry": self._source_id(item),
            }
            for item in list_items(self.session, limit=_EXCEPTIONS_MAX)
        ]

    def is_balanced(self) -> bool:
        """Tell whether debits equal credits per entity, currency and period."""
        return not unbalanced(self.session)

    def unreconciled(self) -> list[str]:
        """Return the differences between time, billing and ledger, as phrases."""
        return [
            f"{one.check} {one.subject}: {one.expected} expected, {one.found} found"
            for one in differences(self.session)
        ]

    def effects(self, entry: HeldEntry) -> Mapping[str, list[str]]:
        """Return the numbers under which the live effects of an entry are booked."""
        journals = self.session.all(
            QUERIES["live_cost_journals"], _Booked, entry_no=entry.entry_no, **_KINDS
        )
        return {
            "invoice_lines": _numbers(self._live_lines(entry)),
            "journals_of_cost": _numbers([row.booked_as for row in journals]),
        }

    def _live_lines(self, entry: HeldEntry) -> list[str | None]:
        lines = self.session.all(
            QUERIES["live_lines"], _Booked, entry_no=entry.entry_no, **_KINDS
        )
        return [row.booked_as for row in lines]

    def _number(self, kind: str, record_id: str) -> int:
        number = self.snapshot.number(kind, record_id)
        if number is None:
            raise NotInTheBooks(f"no {kind.replace('_', ' ')} {record_id}")
        return number

    def _source_id(self, item: ExceptionItem) -> str | None:
        if item.entry_no is None:
            # A record that was not taken is no entry, but says which one it is of.
            return item.detail.get("source_id")
        return self.session.value(QUERIES["source_id"], str, entry_no=item.entry_no)


_NOTHING = TimeAndAmount(0, Decimal(0))


def _major(amount: int, currency: int) -> Decimal:
    return major_units(amount, currency_numbered(currency))


def _assembled(assembled: Assembled | Problem) -> TimeAndAmount:
    if isinstance(assembled, Problem):
        raise NotInTheBooks(assembled.sentence)
    amount = major_units(assembled.net, currency_of(assembled.currency))
    return TimeAndAmount(assembled.seconds, amount)


def _numbers(booked: list[str | None]) -> list[str]:
    return [number for number in booked if number is not None]
