"""Credit and cancel invoices at once, as one person does where nobody else is asked."""

from collections.abc import Sequence
from datetime import date

from hourline import flow
from hourline.billing.model import Because, CreditLine, Issued
from hourline.infra.database import Database
from hourline.kernel.problems import Problem


def credit_invoice(
    database: Database,
    tenant: int,
    *,
    document_no: int,
    reason: str,
    actor: str,
    lines: Sequence[CreditLine] | None = None,
    credit_date: date | None = None,
    into: flow.IntoSoftClosed | None = None,
) -> Issued | Problem:
    """Credit lines of an invoice, by default all that is left."""
    wanted = flow.Credit(
        document_no=document_no,
        because=Because(actor=actor, reason=reason),
        lines=lines,
        dated=credit_date,
        into=into,
    )
    return flow.issue_credit(database, tenant, wanted)


def cancel_invoice(
    database: Database, tenant: int, *, document_no: int, because: Because
) -> Issued | Problem:
    """Cancel an invoice whole."""
    wanted = flow.Credit(document_no=document_no, because=because, cancels=True)
    return flow.issue_credit(database, tenant, wanted)
