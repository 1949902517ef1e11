"""Leave the rest of an adjusted entry out of an invoice, also what is over a limit."""

from hourline.billing.model import Assembled, Because, OpenItem
from hourline.billing.model_allotted import (
    NOT_ALLOTTED,
    Allotted,
    PartAmounts,
    PortionKey,
)
from hourline.billing.rules.give_up import GivenUp
from hourline.billing.store_allotments import (
    Allottable,
    Change,
    new_numbers,
    read_allottable,
    read_allotted,
    record_changes,
)
from hourline.billing.store_documents import DocumentHead
from hourline.billing.store_reviews import Place, record_given_up
from hourline.infra.database import Session
from hourline.master.snapshot import Snapshot


def leave_out_over(
    session: Session,
    snapshot: Snapshot,
    assembled: Assembled,
    *,
    head: DocumentHead,
    place: Place,
) -> None:
    """Make non-billable what entries adjusted by hours have over a limit.

    The hours say what is billed of an entry, so nothing else of it may become billable
    by itself. It accrues nothing already; what is prepaid stays prepaid.
    """
    because = {
        one.entry_no: one.because
        for one in assembled.terms.adjustments
        if one.seconds is not None
    }
    if not because or head.contract_no not in snapshot.allotting:
        return
    items = _items(assembled)
    before = read_allotted(session, head.contract_no)
    for one in read_allottable(session, head.contract_no):
        allotted = before.get(one.key, NOT_ALLOTTED)
        if one.key in items and one.entry_no in because and allotted.over:
            change = _without_over(session, one, before=allotted)
            record_changes(
                session,
                head.contract_no,
                [change],
                change_no=snapshot.change_no,
                entity_currencies={one.entity_no: head.entity_currency},
            )
            given = _given_up(items[one.key], one, allotted.over)
            why: Because = because[one.entry_no]
            record_given_up(session, [given], place, why, document_no=head.document_no)


def _items(assembled: Assembled) -> dict[PortionKey, OpenItem]:
    items = [*(line.item for line in assembled.lines), *assembled.left_out]
    return {
        (item.entry_no, item.revision, item.part): item
        for item in items
        if item.entry_no is not None
        and item.revision is not None
        and item.part is not None
    }


def _without_over(session: Session, one: Allottable, *, before: Allotted) -> Change:
    return Change(
        allotment_no=new_numbers(session, 1)[0],
        of=one,
        before=before,
        after=before._replace(over_limits=()),
        amounts=PartAmounts(one.amount_prepaid, 0),
        accrual=0,
        accrual_entity=0,
        accounting_date=one.accounting_date,
    )


def _given_up(item: OpenItem, one: Allottable, seconds: int) -> GivenUp:
    return GivenUp(
        item=item,
        seconds=seconds,
        amount=one.amount_over,
        reversed=0,
        reversed_entity=0,
    )
