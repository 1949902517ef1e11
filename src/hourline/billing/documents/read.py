"""Read an issued invoice or credit note as its customer gets it."""

from dataclasses import dataclass, replace
from datetime import date

from hourline.billing.documents.model import (
    Advance,
    Credited,
    CustomerDocument,
    DocumentLine,
    Evidence,
    Kind,
    Party,
    Seller,
    TaxTreatment,
)
from hourline.billing.documents.orders import purchase_order_of
from hourline.billing.documents.records import Records, read_records
from hourline.billing.open_item import WHOLE_PPM
from hourline.billing.rules.describe import CREDITED
from hourline.billing.rules.documents.said import percent
from hourline.billing.store import QUERIES
from hourline.infra.database import Session
from hourline.kernel.codes import Cause, DocumentKind, Effect, Role
from hourline.kernel.money import currency_numbered
from hourline.master.model import Addressed, LegalEntity


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    document_no: int
    kind: int
    number: str
    entity_no: int
    customer_no: int
    contract_no: int
    invoice_date: date
    due_date: date
    currency: int
    entity_currency: int
    change_no: int
    entity: str
    customer: str
    contract: str
    credits_number: str | None
    credits_date: date | None
    entity_tax: int

    @property
    def sign(self) -> int:
        """Return what makes the stored amounts those of the document."""
        return -1 if self.kind == DocumentKind.CREDIT_NOTE else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    line_no: int
    description: str
    milestone: str | None
    seconds: int
    units: int
    rate_amount: int
    rate_seconds: int
    share_ppm: int
    net: int
    tax_rate_ppm: int
    tax: int
    retained: int
    tax_rule_no: int | None
    by_hand: bool
    dated: date | None
    dated_through: date | None
    contract_line_no: int
    person_no: int | None
    project_no: int | None
    entry: str | None
    task: str | None
    note: str | None


def read_customer_document(session: Session, document_no: int) -> CustomerDocument:
    """Return a document with all that it shows; raise LookupError.

    It stays as it was issued; see `Records` for what can still be added to it.
    """
    head = session.one(
        QUERIES["customer_document"],
        _Head,
        document_no=document_no,
        causes=[int(Cause.INVOICE), int(Cause.CREDIT_NOTE)],
        effect_tax=int(Effect.TAX),
        role_tax=int(Role.TAX_PAYABLE),
    )
    lines = session.all(
        QUERIES["customer_document_lines"], _Line, document_no=document_no
    )
    numbers = [head.entity_no, head.customer_no, head.contract_no]
    for line in lines:
        numbers += [no for no in _records_of(line) if no is not None]
    records = read_records(session, numbers, change_no=head.change_no)
    advances = session.all(
        QUERIES["advances_of_document"], Advance, document_no=document_no
    )
    document = _document(head, lines, records, paid=_paid_in_advance(session, head))
    return replace(document, advances=tuple(advances))


def _records_of(line: _Line) -> tuple[int | None, ...]:
    return (
        line.person_no,
        line.project_no,
        line.tax_rule_no,
        line.contract_line_no,
    )


def _paid_in_advance(session: Session, head: _Head) -> int:
    """Return what was paid before the document asks for it; nothing of a credit.

    Here is the place for whatever else lowers what an invoice asks for.
    """
    if head.kind == DocumentKind.CREDIT_NOTE:
        return 0
    paid = session.value(QUERIES["paid_in_advance"], int, document_no=head.document_no)
    return paid or 0


def _document(
    head: _Head, lines: list[_Line], records: Records, *, paid: int
) -> CustomerDocument:
    day = head.invoice_date
    entity = records.entity(head.entity_no, day)
    customer = records.customer(head.customer_no, day)
    credited = None
    if head.credits_number is not None and head.credits_date is not None:
        credited = Credited(number=head.credits_number, issued_on=head.credits_date)
    return CustomerDocument(
        kind=DocumentKind(head.kind),
        number=head.number,
        issued_on=day,
        due_on=head.due_date,
        currency=currency_numbered(head.currency),
        seller=_seller(head.entity, entity),
        buyer=_party(head.customer, customer),
        contract=head.contract,
        purchase_order=purchase_order_of(
            records,
            day,
            contract_no=head.contract_no,
            contract_line_nos=[line.contract_line_no for line in lines],
            of_customer=customer.purchase_order,
        ),
        credited=credited,
        lines=tuple(_line(head, line, records) for line in lines),
        paid=paid,
        entity_currency=currency_numbered(head.entity_currency),
        entity_tax=head.sign * head.entity_tax,
        retained=head.sign * sum(line.retained for line in lines),
    )


def _seller(id_: str, entity: LegalEntity) -> Seller:
    return Seller(
        party=_party(id_, entity),
        iban=entity.iban,
        bic=entity.bic,
        logo=entity.logo,
        accent_colour=entity.accent_colour,
        footer=entity.document_footer,
    )


def _party(id_: str, record: Addressed) -> Party:
    return Party(
        id=id_,
        name=record.name,
        country=record.country,
        tax_id=record.tax_id,
        street=record.street,
        city=record.city,
        postal_code=record.postal_code,
        region=record.region,
        email=record.email,
        phone=record.phone,
        registration_number=record.registration_number,
        endpoint_id=record.endpoint_id,
        endpoint_scheme=record.endpoint_scheme,
    )


def _price(line: _Line) -> tuple[int, int]:
    """Return the price as amount for seconds; one of several customers pays a share."""
    amount, rest = divmod(line.rate_amount * line.share_ppm, WHOLE_PPM)
    if rest == 0:
        return amount, line.rate_seconds
    return line.rate_amount * line.share_ppm, line.rate_seconds * WHOLE_PPM


def _line(head: _Head, line: _Line, records: Records) -> DocumentLine:
    dated = line.dated or head.invoice_date
    kind = _kind(line)
    person = records.name_of(line.person_no, dated)
    project = records.name_of(line.project_no, dated)
    worded = line.description.removeprefix(f"{dated} ")
    share = "" if line.share_ppm == WHOLE_PPM else f"share {percent(line.share_ppm)} %"
    worked = ", ".join(part for part in (person, project, line.task, share) if part)
    net, seconds = head.sign * line.net, head.sign * line.seconds
    price = _price(line)
    evidence = Evidence(
        dated=dated,
        person=person,
        project=project or worded,
        task=line.task or ("expense" if kind is Kind.EXPENSE else ""),
        entry=line.entry or line.milestone or "",
        note=line.note or "",
        seconds=seconds,
        net=net,
    )
    # What a credit of time says of hours is what the invoice billed, not what it takes.
    credited = "".join(worded.partition(CREDITED)[1:]) if head.sign < 0 else ""
    return DocumentLine(
        number=line.line_no,
        kind=kind,
        name=worked + credited if kind is Kind.TIME else worded,
        first_day=dated,
        last_day=line.dated_through or dated,
        seconds=seconds,
        rate_amount=price[0],
        rate_seconds=price[1],
        by_hand=line.by_hand,
        net=net,
        tax=head.sign * line.tax,
        treatment=_treatment(line, records, dated),
        evidence=(evidence,),
    )


def _kind(line: _Line) -> Kind:
    if line.seconds:
        return Kind.TIME
    return Kind.EXPENSE if line.units else Kind.AMOUNT


def _treatment(line: _Line, records: Records, day: date) -> TaxTreatment | None:
    if line.tax_rule_no is None:
        return None
    rule = records.fields(line.tax_rule_no, day)
    reason = rule.get("reason")
    return TaxTreatment(
        rule=records.id_of(line.tax_rule_no),
        code=str(rule.get("code", "")),
        rate_ppm=line.tax_rate_ppm,
        reason=str(reason) if reason else None,
    )
