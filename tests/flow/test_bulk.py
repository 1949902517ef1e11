"""Many entries are corrected as two people agreed, each alone and nothing else."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import Because
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.correcting import selecting
from hourline.flow.correcting.acts import Act, Wish
from hourline.flow.correcting.bulk import (
    CORRECT,
    Applied,
    approve_bulk,
    continue_bulk,
    propose_bulk,
    read_items,
)
from hourline.flow.correcting.figures import Moved
from hourline.flow.correcting.previews import parts_to_approve, preview_bulk
from hourline.flow.correcting.selecting import (
    NamesRefused,
    Selection,
    TooMany,
    read_names,
)
from hourline.flow.proposals import proposals_about
from hourline.infra.approvals import NotApprovable, Proposal, approve_change
from hourline.infra.audit import read_chain
from hourline.infra.queries import Query
from hourline.kernel.codes import Role
from hourline.kernel.money import currency_of
from tests.flow.house import House
from tests.flow.office import Office

pytestmark = pytest.mark.integration

WHY = Because(actor="M. Ito", reason="the new agreement of March")
REPRICE = Wish(act=Act.REPRICE)
EVERYTHING = Selection()
USD = currency_of("USD").number
_ALTER = Query(
    "alter",
    "Let the entries of a correction say other figures than were shown.",
    "UPDATE hourline.bulk_item SET figures = jsonb_set(figures, '{after,cost}', '1')",
)


def rate(amount: str) -> MasterChange:
    fields = {"currency": "USD", "rate": Decimal(amount)}
    return MasterChange("bill_rate", "standard", fields=fields)


def cost(amount: str) -> MasterChange:
    return MasterChange("cost_rate", "ann-cost", fields={"rate": Decimal(amount)})


def proposed(house: House, wish: Wish = REPRICE) -> Proposal:
    _, number = propose_bulk(
        house.database, house.tenant, wish, EVERYTHING, because=WHY
    )
    waiting = proposals_about(house.database, house.tenant, (CORRECT,))
    return next(one for one in waiting if one.proposal_no == number)


def approve(house: House, proposal: Proposal, *, by: str = "R. Sand") -> Applied:
    return approve_bulk(
        house.database,
        house.tenant,
        proposal.proposal_no,
        approver=by,
        shown_hash=proposal.content_hash,
    )


def worth(house: House, entry: str) -> int:
    return sum(one.amount for one in house.status(entry).portions)


def test_a_preview_shows_entries_and_accounts_and_leaves_nothing(house: House) -> None:
    house.approve(id="t1", date="2025-03-03")
    house.bill_through(date(2025, 3, 3))
    house.approve(id="t2", seconds=1_800)
    house.approve(id="t3")
    house.change(rate("230"))

    found = preview_bulk(house.database, house.tenant, REPRICE, EVERYTHING)

    shown = [(one.named.entry, one.before, one.after) for one in found.changed]
    assert [
        (entry, before and before.worth, after and after.worth)
        for entry, before, after in shown
    ] == [("t2", 10_000, 11_500), ("t3", 20_000, 23_000)]
    assert found.invoiced == 1
    assert found.moved == [
        Moved(entity="US1", role=Role.WIP, account=None, currency=USD, amount=4_500),
        Moved(
            entity="US1",
            role=Role.ACCRUED_REVENUE,
            account=None,
            currency=USD,
            amount=-4_500,
        ),
    ]
    assert house.balances()[Role.WIP] == 30_000
    assert len(house.status("t2").story.versions) == 1


def test_a_second_person_agrees_and_the_chain_says_so(house: House) -> None:
    house.approve(id="t1")
    house.change(rate("230"))
    proposal = proposed(house)

    assert proposed(house) == proposal
    with pytest.raises(NotApprovable, match="cannot decide it"):
        approve(house, proposal, by="M. Ito")
    done = approve(house, proposal)

    assert done == Applied(applied=1, unchanged=0, refused=0)
    assert worth(house, "t1") == 23_000
    with house.database.tenant(house.tenant) as session:
        last = read_chain(session)[-1]
    assert (last.action, last.actor, last.approver) == (
        "entry.repriced",
        "M. Ito",
        "R. Sand",
    )
    assert house.status().story.redecisions[0].proposal_no == proposal.proposal_no
    assert house.unproven() == []


def test_an_entry_that_changed_meanwhile_stops_no_other(house: House) -> None:
    house.approve(id="t1")
    house.approve(id="t2")
    house.change(rate("230"))
    proposal = proposed(house)
    house.approve(id="t1", revision=2, seconds=1_800)

    done = approve(house, proposal)

    assert done == Applied(applied=1, unchanged=0, refused=1)
    assert (worth(house, "t1"), worth(house, "t2")) == (11_500, 23_000)
    assert house.codes() == ["not_as_approved"]
    with house.database.tenant(house.tenant) as session:
        states = [one.state for one in read_items(session, proposal.proposal_no)]
    assert states == ["refused", "applied"]
    again = continue_bulk(house.database, house.tenant, proposal.proposal_no)
    assert again == done
    assert house.unproven() == []


def test_terms_that_changed_again_are_not_what_was_approved(house: House) -> None:
    house.approve(id="t1")
    house.change(rate("230"))
    proposal = proposed(house)
    house.change(rate("240"))

    done = approve(house, proposal)

    assert done == Applied(applied=0, unchanged=0, refused=1)
    assert worth(house, "t1") == 20_000
    assert house.codes() == ["not_as_approved"]
    assert house.unproven() == []


def test_an_interrupted_correction_goes_on_where_it_was(house: House) -> None:
    house.approve(id="t1")
    house.change(rate("230"))
    proposal = proposed(house)
    place = (house.database, house.tenant, proposal.proposal_no)

    with pytest.raises(NotApprovable, match="no approved bulk correction"):
        continue_bulk(*place)
    with house.database.tenant(house.tenant) as session:
        approve_change(
            session,
            proposal.proposal_no,
            approver="R. Sand",
            shown_hash=proposal.content_hash,
        )
    done = continue_bulk(*place)

    assert done == Applied(applied=1, unchanged=0, refused=0)
    assert worth(house, "t1") == 23_000


def test_entries_that_were_altered_are_not_approved(house: House) -> None:
    house.approve(id="t1")
    house.change(rate("230"))
    proposal = proposed(house)
    with house.database.tenant(house.tenant) as session:
        session.run(_ALTER)

    with pytest.raises(NotApprovable, match="were altered"):
        approve(house, proposal)

    assert worth(house, "t1") == 20_000


def test_nothing_to_change_is_no_proposal(house: House) -> None:
    house.approve(id="t1")

    preview, number = propose_bulk(
        house.database, house.tenant, REPRICE, EVERYTHING, because=WHY
    )

    assert (preview.changed, number) == ([], None)


def test_more_than_can_be_read_by_a_person_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "ENTRIES_MAX", 1)
    house.approve(id="t1")
    house.approve(id="t2")

    with pytest.raises(TooMany, match="2 entries are more than the 1"):
        preview_bulk(house.database, house.tenant, Wish(act=Act.HOLD), EVERYTHING)


def test_more_than_that_is_proposed_in_parts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "ENTRIES_MAX", 2)
    for entry in ("t1", "t2", "t3"):
        house.approve(id=entry)
    hold, place = Wish(act=Act.HOLD), (house.database, house.tenant)

    parts = parts_to_approve(*place, hold, EVERYTHING)
    first, second = [propose_bulk(*place, hold, part, because=WHY) for part in parts]
    again = propose_bulk(*place, hold, parts[0], because=WHY)

    names = [[one.named.entry for one in found.changed] for found, _ in (first, second)]
    assert names == [["t1", "t2"], ["t3"]]
    assert first[1] != second[1]
    assert again[1] == first[1]
    assert parts_to_approve(*place, hold, Selection(contract="C1", until=date.min)) == [
        Selection(contract="C1", until=date.min)
    ]
    named = Selection(entries=tuple(flow.EntryName(one) for one in ("t3", "t2", "t1")))
    assert len(parts_to_approve(*place, hold, named)) == 2
    for proposal in proposals_about(*place, (CORRECT,)):
        approve(house, proposal)
    assert [house.state(entry) for entry in ("t1", "t2", "t3")] == ["held"] * 3
    assert house.unproven() == []


def test_a_wish_and_a_selection_say_one_thing() -> None:
    with pytest.raises(ValueError, match="A transfer needs a project"):
        Wish(act=Act.TRANSFER)
    with pytest.raises(ValueError, match="not both"):
        Selection(contract="C1", entries=(flow.EntryName("t1"),))


def test_a_file_names_entries_and_their_sources() -> None:
    names = read_names(b"entry,source\nt1,psa\nt2,\n")

    assert names == (flow.EntryName("t1", "psa"), flow.EntryName("t2"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff", "not UTF-8"),
        (b"id\nt1\n", "lacks the column entry"),
        (b"entry,source\n,psa\n", "Row 2 of the file names no entry"),
        (b"entry\n", "no rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, why: str) -> None:
    with pytest.raises(NamesRefused, match=why):
        read_names(content)


@pytest.mark.parametrize("seed", range(2))
def test_the_books_are_proven_whenever_terms_change(house: House, seed: int) -> None:
    office = Office(house, seed)
    office.deliver()

    def new_terms() -> None:
        house.change(
            rate(office.random.choice(["99.97", "200", "33.33"])),
            cost(office.random.choice(["100", "77.77", "0"])),
        )
        _, number = propose_bulk(
            house.database, house.tenant, REPRICE, EVERYTHING, because=WHY
        )
        for one in proposals_about(house.database, house.tenant, (CORRECT,)):
            if one.proposal_no == number:
                assert approve(house, one).refused == 0

    office.work(
        [
            *(office.deliver, office.recall, office.hold, office.release),
            *(office.write_off, office.bill, office.credit, office.close),
            *(new_terms, new_terms, new_terms),
        ]
    )
