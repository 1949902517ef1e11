"""Queue tax ids that cannot be any, and let the question go once they are mended."""

from collections.abc import Sequence

from hourline.connectors.sdk.changes import MasterChange
from hourline.exceptions import store as exceptions
from hourline.exceptions.model import Subject
from hourline.flow.transactions import now
from hourline.infra.database import Session
from hourline.kernel.problems import Problem, ProblemCode
from hourline.master.model import Customer, LegalEntity
from hourline.master.rules.tax_ids import has_tax_id
from hourline.master.snapshot import Snapshot

_KINDS = (Customer, LegalEntity)


def queue_tax_ids(
    session: Session, snapshot: Snapshot, changes: Sequence[MasterChange]
) -> None:
    """Ask about malformed tax ids of the parties that changes are about.

    Such an id counts as none; one that is well-formed now is not asked about any more.
    """
    named = {
        (change.kind, change.canonical_id or change.source_id)
        for change in changes
        if change.kind in {kind.kind for kind in _KINDS}
    }
    for kind, id_ in sorted(named):
        number = snapshot.number(kind, id_)
        if number is None:
            continue
        party = snapshot.record(kind, number).content
        subject = Subject("tax_id", f"{kind}/{id_}")
        if isinstance(party, _KINDS) and _is_malformed(party):
            problem = _problem(kind, id_, party)
            exceptions.open_items(session, [(subject, problem)], at=now())
        else:
            exceptions.resolve_subject(session, subject, resolution="mended", at=now())


def _is_malformed(party: Customer | LegalEntity) -> bool:
    stated = bool(party.tax_id)
    return stated and not has_tax_id(party.tax_id, party.country, party.tax_id_check)


def _problem(kind: str, id_: str, party: Customer | LegalEntity) -> Problem:
    what = kind.replace("_", " ")
    return Problem(
        ProblemCode.TAX_ID_MALFORMED,
        f"Tax id {party.tax_id} of {what} {id_} in {party.country} is no VAT id, so it"
        " counts as none.",
        "Correct the tax id in the system that owns it; work decided before keeps its"
        " tax until it is corrected.",
        {"kind": kind, "id": id_, "tax_id": party.tax_id or ""},
    )
