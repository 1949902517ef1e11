"""Record a credit note: its number, lines, tax, journal lines, and what opens again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hourline.billing.drawdowns import (
    give_back,
    lower_retainers,
    plan_giving_back,
)
from hourline.billing.model import (
    CreditedLine,
    Document,
    InvoicedLine,
    Issued,
    Movement,
)
from hourline.billing.parties import booking_day, invoice_prefix
from hourline.billing.positions import deferral_of_credit, write_position
from hourline.billing.retaining import (
    plan_no_longer_withheld,
    record_no_longer_withheld,
)
from hourline.billing.rules.credit import credited_at_rate
from hourline.billing.rules.credit_rates import Standing, entity_credit, spread
from hourline.billing.rules.credit_tax import with_taxes
from hourline.billing.rules.describe import describe_credit
from hourline.billing.rules.drawdown import Taken
from hourline.billing.rules.movements import credit_movements, receivable_moved
from hourline.billing.rules.retain import Carried, withhold_no_longer
from hourline.billing.rules.write_off_due import WrittenOff
from hourline.billing.store_documents import (
    Booking,
    DocumentHead,
    DocumentRow,
    issued,
    next_document_no,
    next_number,
    unbill,
    write_document,
    write_movements,
)
from hourline.billing.store_invoiced import Cleared, read_cleared, read_group_taxes
from hourline.billing.store_shares import unbill_shares
from hourline.billing.writing_off import plan_taking_back, take_back
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, DocumentKind
from hourline.kernel.money import Rounding
from hourline.kernel.problems import Problem
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot

_PREFIX = "CN"


@dataclass(frozen=True, slots=True)
class Request:
    """Hold what a credit note is about: the invoice, all its lines, day and reason."""

    document: Document
    invoiced: Sequence[InvoicedLine]
    dated: date
    reason: str


@dataclass(frozen=True, slots=True)
class _Back:
    """Hold what a credit lowers apart from what is due.

    It is withheld no longer, taken back of write-offs, or given back to retainers.
    """

    withheld: Carried
    written_off: WrittenOff
    given: Sequence[Taken]

    @property
    def amounts(self) -> tuple[int, int]:
        """Return all of it, in the invoice's currency and in the entity's."""
        return (
            self.withheld.amount
            + self.written_off.amount
            + sum(one.gross for one in self.given),
            self.withheld.entity_amount
            + self.written_off.entity_amount
            + sum(one.entity_gross for one in self.given),
        )


def issue_credit_note(
    session: Session,
    snapshot: Snapshot,
    request: Request,
    credited: Sequence[CreditedLine],
) -> Issued | Problem:
    """Record the credit note of credited lines; their contract is locked.

    Returns the problem `period_closed` where no month is open to book it in.
    """
    entity_no = request.document.entity_no
    days = _days(snapshot, entity_no, request.dated)
    if isinstance(days, Problem):
        return days
    rounding = snapshot.rounding(entity_no)
    document = request.document
    cleared = read_cleared(session, document.document_no)
    taxed = with_taxes(
        credited,
        request.invoiced,
        policy=snapshot.entity(entity_no).content.tax_rounding,
        rounding=rounding,
    )
    taxed = withhold_no_longer(taxed, outstanding=cleared.retained, rounding=rounding)
    deferral = deferral_of_credit(session, document.contract_no, taxed, rounding)
    movements = [
        *credit_movements(
            taxed,
            group_taxes=read_group_taxes(session, document.document_no),
            rounding=rounding,
        ),
        *deferral.movements,
    ]
    gross = sum(credit.net + credit.tax for credit in taxed)
    back = _planned_back(session, document, cleared, taxed, rounding=rounding)
    if cleared.drawn and document.currency != document.entity_currency:
        total = _entity_credit(document, cleared, gross, back=back, rounding=rounding)
        movements = spread(movements, total)
    head = _head(
        request,
        taxed,
        movements,
        days=days,
        document_no=next_document_no(session),
        number=_number(session, snapshot, entity_no),
        change_no=snapshot.change_no,
    )
    write_document(session, head, _rows(request, taxed, rounding))
    unbill(session, taxed)
    unbill_shares(session, document.customer_no, taxed)
    booking = Booking.of(head, Cause.CREDIT_NOTE)
    write_movements(session, booking, movements)
    write_position(session, booking, deferral)
    lower_retainers(session, document.document_no, taxed)
    record_no_longer_withheld(session, booking, back.withheld)
    take_back(session, head, document, back.written_off)
    give_back(session, head, document, back.given)
    return issued(head, lines=len(taxed))


def _days(
    snapshot: Snapshot, entity_no: int, dated: date
) -> tuple[date, date] | Problem:
    """Return when a credit note is booked, and when its work accrues again."""
    booked_on = booking_day(snapshot, entity_no, dated, Subledger.RECEIVABLES)
    if isinstance(booked_on, Problem):
        return booked_on
    accrued_on = booking_day(snapshot, entity_no, dated, Subledger.WORK_IN_PROGRESS)
    return accrued_on if isinstance(accrued_on, Problem) else (booked_on, accrued_on)


def _planned_back(
    session: Session,
    document: Document,
    cleared: Cleared,
    credited: Sequence[CreditedLine],
    *,
    rounding: Rounding,
) -> _Back:
    gross = sum(credit.net + credit.tax for credit in credited)
    withheld = plan_no_longer_withheld(cleared, credited, rounding)
    gross -= withheld.amount
    written_off = plan_taking_back(document, cleared, gross=gross, rounding=rounding)
    given = plan_giving_back(
        session,
        document,
        gross=gross - written_off.amount,
        cleared=cleared,
        rounding=rounding,
    )
    return _Back(withheld, written_off, given)


def _entity_credit(
    document: Document,
    cleared: Cleared,
    gross: int,
    *,
    back: _Back,
    rounding: Rounding,
) -> int:
    return entity_credit(
        document,
        Standing(
            due=cleared.due(document),
            entity_due=cleared.entity_due(document),
            credited=cleared.credited,
            credited_entity=cleared.credited_entity,
        ),
        gross=gross,
        given_back=back.amounts,
        rounding=rounding,
    )


def _number(session: Session, snapshot: Snapshot, entity_no: int) -> str:
    entity = snapshot.entity(entity_no)
    prefix = f"{invoice_prefix(entity.id, entity.content)}-{_PREFIX}"
    return next_number(session, entity_no, DocumentKind.CREDIT_NOTE, prefix=prefix)


def _head(
    request: Request,
    credited: Sequence[CreditedLine],
    movements: Sequence[Movement],
    *,
    days: tuple[date, date],
    document_no: int,
    number: str,
    change_no: int,
) -> DocumentHead:
    document = request.document
    net = -sum(credit.net for credit in credited)
    tax = -sum(credit.tax for credit in credited)
    return DocumentHead(
        document_no=document_no,
        kind=DocumentKind.CREDIT_NOTE,
        number=number,
        contract_no=document.contract_no,
        entity_no=document.entity_no,
        customer_no=document.customer_no,
        credits_document_no=document.document_no,
        invoice_date=request.dated,
        accounting_date=days[0],
        accrual_date=days[1],
        due_date=request.dated,
        through=document.through,
        currency=document.currency,
        net=net,
        tax=tax,
        total=net + tax,
        entity_currency=document.entity_currency,
        entity_total=receivable_moved(movements),
        change_no=change_no,
    )


def _rows(
    request: Request, credited: Sequence[CreditedLine], rounding: Rounding
) -> list[DocumentRow]:
    return [
        DocumentRow(
            line_no=line_no,
            contract_line_no=credit.line.contract_line_no,
            entry_no=credit.line.entry_no,
            revision=credit.line.revision,
            part=credit.line.part,
            milestone=credit.line.milestone,
            credits_document_no=request.document.document_no,
            credits_line_no=credit.line.line_no,
            seconds=-credit.seconds,
            units=-credit.units,
            rate_amount=credit.line.rate_amount,
            rate_seconds=credit.line.rate_seconds,
            net=-credit.net,
            tax_rule_no=credit.line.tax_rule_no,
            tax_rate_ppm=credit.line.tax_rate_ppm,
            tax=-credit.tax,
            accrual_reversed=-credit.accrued_again,
            description=describe_credit(credit.line.description, request.reason),
            net_at_rate=_negative(credited_at_rate(credit, rounding)),
            share_ppm=credit.line.share_ppm,
            retained=-credit.retained,
            retained_exact=-credit.retained_exact,
        )
        for line_no, credit in enumerate(credited, start=1)
    ]


def _negative(amount: int | None) -> int | None:
    return None if amount is None else -amount
