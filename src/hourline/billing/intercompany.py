"""Issue what one entity invoices another for work it lent, and book both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from hourline.billing.store_tax_engine import use_intercompany_answer
from hourline.billing.tax_engine_intercompany import Asked, decided_taxes
from hourline.billing.tax_engine_model import (
    NO_REFUSALS,
    Refusals,
    TaxQuestion,
    TaxToAsk,
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
    """Hold a document complete but for its numbers, and the engine's answer to it."""

    currency: int
    lines: list[TransferLine]
    lender: Exchange
    borrower: Exchange
    answer: str | None


def invoice_intercompany(
    session: Session,
    snapshot: Snapshot,
    between: Between,
    *,
    refusals: Refusals = NO_REFUSALS,
) -> list[IntercompanyIssued] | Problem:
    """Issue one document per currency of what is open between two entities.

    A document whose total is below zero is a credit note of the same series. Nothing
    open issues nothing. Returns a problem, and changes nothing, where one of the two
    has no open month, a rate of exchange is missing, or the lender's tax engine gave no
    tax: `refusals` are the questions to which it gave none. Raises TaxToAsk, before
    anything changes, with what it was not asked.
    """
    lock_lender(session, between.lender_no)
    transfers = read_open_transfers(
        session, between.lender_no, between.borrower_no, through=between.through
    )
    planned: list[_Planned] = []
    to_ask: list[TaxQuestion] = []
    for currency, of_currency in groupby(transfers, lambda one: one.currency):
        asked = Asked(
            lender_no=between.lender_no,
            borrower_no=between.borrower_no,
            invoice_date=between.invoice_date,
            currency=currency,
            transfers=tuple(of_currency),
        )
        try:
            plan = _plan(session, snapshot, asked, refusals)
        except TaxToAsk as needed:
            to_ask += needed.questions
            continue
        if isinstance(plan, Problem):
            return plan
        planned.append(plan)
    if to_ask:
        raise TaxToAsk(to_ask)
    return [_record(session, snapshot, between, plan) for plan in planned]


def _plan(
    session: Session, snapshot: Snapshot, asked: Asked, refusals: Refusals
) -> _Planned | Problem:
    day, currency = asked.invoice_date, asked.currency
    lender = exchange_on(
        snapshot, (asked.lender_no, Subledger.INTERCOMPANY), currency, day
    )
    if isinstance(lender, Problem):
        return lender
    borrower = exchange_on(
        snapshot, (asked.borrower_no, Subledger.INTERCOMPANY), currency, day
    )
    if isinstance(borrower, Problem):
        return borrower
    books = BothBooks(
        tax_rounding=snapshot.entity(asked.lender_no).content.tax_rounding,
        rounding=lender.rounding,
        to_lender=lender.translate,
        to_borrower=borrower.translate,
        borrower_rounding=borrower.rounding,
    )
    decided = decided_taxes(session, snapshot, asked, refusals)
    if isinstance(decided, Problem):
        return decided
    by_engine, answer = decided
    taxes = []
    for number, one in enumerate(asked.transfers, start=1):
        tax = by_engine.get(str(number)) or _tax_of(snapshot, asked, one)
        taxes.append(_with_cost_share(snapshot, asked, one, tax))
    lines = intercompany_lines(asked.transfers, taxes, books)
    return _Planned(currency, lines, lender, borrower, answer)


def _tax_of(snapshot: Snapshot, asked: Asked, one: OpenTransfer) -> TaxOfLine:
    if one.mirrored:
        return TaxOfLine(one.tax_rule_no, one.tax_rate_ppm)
    rule = snapshot.intercompany_tax_rule(
        asked.lender_no, asked.borrower_no, one.contract_line_no, one.work_date
    )
    if rule is None:
        return TaxOfLine(None, 0)
    return TaxOfLine(rule.no, tax_rate_ppm(snapshot, rule.no, one.work_date))


def _with_cost_share(
    snapshot: Snapshot, asked: Asked, one: OpenTransfer, tax: TaxOfLine
) -> TaxOfLine:
    """Say how much of a tax is cost of the borrower: by its row, else by entity."""
    if one.mirrored or tax.rule_no is None:
        return tax
    rule = snapshot.tax_rule(tax.rule_no, on=one.work_date).content
    recovered = rule.recoverable_percent
    if recovered is None:
        borrower = snapshot.entity(asked.borrower_no, on=one.work_date).content
        recovered = borrower.intercompany_tax_recoverable_percent
    return replace(tax, cost_share=1 - Fraction(recovered) / _WHOLE_PERCENT)


def _record(
    session: Session, snapshot: Snapshot, between: Between, plan: _Planned
) -> IntercompanyIssued:
    head = _head(session, snapshot, between, plan)
    described = [(line, _description(snapshot, line.of)) for line in plan.lines]
    write_intercompany(session, head, described, intercompany_movements(plan.lines))
    if plan.answer is not None:
        use_intercompany_answer(session, plan.answer, head.document_no)
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
