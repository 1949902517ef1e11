"""Write, propose and publish rulebooks as two people would."""

from datetime import date

from hourline.flow.proposals import proposals_about
from hourline.flow.rulebook.drafts import Draft, check_rulebook
from hourline.flow.rulebook.files import RulebookFile
from hourline.flow.rulebook.publications import (
    PUBLISH,
    Published,
    approve_rulebook,
    propose_rulebook,
)
from tests.flow.house import House

APRIL = date(2025, 4, 1)


def files(**tables: str) -> list[RulebookFile]:
    """Give CSV files of tables; `__` in a name is the dot of `bill_rates.emea.csv`."""
    return [
        RulebookFile(f"{name.replace('__', '.')}.csv", lines(text))
        for name, text in tables.items()
    ]


def lines(text: str) -> bytes:
    """Give a table that is written with an indent, one row a line."""
    rows = [row.strip() for row in text.strip().splitlines()]
    return "\n".join(rows).encode()


def checked(house: House, book: list[RulebookFile], *, on: date = APRIL) -> Draft:
    """Check a rulebook."""
    return check_rulebook(house.database, house.tenant, book, effective_on=on)


def faults(house: House, book: list[RulebookFile]) -> list[tuple[str, str | None, str]]:
    """Give place, column and sentence of everything that stops a publication."""
    return [
        (str(one.place), one.column, one.sentence)
        for one in checked(house, book).errors
    ]


def propose(
    house: House, book: list[RulebookFile], *, on: date = APRIL
) -> tuple[Draft, int | None]:
    """Propose a rulebook as Ines."""
    return propose_rulebook(
        house.database,
        house.tenant,
        book,
        effective_on=on,
        actor="ines",
        reason="new year",
    )


def approve(house: House, proposal_no: int, *, approver: str = "otto") -> Published:
    """Approve a proposed rulebook as it is shown."""
    (shown,) = [
        one
        for one in proposals_about(house.database, house.tenant, (PUBLISH,))
        if one.proposal_no == proposal_no
    ]
    return approve_rulebook(
        house.database,
        house.tenant,
        proposal_no,
        approver=approver,
        shown_hash=shown.content_hash,
    )


def publish(house: House, book: list[RulebookFile], *, on: date = APRIL) -> Published:
    """Propose a rulebook and approve it."""
    draft, proposal_no = propose(house, book, on=on)
    assert draft.errors == []
    assert proposal_no is not None
    return approve(house, proposal_no)
