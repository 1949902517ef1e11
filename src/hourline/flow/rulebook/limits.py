"""Find the limits that a rulebook lowers below what is invoiced already."""

from collections.abc import Iterator

from hourline.flow.lowered_limits import lowered
from hourline.infra.database import Session
from hourline.master.rulebook.drafting import as_finding
from hourline.master.rulebook.model import Book, Finding
from hourline.master.snapshot import Snapshot


def check_limits(
    session: Session, book: Book, snapshots: tuple[Snapshot, Snapshot]
) -> Iterator[Finding]:
    """Yield every limit below what is invoiced, as a publication would refuse it.

    `snapshots` are the master data of now and with the rulebook. What is invoiced
    until the rulebook is published counts then, so a publication asks again.
    """
    before, after = (one.allotting for one in snapshots)
    for contract_no in sorted(after):
        was = before.get(contract_no)
        if was != after[contract_no]:
            for refusal in lowered(session, was, (contract_no, snapshots[1])):
                yield as_finding(refusal, book)
