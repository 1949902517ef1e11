"""A rulebook is checked, proposed, published by two people, and prices what waits."""

from datetime import date
from decimal import Decimal

import pytest

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.rulebook.drafts import compare_versions, export_book
from hourline.flow.rulebook.files import RulebookFile, written
from hourline.flow.rulebook.publications import (
    CannotPublish,
    approve_rulebook,
)
from hourline.infra.approvals import NotApprovable
from hourline.infra.audit import read_chain
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind
from hourline.kernel.problems import Problem
from hourline.ledger import service as ledger
from hourline.master.rulebook.store import rulebook_versions
from hourline.master.service import merge_records, own_field, rename_record
from hourline.master.store import latest_change, set_connection
from tests.flow.house import House, chart, routed
from tests.flow.rules import APRIL, approve, checked, files, propose, publish

pytestmark = pytest.mark.integration

_SMUGGLE = Query(
    "smuggle",
    "Record a version past its second person.",
    "INSERT INTO hourline.rulebook_version (version_no, draft_hash, content_hash,"
    " effective_on, proposal_no, reason, proposer, approver, first_change_no,"
    " change_no) SELECT 1, content_hash, content_hash, '2025-04-01', %(proposal_no)s,"
    " 'r', 'ines', 'otto', 1, 1 FROM hourline.rulebook_content",
)
_INVOICES = Query(
    "invoices",
    "The documents in their order.",
    "SELECT document_no FROM hourline.invoice ORDER BY document_no",
)
_EDIT = Query(
    "edit",
    "Rewrite a published version.",
    "UPDATE hourline.rulebook_version SET reason = ''",
)


def exported(house: House, *, as_: str = "csv") -> list[RulebookFile]:
    book = export_book(house.database, house.tenant)
    return [
        RulebookFile(name, content) for name, content in written(book, as_=as_).items()
    ]


def rates(*rows: str) -> list[RulebookFile]:
    header = "id,currency,rate,role,from,until"
    return files(bill_rates="\n".join((header, *rows)))


def test_a_published_rate_prices_what_is_approved_after_it(house: House) -> None:
    house.approve()

    published = publish(house, rates("standard,USD,250,,,"))

    house.approve(id="t2")
    assert (published.version_no, published.counts) == (
        1,
        {"bill_rates": {"changed": 1}},
    )
    assert house.bill().net == 20_000 + 25_000
    assert house.unproven() == []


def test_what_waited_for_a_price_goes_on_when_it_is_published(house: House) -> None:
    house.change(
        MasterChange(
            "bill_rate",
            "standard",
            fields={"rate": 200},
            effective_until=date(2025, 1, 1),
        )
    )
    house.approve()
    assert house.codes() == ["price_not_found"]

    published = publish(
        house, rates("standard,USD,200,,,2025-01-01", "card,USD,220,,2025-01-01,")
    )

    assert published.gone_on == 1
    assert (house.codes(), house.bill().net) == ([], 22_000)


@pytest.mark.parametrize("as_", ["csv", "xlsx", "yaml"])
def test_what_is_exported_and_proposed_unchanged_changes_nothing(
    house: House, as_: str
) -> None:
    publish(
        house,
        files(
            bill_rates="""
                currency,rate,role,from,until
                USD,200,,,
                USD,210.50,consultant,2025-01-01,2025-07-01
                USD,220,consultant,2025-08-01,
            """,
            tax="""
                entity_country,customer_has_tax_id,rate,code,reason
                US,true,0,AE,=reverse
                US,,7.25,S,
            """,
            exception_routes="code,owner,due_hours\nprice_not_found,Zoë,12",
        ),
    )

    draft, proposal_no = propose(house, exported(house, as_=as_))

    assert (draft.findings[1:], draft.differences, proposal_no) == ([], [], None)
    assert draft.findings[0].sentence.startswith("From 2025-07-01 until 2025-08-01")


def test_a_row_that_is_not_in_the_table_any_more_ends(house: House) -> None:
    publish(house, rates("standard,USD,200,,,", "senior,USD,300,consultant,,"))

    publish(house, rates("standard,USD,200,,,"), on=date(2025, 3, 10))

    house.approve(id="t1", date="2025-03-09")
    house.approve(id="t2", date="2025-03-10")
    assert house.bill().net == 30_000 + 20_000


def test_a_row_that_had_not_begun_is_withdrawn(house: House) -> None:
    publish(house, rates("standard,USD,200,,,", "may,USD,300,consultant,2025-05-01,"))

    published = publish(house, rates("standard,USD,200,,,"))

    house.approve(date="2025-05-05")
    assert published.counts == {"bill_rates": {"withdrawn": 1}}
    assert house.status().version.bill_rate == "standard"  # type: ignore[union-attr]  # it is there


def test_a_withdrawn_row_stays_so_when_it_is_renamed_or_called_by_another_id(
    house: House,
) -> None:
    publish(house, rates("standard,USD,200,,,", "may,USD,300,consultant,2025-05-01,"))
    publish(house, rates("standard,USD,200,,,"))
    with house.database.tenant(house.tenant) as session:
        rename_record(session, "bill_rate", "may", "spring")

    house.change(MasterChange("bill_rate", "r7", "spring"))

    house.approve(date="2025-05-05")
    assert house.bill_through(date(2025, 5, 31)).net == 20_000


def test_work_decided_by_a_row_that_is_withdrawn_is_billed_and_posted(
    house: House,
) -> None:
    with house.database.tenant(house.tenant) as session:
        set_connection(session, name="books", connector="sandbox_erp")
    house.change(*chart(), *routed("invoice", "journal"))
    publish(house, files(tax="id,rate,code\nold,7,S"))
    house.approve()

    published = publish(house, files(tax="id,rate,code\nnew,8,S"))

    issued = house.bill()
    assert published.counts == {"tax": {"added": 1, "withdrawn": 1}}
    assert (issued.net, issued.tax) == (20_000, 1_400)
    # The invoice, and the journals of cost, accrual and its reversal.
    assert house.post() == 4
    assert house.codes() == []


def test_an_account_holds_by_the_accounting_date(house: House) -> None:
    house.change(*chart(), *routed("invoice"))
    rows = [
        f"US1,{role},{number},,"
        for role, number in (("tax_payable", "2200"), ("revenue", "4000"))
    ]
    book = files(
        accounts="\n".join(
            (
                "entity,role,number,from,until",
                *rows,
                "US1,receivable,1200,,2025-03-31",
                "US1,receivable,1299,2025-03-31,",
            )
        )
    )
    publish(house, book)
    house.approve(id="t1")
    house.bill_through(date(2025, 3, 30))
    house.approve(id="t2")
    house.bill()

    with house.database.tenant(house.tenant) as session:
        snapshot = flow.snapshot_of(session)
        entity_no = snapshot.number("legal_entity", "US1")
        assert entity_no is not None
        booked = [
            ledger.document_lines(session, snapshot, number, kind=DocumentKind.INVOICE)
            for (number,) in session.tuples(_INVOICES)
        ]

    debits = [
        line.account
        for lines in booked
        if not isinstance(lines, Problem)
        for line in lines
        if line.debit
    ]
    assert debits == ["1200", "1299"]


def test_a_withdrawn_row_can_come_back(house: House) -> None:
    may = "may,USD,300,consultant,2025-05-01,"
    publish(house, rates("standard,USD,200,,,", may))
    publish(house, rates("standard,USD,200,,,"))

    publish(house, rates("standard,USD,200,,,", may))

    house.approve(date="2025-05-05")
    assert house.bill_through(date(2025, 5, 31)).net == 30_000


def test_a_row_with_another_id_takes_the_place_of_one_for_the_same_cases(
    house: House,
) -> None:
    published = publish(house, rates("card,USD,240,,,"))

    house.approve()

    assert published.counts == {"bill_rates": {"added": 1, "withdrawn": 1}}
    assert house.bill().net == 24_000


def test_a_row_that_begins_later_ends_the_one_for_the_same_cases_there(
    house: House,
) -> None:
    publish(house, rates("card,USD,240,,2025-03-10,"))

    house.approve(id="t1", date="2025-03-09")
    house.approve(id="t2", date="2025-03-10")

    assert house.bill().net == 20_000 + 24_000


def test_a_version_holds_the_tables_and_who_published_them(house: House) -> None:
    publish(house, rates("standard,USD,200,,,", "senior,USD,300,consultant,,"))
    publish(house, files(hour_types="id,bill_factor\novertime,1.5"))

    with house.database.tenant(house.tenant) as session:
        newer, older = rulebook_versions(session)
        chain = [(one.action, one.actor, one.approver) for one in read_chain(session)]
    book = export_book(house.database, house.tenant, version_no=2)

    assert (newer.version_no, newer.based_on, older.based_on) == (2, 1, None)
    assert (newer.proposer, newer.approver, newer.reason) == (
        "ines",
        "otto",
        "new year",
    )
    assert older.change_no < newer.first_change_no <= newer.change_no
    assert {name: len(rows) for name, rows in book.items()} == {
        "bill_rates": 2,
        "hour_types": 1,
    }
    assert ("rulebook.publish.proposed", "ines", None) in chain
    assert ("rulebook.publish.approved", "ines", "otto") in chain


def test_two_versions_can_be_compared(house: House) -> None:
    publish(house, rates("standard,USD,200,,,", "senior,USD,300,consultant,,"))
    publish(house, rates("standard,USD,201,,,", "senior,USD,300,consultant,,"))

    (one,) = compare_versions(house.database, house.tenant, 1, 2)

    assert (one.table, one.id, one.word, one.columns) == (
        "bill_rates",
        "standard",
        "changed",
        ("rate",),
    )
    assert [row.cell("rate") for row in (*one.before, *one.after)] == ["200", "201"]


def test_a_published_version_cannot_be_rewritten(house: House) -> None:
    publish(house, rates("standard,USD,250,,,"))

    with (
        pytest.raises(Exception, match="permission denied"),
        house.database.tenant(house.tenant) as session,
    ):
        session.run(_EDIT)


def test_a_version_that_nobody_approved_is_a_difference(house: House) -> None:
    _, proposal_no = propose(house, rates("standard,USD,250,,,"))
    with house.database.tenant(house.tenant) as session:
        session.run(_SMUGGLE, proposal_no=proposal_no)

    (found,) = house.unproven()

    assert (found.check, found.subject) == (  # type: ignore[attr-defined]  # a difference
        "rulebook_without_approval",
        "rulebook version 1",
    )


def test_nobody_publishes_what_he_proposed(house: House) -> None:
    _, proposal_no = propose(house, rates("standard,USD,250,,,"))
    assert proposal_no is not None

    with pytest.raises(NotApprovable, match="ask someone else"):
        approve(house, proposal_no, approver="Ines")


def test_what_is_shown_is_what_is_published(house: House) -> None:
    _, proposal_no = propose(house, rates("standard,USD,250,,,"))
    assert proposal_no is not None

    with pytest.raises(NotApprovable, match="not what is proposed"):
        approve_rulebook(
            house.database,
            house.tenant,
            proposal_no,
            approver="otto",
            shown_hash=b"\x00" * 32,
        )


def test_the_same_rulebook_proposed_again_is_the_same_proposal(house: House) -> None:
    _, first = propose(house, rates("standard,USD,250,,,"))

    _, again = propose(house, rates("standard,USD,250.00,*,,"))

    assert again == first


def test_tables_that_changed_since_are_proposed_again(house: House) -> None:
    _, proposal_no = propose(house, rates("standard,USD,250,,,"))
    assert proposal_no is not None
    house.change(MasterChange("bill_rate", "standard", fields={"rate": Decimal(230)}))

    with pytest.raises(NotApprovable, match="changed since"):
        approve(house, proposal_no)

    house.approve()
    assert house.bill().net == 23_000


def test_what_does_not_fit_any_more_is_published_in_no_part(house: House) -> None:
    book = files(
        hour_types="id,bill_factor\novertime,1.5",
        accounts="entity,role,number\nUS1,wip,1400",
        bill_rates="id,currency,rate,customer\nstandard,USD,200,\nnorth,USD,9,NORTHWIND",
    )
    house.change(MasterChange("customer", "NORTHWIND", fields={"country": "US"}))
    _, proposal_no = propose(house, book)
    assert proposal_no is not None
    with house.database.tenant(house.tenant) as session:
        merge_records(session, "customer", "NORTHWIND", "ADATUM")
        before = latest_change(session)

    with pytest.raises(CannotPublish) as refused:
        approve(house, proposal_no)

    with house.database.tenant(house.tenant) as session:
        assert latest_change(session) == before
        assert rulebook_versions(session) == []
    assert [one.sentence for one in refused.value.findings] == [
        "There is no customer NORTHWIND."
    ]


def test_a_table_that_another_system_owns_is_not_published(house: House) -> None:
    with house.database.tenant(house.tenant) as session:
        own_field(session, "bill_rate", "*", house.psa)

    draft = checked(house, rates("standard,USD,250,,,"))

    assert [(one.table, one.sentence) for one in draft.errors] == [
        ("bill_rates", "Another system owns bill_rates: the connection psa.")
    ]


def test_looking_changes_nothing(house: House) -> None:
    with house.database.tenant(house.tenant) as session:
        before = latest_change(session)

    draft = checked(house, rates("standard,USD,250,,,"), on=APRIL)

    with house.database.tenant(house.tenant) as session:
        assert latest_change(session) == before
    assert draft.counts == {"bill_rates": {"changed": 1}}
    assert draft.snapshot is not None
