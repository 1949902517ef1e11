"""Issue invoices: gapless numbers, lines, what is billed, and the journal lines.

A contract of several customers gives each of them an invoice of its own, and one that
says so gives one for each of its lines or projects.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hourline.billing.blocks import contracts_to_sell, sell_blocks
from hourline.billing.drafts import (
    approval_of,
    keep_for_approval,
    terms_to_bill,
    use_approval,
)
from hourline.billing.drawdowns import draw, record_drawn
from hourline.billing.model import (
    Adjustment,
    Assembled,
    AssembledLine,
    Issued,
    Movement,
    NothingToBill,
    Terms,
)
from hourline.billing.parties import Exchange, invoice_exchange, invoice_prefix
from hourline.billing.positions import deferral_of_invoice, write_position
from hourline.billing.preview import preview_terms
from hourline.billing.recurring import contracts_with_fees, record_fees
from hourline.billing.retainers import begin_retainers, contracts_with_retainers
from hourline.billing.retaining import record_withheld, withhold
from hourline.billing.reviewing import record_by_hand, record_left_out
from hourline.billing.rules.describe import describe
from hourline.billing.rules.movements import invoice_movements, receivable_moved
from hourline.billing.rules.retain import NOTHING_RETAINED, Carried, Retained
from hourline.billing.store import (
    drop_draft,
    lock_contracts,
    read_contracts_with_open_items,
    read_draft,
)
from hourline.billing.store_documents import (
    Booking,
    DocumentHead,
    DocumentRow,
    bill_milestones,
    bill_portions,
    issued,
    next_document_no,
    next_number,
    write_document,
    write_movements,
)
from hourline.billing.store_reviews import end_postponed
from hourline.billing.store_shares import bill_shares, keep_shares
from hourline.billing.store_tax_engine import use_answer
from hourline.billing.tax_engine import taxed
from hourline.billing.tax_engine_model import (
    NO_REFUSALS,
    Refusals,
    TaxQuestion,
    TaxToAsk,
)
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, DocumentKind
from hourline.kernel.money import currency_of
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.snapshot import Snapshot


def issue_draft(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    *,
    refusals: Refusals = NO_REFUSALS,
) -> Issued | NothingToBill | Problem:
    """Issue the open draft of a contract as an invoice, or one for each customer.

    A draft that holds nothing stays open. Its adjustments follow the work: one whose
    work is gone is passed over. Returns a problem, and changes nothing,
    where the invoice cannot be assembled, taxed or booked.
    Raises LookupError where no draft is open, and TaxToAsk as `bill`.
    """
    lock_contracts(session, [contract_no])
    terms = read_draft(session, contract_no)
    if terms is None:
        raise LookupError(f"contract {contract_no} has no open draft")
    outcome = _issue(session, snapshot, terms, refusals, follow=True)
    if isinstance(outcome, Issued):
        drop_draft(session, contract_no)
    return outcome


def bill(
    session: Session,
    snapshot: Snapshot,
    contract_no: int,
    *,
    through: date,
    invoice_date: date,
    adjustments: Sequence[Adjustment] = (),
    refusals: Refusals = NO_REFUSALS,
) -> Issued | NothingToBill | Problem:
    """Bill all open work of a contract up to a day; an open draft is replaced.

    Where the entity asks for approvals, an open draft of these days is billed as it was
    approved, and the problem `draft_not_approved` opens one that somebody can approve.
    Where the adjustments leave nothing to bill, nothing changes. Returns a problem, and
    changes nothing, where the invoice cannot be assembled, taxed or booked. `refusals`
    are the questions to which the entity's tax engine gave no tax; raises TaxToAsk,
    before anything changes, for one that it was not asked.
    """
    lock_contracts(session, [contract_no])
    terms = Terms(
        contract_no=contract_no,
        through=through,
        invoice_date=invoice_date,
        adjustments=tuple(adjustments),
    )
    terms, is_draft = terms_to_bill(session, snapshot, terms)
    outcome = _issue(session, snapshot, terms, refusals, follow=is_draft)
    if not isinstance(outcome, Problem):
        drop_draft(session, contract_no)
    elif outcome.code is ProblemCode.DRAFT_NOT_APPROVED:
        keep_for_approval(session, terms)
    return outcome


def bill_due(
    session: Session,
    snapshot: Snapshot,
    *,
    through: date,
    invoice_date: date,
    refusals: Refusals = NO_REFUSALS,
) -> dict[int, Issued | NothingToBill | Problem]:
    """Bill every contract with open work or a retainer to bill; return the outcomes.

    All contracts are locked before the first number is given, so that two runs wait
    for one another instead of blocking each other. Raises TaxToAsk with what tax
    engines are to be asked about any of the contracts; nothing is billed then.
    """
    contract_nos = sorted(
        {
            *read_contracts_with_open_items(session, through),
            *contracts_with_fees(session, snapshot, through=through),
            *contracts_with_retainers(session, snapshot, invoice_date),
            *contracts_to_sell(session, snapshot, through),
        }
    )
    lock_contracts(session, contract_nos)
    contract_nos.sort(key=lambda no: (snapshot.contract(no).entity_no, no))
    outcomes: dict[int, Issued | NothingToBill | Problem] = {}
    to_ask: list[TaxQuestion] = []
    for contract_no in contract_nos:
        try:
            outcomes[contract_no] = bill(
                session,
                snapshot,
                contract_no,
                through=through,
                invoice_date=invoice_date,
                refusals=refusals,
            )
        except TaxToAsk as needed:
            to_ask += needed.questions
    if to_ask:
        raise TaxToAsk(to_ask)
    return outcomes


def _issue(
    session: Session,
    snapshot: Snapshot,
    terms: Terms,
    refusals: Refusals,
    *,
    follow: bool,
) -> Issued | NothingToBill | Problem:
    assembled = preview_terms(session, snapshot, terms, follow=follow)
    if isinstance(assembled, Problem):
        return assembled
    if not assembled.lines:
        return NothingToBill(terms.contract_no, terms.through)
    approval = approval_of(session, snapshot, assembled, from_draft=follow)
    if isinstance(approval, Problem):
        return approval
    currency = currency_of(assembled.currency).number
    exchange = invoice_exchange(
        snapshot, assembled.entity_no, currency, terms.invoice_date
    )
    if isinstance(exchange, Problem):
        return exchange
    decided = taxed(session, snapshot, assembled, refusals)
    if isinstance(decided, Problem):
        return decided
    assembled, answer = decided
    contract_no = terms.contract_no
    retainers = (line.item for line in assembled.lines if line.item.is_retainer)
    begin_retainers(session, contract_no, retainers)
    record_fees(session, assembled)
    sell_blocks(session, snapshot, assembled)
    keep_shares(session, contract_no, assembled.lines)
    invoices = list(assembled.invoices.values())
    heads = [
        _record(session, snapshot, replace(assembled, lines=lines), exchange)
        for lines in invoices
    ]
    use_answer(session, answer, [head.document_no for head in heads])
    use_approval(session, approval, [head.document_no for head in heads])
    record_left_out(session, snapshot, assembled, heads[0])
    end_postponed(session, contract_no, terms.through, document_no=heads[0].document_no)
    first, *further = [
        issued(head, lines=len(lines))
        for head, lines in zip(heads, invoices, strict=True)
    ]
    return replace(first, further=tuple(further))


def _record(
    session: Session,
    snapshot: Snapshot,
    part: Assembled,
    exchange: Exchange,
) -> DocumentHead:
    """Record one invoice, whose lines are assembled."""
    lines = part.lines
    [(customer_no, _)] = part.invoices
    deferral = deferral_of_invoice(session, snapshot, part, exchange)
    drawn = draw(
        session,
        snapshot,
        contract_no=part.terms.contract_no,
        customer_no=customer_no,
        lines=lines,
        rounding=exchange.rounding,
    )
    withheld = withhold(
        session,
        snapshot,
        part,
        room=part.total - drawn.covered.gross,
        rounding=exchange.rounding,
    )
    movements = [
        *invoice_movements(
            lines,
            exchange.translate,
            carried=deferral.carried,
            covered=drawn.covered,
            drawing=drawn.lines,
        ),
        *deferral.movements,
    ]
    head = _head(session, snapshot, part, exchange, movements=movements)
    rows = [
        _row(snapshot, line, withheld.get(line.line_no, NOTHING_RETAINED))
        for line in lines
    ]
    write_document(session, head, rows)
    bill_portions(session, lines)
    bill_milestones(session, lines)
    bill_shares(session, customer_no, lines)
    booking = Booking.of(head, Cause.INVOICE)
    write_movements(session, booking, movements)
    write_position(session, booking, deferral)
    record_drawn(session, head, lines, drawn)
    record_withheld(
        session,
        booking,
        withheld,
        left=Carried(
            head.total - drawn.covered.gross,
            head.entity_total - drawn.covered.entity_gross,
        ),
        rounding=exchange.rounding,
    )
    record_by_hand(session, part, lines, document_no=head.document_no)
    return head


def _head(
    session: Session,
    snapshot: Snapshot,
    assembled: Assembled,
    exchange: Exchange,
    *,
    movements: Sequence[Movement],
) -> DocumentHead:
    """Return the head of one invoice, whose lines are assembled."""
    entity = snapshot.entity(assembled.entity_no)
    [(customer_no, _)] = assembled.invoices
    customer = snapshot.customer(customer_no).content
    terms = assembled.terms
    return DocumentHead(
        document_no=next_document_no(session),
        kind=DocumentKind.INVOICE,
        number=next_number(
            session,
            entity.no,
            DocumentKind.INVOICE,
            prefix=invoice_prefix(entity.id, entity.content),
        ),
        contract_no=terms.contract_no,
        entity_no=entity.no,
        customer_no=customer_no,
        credits_document_no=None,
        invoice_date=terms.invoice_date,
        accounting_date=exchange.accounting_date,
        accrual_date=exchange.accrual_date or exchange.accounting_date,
        due_date=terms.invoice_date + timedelta(days=customer.payment_days),
        through=terms.through,
        currency=currency_of(assembled.currency).number,
        net=assembled.net,
        tax=assembled.tax,
        total=assembled.total,
        entity_currency=entity.currency,
        entity_total=receivable_moved(movements),
        change_no=snapshot.change_no,
    )


def _row(
    snapshot: Snapshot, line: AssembledLine, withheld: Retained = NOTHING_RETAINED
) -> DocumentRow:
    item = line.item
    return DocumentRow(
        line_no=line.line_no,
        contract_line_no=item.contract_line_no,
        entry_no=item.entry_no,
        revision=item.revision,
        part=item.part,
        milestone=item.milestone,
        credits_document_no=None,
        credits_line_no=None,
        seconds=item.seconds,
        units=item.units,
        rate_amount=item.rate_amount,
        rate_seconds=item.rate_seconds,
        net=line.net,
        tax_rule_no=item.tax_rule_no,
        tax_rate_ppm=line.tax_rate_ppm,
        tax=line.tax,
        accrual_reversed=line.accrual_reversed,
        description=_description(snapshot, line),
        net_at_rate=line.net_at_rate,
        share_ppm=item.share_ppm,
        retained=withheld.amount,
        retained_exact=withheld.exact,
    )


def _description(snapshot: Snapshot, line: AssembledLine) -> str:
    item = line.item
    person = project = ""
    if item.person_no is not None:
        worker = snapshot.person(item.person_no)
        person = worker.content.name or worker.id
    if item.project_no is not None:
        place = snapshot.project(item.project_no)
        project = place.content.name or place.id
    contract_line = snapshot.contract_line(item.contract_line_no)
    return describe(
        item,
        person=person,
        project=project,
        contract_line=contract_line.content.name or contract_line.id,
    )
