"""Show the open drafts of contracts, and let somebody approve one."""

from dataclasses import dataclass
from datetime import datetime

from hourline.billing import drafts
from hourline.billing.model import Assembled
from hourline.billing.preview import preview_draft
from hourline.flow.allotting import working_snapshot
from hourline.flow.transactions import in_one_transaction, number_of
from hourline.infra.audit import ManualChange, record_change
from hourline.infra.database import Database, Session
from hourline.kernel.money import currency_of, told_amount
from hourline.kernel.problems import Problem
from hourline.master.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """Hold an open draft as it stands now, and who approved exactly that.

    `fingerprint` is of all it holds, in hexadecimal digits. A draft that cannot be
    billed as it is has a problem instead of a content.
    """

    contract: str
    content: Assembled | Problem
    fingerprint: str = ""
    approver: str | None = None
    approved_at: datetime | None = None


def list_drafts(
    session: Session, snapshot: Snapshot, *, contract: str | None = None
) -> list[OpenDraft]:
    """Return the open drafts, or that of one contract; raises NotKnown for its name."""
    wanted = drafts.open_drafts(session)
    if contract is not None:
        number = number_of(snapshot, "contract", contract)
        wanted = [number] if number in wanted else []
    return [_shown(session, snapshot, contract_no) for contract_no in wanted]


def _shown(session: Session, snapshot: Snapshot, contract_no: int) -> OpenDraft:
    name = snapshot.contract(contract_no).id
    content = preview_draft(session, snapshot, contract_no)
    assert content is not None  # noqa: S101 - it is in the list of open ones
    if isinstance(content, Problem):
        return OpenDraft(contract=name, content=content)
    approval = drafts.standing_approval(session, content)
    return OpenDraft(
        contract=name,
        content=content,
        fingerprint=drafts.fingerprint_of(content).hex(),
        approver=None if approval is None else approval.approver,
        approved_at=None if approval is None else approval.approved_at,
    )


def approve_draft(
    database: Database, tenant: int, *, contract: str, approver: str, shown: str
) -> Assembled:
    """Approve the open draft of a contract as it was shown; see `drafts.approve_draft`.

    Who approved what goes into the audit chain. Raises NotToApprove.
    """

    def work(session: Session) -> Assembled:
        snapshot = working_snapshot(session)
        contract_no = number_of(snapshot, "contract", contract)
        approved = drafts.approve_draft(
            session, snapshot, contract_no, approver=approver, shown=shown
        )
        currency = currency_of(approved.currency).number
        change = ManualChange(
            actor=approver,
            action="draft.approved",
            subject=f"contract {contract}",
            reason=f"as shown: {shown}",
            after={
                "through": str(approved.terms.through),
                "date": str(approved.terms.invoice_date),
                "net": told_amount(approved.net, currency),
                "tax": told_amount(approved.tax, currency),
                "currency": approved.currency,
            },
        )
        record_change(session, change)
        return approved

    return in_one_transaction(database, tenant, work)
