"""Show where a time entry stands."""

from litestar import get
from litestar.params import FromPath
from msgspec import UNSET, UnsetType

from hourline.api.access import Contract, Given, Known
from hourline.api.bodies import id_in_path, not_found
from hourline.api.problems import Finding
from hourline.api.shapes import (
    Amount,
    DocumentShape,
    EntryReply,
    ExceptionShape,
    ExpenseShape,
    Hours,
    PortionShape,
    RateShape,
)
from hourline.infra.api_keys import Caller, Scope
from hourline.kernel.codes import DocumentKind, Fate
from hourline.kernel.money import currency_numbered
from hourline.proof.entry_status import EntryStatus, entry_status
from hourline.proof.story import DocumentLine, Interruption, PortionLine, Story, Version


@get(
    "/v1/time-entries/{source:str}/{entry_id:str}",
    operation_id="get_time_entry",
    summary="Show an entry's state, portions, documents and what it waits for.",
    sync_to_thread=True,
    opt={"contract": Contract(Scope.TIME_READ, EntryReply)},
)
def get_time_entry(
    services: Given, caller: Known, source: FromPath[str], entry_id: FromPath[str]
) -> EntryReply:
    """Find the entry by the name of its connection and the id it has there."""
    connection, source_id = id_in_path(source), id_in_path(entry_id)
    with services.database.tenant(caller.tenant) as session:
        status = entry_status(session, connection=connection, source_id=source_id)
    if status is None:
        raise not_found()
    version = status.version
    return EntryReply(
        source=connection,
        id=source_id,
        state=status.state,
        revision=None if version is None else version.source_revision,
        person=None if version is None else version.person_ref,
        project=None if version is None else version.project_ref,
        work_date=None if version is None else version.work_date,
        worked=None if version is None else Hours.of(version.worked_seconds),
        expense=_expense(version, caller),
        contract=None if version is None else version.contract,
        contract_line=None if version is None else version.contract_line,
        accounting_date=None if version is None else version.accounting_date,
        cost=_cost(status, caller),
        portions=[_portion(one, caller) for one in status.portions],
        documents=[_document(one, status, caller) for one in status.story.documents],
        waits_for=_waits_for(status),
        exceptions=[_exception(one) for one in status.story.interruptions],
        parts=[
            one.part
            for one in status.story.parts
            if one.in_force and one.of_entry_no == status.story.entry_no
        ],
        part_of=_part_of(status.story),
    )


def _part_of(story: Story) -> str | None:
    """Return the id of the entry that the source knows, where this is a part of it."""
    for one in story.parts:
        if one.part_entry_no == story.entry_no:
            return one.origin
    return None


def _expense(version: Version | None, caller: Caller) -> ExpenseShape | None:
    if version is None or version.expense_cost is None:
        return None
    if not caller.may(Scope.RATES_READ):
        return ExpenseShape(receipt=version.receipt or UNSET)
    currency = currency_numbered(version.expense_currency or 0)
    taxed = version.expense_tax or 0
    return ExpenseShape(
        cost=Amount.of(version.expense_cost, currency),
        markup_percent=version.markup_percent,
        tax=Amount.of(taxed, currency) if taxed else UNSET,
        recoverable=bool(version.recoverable) if taxed else UNSET,
        recoverable_percent=version.recoverable_percent if taxed else UNSET,
        receipt=version.receipt or UNSET,
    )


def _cost(status: EntryStatus, caller: Caller) -> Amount | UnsetType:
    if status.cost is None or not caller.may(Scope.RATES_READ):
        return UNSET
    return Amount.of(status.cost.amount, currency_numbered(status.cost.currency))


def _portion(portion: PortionLine, caller: Caller) -> PortionShape:
    currency = currency_numbered(portion.currency)
    return PortionShape(
        fate=Fate(portion.fate).name.lower(),
        seconds=portion.seconds,
        seconds_billed=portion.seconds_billed,
        amount=Amount.of(portion.amount, currency)
        if caller.may(Scope.BILLING_READ)
        else UNSET,
        bill_rate=RateShape.of(portion.rate_amount, portion.rate_seconds, currency)
        if caller.may(Scope.RATES_READ)
        else UNSET,
    )


def _document(line: DocumentLine, status: EntryStatus, caller: Caller) -> DocumentShape:
    counted = {one.revision: one.source_revision for one in status.story.versions}
    currency = currency_numbered(line.currency)
    sees_amounts = caller.may(Scope.BILLING_READ)
    return DocumentShape(
        kind=DocumentKind(line.kind).name.lower(),
        number=line.number,
        dated=line.invoice_date,
        line=line.line_no,
        revision=counted[line.revision],
        seconds=line.seconds,
        net=Amount.of(line.net, currency) if sees_amounts else UNSET,
        tax=Amount.of(line.tax, currency) if sees_amounts else UNSET,
    )


def _waits_for(status: EntryStatus) -> list[Finding]:
    found = (status.version and status.version.problems) or []
    return [
        Finding(
            code=one["code"],
            sentence=one["sentence"],
            remedy=one["remedy"],
            detail=one.get("detail", {}),
        )
        for one in found
    ]


def _exception(item: Interruption) -> ExceptionShape:
    return ExceptionShape(
        item=item.item_no,
        queue=item.queue,
        code=item.code,
        sentence=item.sentence,
        owner=item.owner,
        state=item.state,
        opened_at=item.opened_at,
        due_at=item.due_at,
        resolved_at=item.resolved_at,
        resolution=item.resolution,
    )
