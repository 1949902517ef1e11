"""Take payments that an ERP or a bank reports, and say what is due of an invoice."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, RawBody
from msgspec import UNSET

from hourline import flow
from hourline.api.access import Contract, Given, Known
from hourline.api.bodies import id_in_path, read_json
from hourline.api.connections import IdempotencyKey
from hourline.api.customer_documents import numbered
from hourline.api.idempotency import Call, Reply, once
from hourline.api.problems import ApiProblem, Code, Finding
from hourline.api.shapes import Amount, DueReply, PaidShape, PaymentReply
from hourline.billing.store_listing import ListedDocument, ListedPayment, list_payments
from hourline.infra.api_keys import Caller, Scope
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind
from hourline.kernel.money import currency_numbered
from hourline.kernel.problems import Problem

BODY_BYTES_MAX = 64 * 1024
_Name = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]+$"
    ),
]


class PaymentBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Be a payment of an invoice: so much of its currency, under a reference."""

    number: _Name
    date: date
    amount: Decimal
    currency: str
    reference: _Name


class _Refused(Exception):
    """Undo the call for a problem that is to wait in its queue all the same."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


@post(
    "/v1/payments",
    operation_id="send_payment",
    summary="Report that an invoice was paid, in whole or in part.",
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=BODY_BYTES_MAX,
    opt={
        "contract": Contract(
            Scope.PAYMENTS_WRITE,
            PaymentReply,
            {"application/json": PaymentBody},
            repeatable_by_key=True,
        )
    },
)
def send_payment(
    *,
    services: Given,
    caller: Known,
    body: RawBody,
    idempotency_key: IdempotencyKey = None,
) -> Response[bytes]:
    """Record it once, by its reference; what is refused waits for a person as well."""
    said = read_json(body, PaymentBody)
    stated = flow.StatedPayment(
        number=said.number,
        paid_on=said.date,
        amount=said.amount,
        currency=said.currency,
        reference=said.reference,
    )

    def work(session: Session) -> Reply:
        outcome = flow.record_payment_in(session, stated)
        if isinstance(outcome, Problem):
            raise _Refused(outcome)
        reply = _reply(stated, outcome, caller)
        return Reply(200, msgspec.json.encode(reply))

    call = Call("send_payment", idempotency_key, (body,))
    try:
        return once(services, caller, call, work)
    except _Refused as refusal:
        problem = refusal.problem
        flow.queue_payment(services.database, caller.tenant, stated, problem)
        raise ApiProblem(
            Code.REFUSED,
            problem.sentence,
            remedy=problem.remedy,
            findings=[Finding.of(problem)],
        ) from refusal


def _reply(stated: flow.StatedPayment, paid: flow.Paid, caller: Caller) -> PaymentReply:
    due = Amount.of(paid.due, currency_numbered(paid.currency))
    return PaymentReply(
        number=stated.number,
        reference=stated.reference,
        outcome="recorded" if paid.is_new else "known_before",
        due=due if caller.may(Scope.BILLING_READ) else UNSET,
    )


@get(
    "/v1/documents/{number:str}/due",
    operation_id="get_due",
    summary="Show what is due of an invoice, what was taken off it, and its payments.",
    sync_to_thread=True,
    opt={"contract": Contract(Scope.BILLING_READ, DueReply)},
)
def get_due(services: Given, caller: Known, number: FromPath[str]) -> DueReply:
    """Show it as of now; a credit note is due nothing."""
    with services.database.tenant(caller.tenant) as session:
        document = numbered(session, id_in_path(number))
        paid = list_payments(session, document.document_no)
    return _due(document, paid)


def _due(document: ListedDocument, paid: list[ListedPayment]) -> DueReply:
    currency = currency_numbered(document.currency)
    return DueReply(
        number=document.number,
        kind=DocumentKind(document.kind).name.lower(),
        dated=document.invoice_date,
        due_date=document.due_date,
        total=Amount.of(document.total, currency),
        credited=Amount.of(document.credited, currency),
        drawn=Amount.of(document.drawn, currency),
        paid=Amount.of(document.paid, currency),
        written_off=Amount.of(document.written_off, currency),
        retained=Amount.of(document.retained, currency),
        due=Amount.of(document.due, currency),
        payments=[
            PaidShape(
                reference=one.reference,
                date=one.paid_on,
                amount=Amount.of(one.amount, currency),
                recorded_at=one.recorded_at,
            )
            for one in paid
        ],
    )
