"""Issue what one entity invoices another for work it lent, and book both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from hourline.billing.intercompany_model import (
    IntercompanyHead,
    IntercompanyIssued,
    OpenTransfer,
    TaxOfLine,
    TransferLine,
)
from hourline.billing.parties import (
    Exchange,
    exchange_on,
    invoice_prefix,
    tax_rate_ppm,
)
from hourline.billing.rules.intercompany import (
    BothBooks,
    intercompany_lines,
    intercompany_movements,
)
from hourline.billing.store_documents import next_document_no
from hourline.billing.store_intercompany import (
    lock_lender,
    next_intercompany_number,
    read_open_transfers,
    write_intercompany,
)
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import currency_numbered
from hourline.kernel.problems import Problem
from hourline.kernel.quantity import spoken_hours
from hourline.kernel.subledgers import Subledger
from hourline.master.snapshot import Snapshot

_WHOLE_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Say who invoices whom, for work up to which day, on which date."""

    lender_no: int
    borrower_no: int
    through: date
    invoice_date: date


@dataclass(frozen=True, slots=True)
class _Planned:
    """Hold a document that is complete but for its numbers."""

    currency: int
    lines: list[TransferLine]
    lender: Exchange
    borrower: Exchange


def invoice_intercompany(
    session: Session, snapshot: Snapshot, between: Between
) -> list[IntercompanyIssued] | Problem:
    """Issue one document per currency of what is open between two entities.

    A document whose total is below zero is a credit note of the same series. Nothing
    open issues nothing. Returns a problem, and changes nothing, where one of the two
    has no open month or a rate of exchange is missing.
    """
    lock_lender(session, between.lender_no)
    transfers = read_open_transfers(
        session, between.lender_no, between.borrower_no, through=between.through
    )
    planned = []
    for currency, of_currency in groupby(transfers, lambda one: one.currency):
        plan = _plan(snapshot, between, currency, list(of_currency))
        if isinstance(plan, Problem):
            return plan
        planned.append(plan)
    return [_record(session, snapshot, between, plan) for plan in planned]


def _plan(
    snapshot: Snapshot, between: Between, currency: int, transfers: list[OpenTransfer]
) -> _Planned | Problem:
    day = between.invoice_date
    lender = exchange_on(
        snapshot, (between.lender_no, Subledger.INTERCOMPANY), currency, day
    )
    if isinstance(lender, Problem):
        return lender
    borrower = exchange_on(
        snapshot, (between.borrower_no, Subledger.INTERCOMPANY), currency, day
    )
    if isinstance(borrower, Problem):
        return borrower
    books = BothBooks(
        tax_rounding=snapshot.entity(between.lender_no).content.tax_rounding,
        rounding=lender.rounding,
        to_lender=lender.translate,
        to_borrower=borrower.translate,
        borrower_rounding=borrower.rounding,
    )
    taxes = [_tax_of(snapshot, between, one) for one in transfers]
    lines = intercompany_lines(transfers, taxes, books)
    return _Planned(currency, lines, lender, borrower)


def _tax_of(snapshot: Snapshot, between: Between, one: OpenTransfer) -> TaxOfLine:
    if one.mirrored:
        return TaxOfLine(one.tax_rule_no, one.tax_rate_ppm)
    rule = snapshot.intercompany_tax_rule(
        between.lender_no, between.borrower_no, one.contract_line_no, one.work_date
    )
    if rule is None:
        return TaxOfLine(None, 0)
    recovered = rule.content.recoverable_percent
    if recovered is None:
        borrower = snapshot.entity(between.borrower_no, on=one.work_date).content
        recovered = borrower.intercompany_tax_recoverable_percent
    return TaxOfLine(
        rule.no,
        tax_rate_ppm(snapshot, rule.no, one.work_date),
        1 - Fraction(recovered) / _WHOLE_PERCENT,
    )


def _record(
    session: Session, snapshot: Snapshot, between: Between, plan: _Planned
) -> IntercompanyIssued:
    head = _head(session, snapshot, between, plan)
    described = [(line, _description(snapshot, line.of)) for line in plan.lines]
    write_intercompany(session, head, described, intercompany_movements(plan.lines))
    return IntercompanyIssued(
        document_no=head.document_no,
        kind=DocumentKind(head.kind),
        number=head.number,
        lender_no=head.lender_no,
        borrower_no=head.borrower_no,
        currency=currency_numbered(head.currency).code,
        net=head.net,
        tax=head.tax,
        total=head.total,
        lines=len(plan.lines),
    )


def _head(
    session: Session, snapshot: Snapshot, between: Between, plan: _Planned
) -> IntercompanyHead:
    lines = plan.lines
    lender = snapshot.entity(between.lender_no)
    net, tax = sum(line.net for line in lines), sum(line.tax for line in lines)
    is_credit = net + tax < 0
    prefix = invoice_prefix(lender.id, lender.content)
    return IntercompanyHead(
        document_no=next_document_no(session),
        kind=DocumentKind.CREDIT_NOTE if is_credit else DocumentKind.INVOICE,
        number=next_intercompany_number(session, lender.no, prefix=prefix),
        lender_no=lender.no,
        borrower_no=between.borrower_no,
        through=between.through,
        invoice_date=between.invoice_date,
        currency=plan.currency,
        net=net,
        tax=tax,
        total=net + tax,
        lender_date=plan.lender.accounting_date,
        lender_currency=lender.currency,
        lender_total=_total([(line.lender_net, line.lender_tax) for line in lines]),
        borrower_date=plan.borrower.accounting_date,
        borrower_currency=snapshot.entity(between.borrower_no).currency,
        borrower_total=_total(
            [(line.borrower_net, line.borrower_tax) for line in lines]
        ),
        change_no=snapshot.change_no,
    )


def _total(amounts: Sequence[tuple[int, int]]) -> int:
    return sum(net + tax for net, tax in amounts)


def _description(snapshot: Snapshot, one: OpenTransfer) -> str:
    person, project = snapshot.person(one.person_no), snapshot.project(one.project_no)
    who = person.content.name or person.id
    where = project.content.name or project.id
    taken_back = " - taken back" if one.mirrored else ""
    return f"{one.work_date} {who}, {where}, {spoken_hours(one.seconds)}{taken_back}"
