"""Put a small firm and decided work into the database, one contract at a time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hourline.infra.database import Session
from hourline.infra.queries import Query
from hourline.kernel.codes import Cause, Effect, Fate, Role
from hourline.kernel.money import currency_of
from hourline.master.model import (
    Contract,
    ContractLine,
    CostCentre,
    Customer,
    FxRate,
    LedgerAccount,
    LegalEntity,
    MasterVersion,
    Milestone,
    Person,
    PostingPeriod,
    Project,
    Record,
    ServiceLine,
    TaxRule,
)
from hourline.master.snapshot import Snapshot, build_snapshot

HOUR = 3_600
ENTITY, CUSTOMER, PERSON, CONTRACT, LINE, PROJECT, TAX = range(1, 8)
_OTHERS_FROM = 20
_ALWAYS = date(1990, 1, 1)
_EVER = date(9999, 1, 1)
_MONEY = Decimal
_ENTRIES = Query(
    "entries", "Entries that exist.", "SELECT entry_no FROM hourline.time_entry"
)


def version(
    no: int, id_: str, content: Record, *, since: date = _ALWAYS
) -> MasterVersion:
    """Return a recorded version of a master record."""
    return MasterVersion(
        master_no=no,
        change_no=no,
        id=id_,
        effective_from=since,
        effective_until=_EVER,
        content=content,
    )


@dataclass(frozen=True, kw_only=True)
class Firm:
    """Describe a firm with one contract; every default is valid."""

    country: str = "US"
    currency: str = "USD"
    contract_currency: str | None = None
    tax_rounding: str = "per_invoice"
    tax_rate: str | None = None
    tax_country: str | None = None
    tax_since: date = date(1990, 1, 1)
    method: str = "time_and_materials"
    accrue: bool = True
    price: str | None = None
    milestones: tuple[tuple[str, str], ...] = ()
    fx: tuple[tuple[date, str], ...] = ()
    closed: tuple[str, ...] = ()
    accounts: tuple[tuple[str, str, str | None], ...] = ()
    payment_days: int = 30

    def snapshot(self) -> Snapshot:
        """Return the firm's master data."""
        versions = [*self._parties(), *self._work(), *self._tables()]
        return build_snapshot(versions, [], change_no=99)

    def _parties(self) -> list[MasterVersion]:
        return [
            version(
                ENTITY,
                "US1",
                LegalEntity(
                    country=self.country,
                    currency=self.currency,
                    tax_rounding=self.tax_rounding,  # type: ignore[arg-type]  # a test states it as text
                ),
            ),
            version(
                CUSTOMER,
                "ADATUM",
                Customer(country=self.country, payment_days=self.payment_days),
            ),
            version(PERSON, "ann", Person(entity="US1", role="developer")),
            version(10, "advisory", ServiceLine()),
            version(11, "cc1", CostCentre()),
        ]

    def _work(self) -> list[MasterVersion]:
        milestones = tuple(
            Milestone(id=id_, amount=_MONEY(amount), date=date(2025, 6, 30))
            for id_, amount in self.milestones
        )
        return [
            version(
                CONTRACT,
                "C1",
                Contract(
                    customer="ADATUM", entity="US1", currency=self.contract_currency
                ),
            ),
            version(
                LINE,
                "C1.1",
                ContractLine(
                    contract="C1",
                    method=self.method,  # type: ignore[arg-type]  # a test states it as text
                    accrue=self.accrue,
                    price=None if self.price is None else _MONEY(self.price),
                    milestones=milestones,
                ),
            ),
            version(
                PROJECT,
                "P1",
                Project(
                    contract_line="C1.1", service_line="advisory", cost_centre="cc1"
                ),
            ),
        ]

    def _tables(self) -> list[MasterVersion]:
        records: list[tuple[str, Record, date]] = [
            (f"fx{day}", self._fx(rate), day) for day, rate in self.fx
        ]
        records += [
            (
                period,
                PostingPeriod(entity="US1", period=period, status="closed"),
                _ALWAYS,
            )
            for period in self.closed
        ]
        records += [
            (
                number,
                LedgerAccount(
                    entity="US1", role=role, number=number, service_line=service_line
                ),
                _ALWAYS,
            )
            for role, number, service_line in self.accounts
        ]
        versions = [
            version(no, id_, record, since=since)
            for no, (id_, record, since) in enumerate(records, start=_OTHERS_FROM)
        ]
        if self.tax_rate is not None:
            rule = TaxRule(
                order=1,
                rate=_MONEY(self.tax_rate),
                code="S",
                entity_country=self.tax_country,
            )
            versions.append(version(TAX, "vat", rule, since=self.tax_since))
        return versions

    def _fx(self, rate: str) -> FxRate:
        return FxRate(
            from_currency=self.contract_currency or "",
            to_currency=self.currency,
            rate=_MONEY(rate),
        )


@dataclass(frozen=True, kw_only=True)
class Work:
    """Describe a decided revision with one billable portion; every default is valid.

    `accrued` is in minor units; by default the rounded value of the portion.
    """

    entry_no: int = 1
    revision: int = 1
    source_id: str | None = None
    worked_on: date = date(2025, 3, 3)
    seconds: int = 8 * HOUR
    hourly_cents: int = 20_000
    currency: str = "USD"
    entity_currency: str = "USD"
    accrued: int | None = None
    fx_rate: str = "1"
    contract_no: int = CONTRACT
    tax_rule_no: int | None = None

    @property
    def approved_at(self) -> datetime:
        """Return midnight of the work date."""
        return datetime.combine(self.worked_on, time(), tzinfo=UTC)

    @property
    def amount(self) -> int:
        """Return the value of the portion, half a cent up."""
        return (self.seconds * self.hourly_cents * 2 + HOUR) // (2 * HOUR)

    @property
    def accrual(self) -> int:
        """Return what the portion accrued."""
        return self.amount if self.accrued is None else self.accrued


def approve(session: Session, **fields: Any) -> None:  # noqa: ANN401 - the fields of Work
    """Insert a decided revision with its portion and its accrual."""
    work = Work(**fields)
    _insert_entry(session, work.entry_no, work.source_id or f"t{work.entry_no}")
    _insert_version(session, work)
    _insert_decision(session, work)
    _load(
        session,
        "portion",
        entry_no=work.entry_no,
        revision=work.revision,
        part=0,
        fate=int(Fate.BILLABLE),
        contract_no=work.contract_no,
        contract_line_no=LINE,
        seconds=work.seconds,
        rate_amount=work.hourly_cents * 10_000,
        rate_seconds=HOUR,
        currency=currency_of(work.currency).number,
        amount=work.amount,
        accrued_amount=work.accrual,
    )
    if work.accrual:
        insert_line(
            session,
            cause_no=work.entry_no,
            cause_revision=work.revision,
            amount=work.accrual,
            entity_amount=int(work.accrual * Fraction(work.fx_rate)),
            currency=work.currency,
            entity_currency=work.entity_currency,
            day=work.worked_on,
        )


def _insert_decision(session: Session, work: Work) -> None:
    _load(
        session,
        "decision",
        entry_no=work.entry_no,
        revision=work.revision,
        contract_no=work.contract_no,
        contract_line_no=LINE,
        project_no=PROJECT,
        person_no=PERSON,
        entity_no=ENTITY,
        employing_entity_no=ENTITY,
        resourcing_entity_no=ENTITY,
        work_date=work.worked_on,
        accounting_date=work.worked_on,
        late=False,
        worked_seconds=work.seconds,
        uplift_seconds=0,
        currency=currency_of(work.currency).number,
        cost_amount=0,
        bill_rate_no=None,
        cost_rate_no=None,
        tax_rule_no=work.tax_rule_no,
        change_no=99,
        approved_at=work.approved_at,
        recorded_at=work.approved_at,
    )


def insert_line(
    session: Session,
    *,
    cause: Cause = Cause.ENTRY,
    cause_no: int = 1,
    cause_revision: int = 1,
    part: int = 0,
    effect: Effect = Effect.ACCRUAL,
    mirror: bool = False,
    debit: Role = Role.WIP,
    credit: Role = Role.ACCRUED_REVENUE,
    amount: int = 100,
    entity_amount: int | None = None,
    currency: str = "USD",
    entity_currency: str = "USD",
    entity_no: int = ENTITY,
    project_no: int | None = PROJECT,
    day: date = date(2025, 3, 3),
) -> None:
    """Insert one journal line; by default an accrual."""
    _load(
        session,
        "journal_line",
        cause=int(cause),
        cause_no=cause_no,
        cause_revision=cause_revision,
        part=part,
        effect=int(effect),
        mirror=mirror,
        entity_no=entity_no,
        contract_no=CONTRACT,
        project_no=project_no,
        person_no=PERSON,
        debit=int(debit),
        credit=int(credit),
        currency=currency_of(currency).number,
        amount=amount,
        entity_currency=currency_of(entity_currency).number,
        entity_amount=amount if entity_amount is None else entity_amount,
        accounting_date=day,
        document_date=day,
        recorded_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )


def supersede(session: Session, *, entry_no: int, revision: int) -> None:
    """Insert the supersession of a revision, without its journal lines."""
    _load(
        session,
        "supersession",
        entry_no=entry_no,
        revision=revision,
        by_revision=None,
        recorded_at=datetime(2025, 9, 1, tzinfo=UTC),
    )


def _insert_entry(session: Session, entry_no: int, source_id: str) -> None:
    if entry_no in _known_entries(session):
        return
    if not _known_entries(session):
        _load(session, "connection", connection_no=1, name="psa", connector="sandbox")
    _load(
        session,
        "time_entry",
        entry_no=entry_no,
        connection_no=1,
        source_id=source_id,
    )


def _known_entries(session: Session) -> set[int]:
    return {no for (no,) in session.tuples(_ENTRIES)}


def _insert_version(session: Session, work: Work) -> None:
    delivery_no = work.entry_no * 100 + work.revision
    _load(
        session,
        "delivery",
        delivery_no=delivery_no,
        connection_no=1,
        method=1,
        delivery_id=str(delivery_no),
        content_hash=bytes(32),
        received_at=work.approved_at,
        records=1,
    )
    _load(
        session,
        "source_record",
        delivery_no=delivery_no,
        position=0,
        outcome=1,
        entry_no=work.entry_no,
        revision=work.revision,
        content_hash=bytes(32),
        body="{}",
    )
    _load(
        session,
        "time_entry_version",
        entry_no=work.entry_no,
        revision=work.revision,
        content_hash=bytes(32),
        delivery_no=delivery_no,
        position=0,
        person_ref="ann",
        project_ref="P1",
        work_date=work.worked_on,
        worked_seconds=work.seconds,
        approved_at=work.approved_at,
        recorded_at=work.approved_at,
    )


def _load(
    session: Session, table: str, **row: str | int | bool | bytes | date | None
) -> None:
    session.load(table, {name: [value] for name, value in row.items()})
