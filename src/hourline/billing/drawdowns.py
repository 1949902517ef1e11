"""Let retainers pay later invoices of their contract, and give back what is credited.

A retainer pays what an invoice bills on time and materials, never more than that; it
does not pay milestones, fees or other retainers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hourline.billing.model import AssembledLine, CreditedLine, Document
from hourline.billing.rules.drawdown import Advance, Covered, Taken, take
from hourline.billing.rules.movements import drawdown_movements
from hourline.billing.store import CODES, QUERIES
from hourline.billing.store_documents import (
    Booking,
    DocumentHead,
    next_document_no,
    write_movements,
)
from hourline.billing.store_invoiced import Cleared
from hourline.infra.database import Session
from hourline.kernel.codes import Cause
from hourline.kernel.money import Rounding
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Drawn:
    """Hold what retainers pay of an invoice, and the numbers of its lines they pay."""

    taken: list[Taken]
    lines: frozenset[int]

    @property
    def covered(self) -> Covered:
        """Return how much of the invoice is covered, in both currencies."""
        return Covered(
            sum(one.gross for one in self.taken),
            sum(one.entity_gross for one in self.taken),
            sum(one.net for one in self.taken),
            sum(one.entity_net for one in self.taken),
        )


def draw(
    session: Session,
    snapshot: Snapshot,
    *,
    contract_no: int,
    customer_no: int,
    lines: Sequence[AssembledLine],
    rounding: Rounding,
) -> Drawn:
    """Return what the customer's retainers pay of an invoice that is to be issued.

    They are drawn in the order they were invoiced, so none that this invoice bills.
    """
    work = [line for line in lines if _is_drawn(snapshot, line)]
    gross = sum(line.net + line.tax for line in work)
    if gross <= 0:
        return Drawn([], frozenset())
    advances = session.all(
        QUERIES["open_retainers"],
        Advance,
        contract_no=contract_no,
        customer_no=customer_no,
        **CODES,
    )
    taken = take(advances, gross, rounding)
    return Drawn(taken, frozenset(line.line_no for line in work if taken))


def record_drawn(
    session: Session, head: DocumentHead, lines: Sequence[AssembledLine], drawn: Drawn
) -> None:
    """Record what retainers pay of an issued invoice, and the retainers it bills."""
    for taken in drawn.taken:
        _record(session, head, taken, document_no=head.document_no)
    billed = [line for line in lines if line.item.is_retainer]
    if billed:
        session.run(
            QUERIES["open_retainer_balances"],
            document_no=head.document_no,
            contract_no=head.contract_no,
            customer_no=head.customer_no,
            line_no=[line.line_no for line in billed],
            gross=[line.net + line.tax for line in billed],
        )


def plan_giving_back(
    session: Session,
    document: Document,
    *,
    gross: int,
    cleared: Cleared,
    rounding: Rounding,
) -> list[Taken]:
    """Return what retainers get back of a credit: what it takes beyond what is due.

    What was drawn last is given back first. `cleared` is from before the credit note.
    """
    beyond = gross - max(0, cleared.due(document))
    if beyond <= 0 or cleared.drawn <= 0:
        return []
    advances = session.all(
        QUERIES["drawn_by"], Advance, document_no=document.document_no
    )
    return take(advances, beyond, rounding)


def give_back(
    session: Session, head: DocumentHead, document: Document, given: Sequence[Taken]
) -> None:
    """Record what retainers get back by a credit note of an invoice."""
    for taken in given:
        _record(session, head, taken, document_no=document.document_no, back=True)


def lower_retainers(
    session: Session, document_no: int, credited: Sequence[CreditedLine]
) -> None:
    """Take what is credited of retainers off what later invoices can draw."""
    for credit in credited:
        if credit.line.is_retainer:
            session.run(
                QUERIES["move_retainer_balance"],
                document_no=document_no,
                line_no=credit.line.line_no,
                credited=credit.net + credit.tax,
                drawn=0,
            )


def _record(
    session: Session,
    head: DocumentHead,
    taken: Taken,
    *,
    document_no: int,
    back: bool = False,
) -> None:
    sign = -1 if back else 1
    drawdown_no = next_document_no(session)
    session.run(
        QUERIES["move_retainer_balance"],
        document_no=taken.document_no,
        line_no=taken.line_no,
        credited=0,
        drawn=sign * taken.gross,
    )
    session.run(
        QUERIES["insert_drawdown"],
        drawdown_no=drawdown_no,
        contract_no=head.contract_no,
        retainer_document_no=taken.document_no,
        retainer_line_no=taken.line_no,
        document_no=document_no,
        credit_note_no=head.document_no if back else None,
        gross=sign * taken.gross,
        net=sign * taken.net,
        tax=sign * taken.tax,
        entity_net=sign * taken.entity_net,
        entity_tax=sign * taken.entity_tax,
    )
    booking = Booking.of(head, Cause.DRAWDOWN, cause_no=drawdown_no)
    write_movements(session, booking, drawdown_movements(taken, back=back))


def _is_drawn(snapshot: Snapshot, line: AssembledLine) -> bool:
    billed_on = snapshot.contract_line(line.item.contract_line_no)
    return billed_on.content.method == "time_and_materials"
