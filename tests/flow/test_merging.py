"""Two customers turn out to be one: prices, taxes, drafts and invoices of both."""

from decimal import Decimal

import pytest

from hourline import flow
from hourline.billing.model import Issued
from hourline.billing.store_listing import ListedDocument, list_documents
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.merging import (
    MERGE,
    CannotMerge,
    approve_merge,
    propose_merge,
    rename,
)
from hourline.flow.proposals import proposals_about
from hourline.infra.approvals import NotApprovable, Proposal
from hourline.infra.audit import read_chain, verify_chain
from hourline.master.store import set_connection
from tests.flow.advances import KIEL, RETAINER, shares
from tests.flow.credits import credit_invoice
from tests.flow.house import MARCH_END, House
from tests.flow.unit import open_work, take_over

pytestmark = pytest.mark.integration


@pytest.fixture
def acquired(house: House) -> House:
    """Give the firm a unit whose customer CONTOSO is ADATUM by another name."""
    assert not house.change(
        MasterChange("customer", "CONTOSO", fields={"country": "US"}),
        MasterChange("contract", "K1", fields={"customer": "CONTOSO", "entity": "US1"}),
        MasterChange(
            "contract_line",
            "K1.1",
            fields={"contract": "K1", "method": "time_and_materials"},
        ),
        MasterChange("project", "Q1", fields={"contract_line": "K1.1"}),
    ).refusals
    return house


def _rate(id_: str, customer: str, **fields: object) -> MasterChange:
    stated = {"currency": "USD", "rate": Decimal(180), "customer": customer}
    return MasterChange("bill_rate", id_, fields={**stated, **fields})


def _propose(house: House) -> Proposal:
    propose_merge(
        house.database,
        house.tenant,
        "CONTOSO",
        "ADATUM",
        actor="olga",
        reason="one firm, two names",
    )
    return proposals_about(house.database, house.tenant, (MERGE,))[-1]


def _merge(house: House) -> None:
    _approve(house, _propose(house))


def _approve(house: House, shown: Proposal, approver: str = "peter") -> None:
    approve_merge(
        house.database,
        house.tenant,
        shown.proposal_no,
        approver=approver,
        shown_hash=shown.content_hash,
    )


def _refused(house: House) -> list[str]:
    with pytest.raises(CannotMerge) as refusal:
        _propose(house)
    assert {problem.code for problem in refusal.value.problems} == {"merge_refused"}
    return [problem.sentence for problem in refusal.value.problems]


def _documents(house: House) -> list[ListedDocument]:
    with house.database.tenant(house.tenant) as session:
        return list_documents(session)


def _bill(house: House, contract: str) -> Issued:
    return house.bill(contract)


def test_open_work_of_both_goes_to_the_survivor_and_invoices_stay(
    acquired: House,
) -> None:
    house = acquired
    house.approve(id="t1", project="Q1")
    first = _bill(house, "K1")
    house.approve(id="t2", project="Q1")
    take_over(house, open_work(reference="o1", project="Q1"))

    _merge(house)

    _bill(house, "K1")
    note = credit_invoice(
        house.database,
        house.tenant,
        document_no=first.document_no,
        reason="disputed",
        actor="olga",
    )
    assert isinstance(note, Issued)
    assert [
        (one.number, one.customer, one.customer_now) for one in _documents(house)
    ] == [
        ("US1-000001", "CONTOSO", "ADATUM"),
        ("US1-000002", "ADATUM", None),
        ("US1-CN-000001", "CONTOSO", "ADATUM"),
    ]
    assert house.unproven() == []


def test_ids_of_both_systems_lead_to_the_survivor(acquired: House) -> None:
    house = acquired
    with house.database.tenant(house.tenant) as session:
        crm = set_connection(session, name="crm", connector="sandbox_crm")
    flow.change_master(
        house.database,
        house.tenant,
        [MasterChange("customer", "CONTOSO", fields={"country": "US"})],
        connection_no=crm,
    )
    _merge(house)

    outcome = flow.change_master(
        house.database,
        house.tenant,
        [
            MasterChange(
                "contract", "K2", fields={"customer": "CONTOSO", "entity": "US1"}
            )
        ],
        connection_no=crm,
    )

    assert not outcome.refusals
    with house.database.tenant(house.tenant) as session:
        snapshot = flow.snapshot_of(session)
    number = snapshot.number("contract", "K2")
    assert number is not None
    survivor = snapshot.customer(snapshot.contract(number).customer_no)
    assert survivor.id == "ADATUM"


def test_the_second_person_sees_what_a_merge_changes(acquired: House) -> None:
    house = acquired
    house.change(_rate("contoso-all", "CONTOSO"))
    house.approve(id="t1", project="Q1")
    _bill(house, "K1")

    shown = _propose(house)

    assert shown.content["effects"] == {
        "contracts": ["K1"],
        "rates": ["contoso-all"],
        "documents": 1,
    }
    with pytest.raises(NotApprovable, match="cannot decide it"):
        _approve(house, shown, "olga")
    house.change(_rate("contoso-ann", "CONTOSO", person="ann"))
    with pytest.raises(NotApprovable, match="has changed since"):
        _approve(house, shown)


def test_rates_that_would_tie_are_named_and_the_merge_is_refused(
    acquired: House,
) -> None:
    house = acquired
    house.change(
        _rate("a-all", "ADATUM"),
        _rate("c-all", "CONTOSO"),
        _rate("a-ann", "ADATUM", person="ann"),
        _rate("c-ann", "CONTOSO", person="ann"),
        _rate("c-role", "CONTOSO", role="consultant"),
    )

    assert [sentence.partition(" would match")[0] for sentence in _refused(house)] == [
        "Rate c-all of CONTOSO and rate a-all of ADATUM",
        "Rate c-ann of CONTOSO and rate a-ann of ADATUM",
    ]


def test_a_merge_that_would_tax_a_line_otherwise_is_refused(acquired: House) -> None:
    house = acquired
    taxed = {"order": 2, "rate": Decimal(10), "code": "S"}
    exempt = {"order": 1, "rate": Decimal(0), "code": "E", "customer": "CONTOSO"}
    house.change(
        MasterChange("tax_rule", "sales", fields=taxed),
        MasterChange("tax_rule", "exempt", fields=exempt),
    )

    assert _refused(house) == [
        "Contract line C1.1 would be taxed otherwise: 10 % S before, 0 % E then.",
    ]


def test_an_open_draft_of_the_merged_customer_is_issued_first(acquired: House) -> None:
    house = acquired
    house.approve(id="t1", project="Q1")
    flow.open_draft(
        house.database,
        house.tenant,
        contract="K1",
        through=MARCH_END,
        invoice_date=MARCH_END,
    )

    refused = _refused(house)
    flow.issue_draft(house.database, house.tenant, contract="K1")
    _merge(house)

    assert refused == [
        "The draft of contract K1 is open for CONTOSO; its invoice would go to ADATUM."
    ]


def test_nobody_is_merged_twice_or_into_nobody(acquired: House) -> None:
    house = acquired
    _merge(house)

    for merged, into, why in (
        ("CONTOSO", "ADATUM", "was merged into another before"),
        ("ADATUM", "ADATUM", "cannot become itself"),
        ("ADATUM", "NOBODY", "there is no customer NOBODY"),
    ):
        with pytest.raises(LookupError, match=why):
            propose_merge(
                house.database, house.tenant, merged, into, actor="olga", reason="-"
            )


def test_a_rename_is_in_the_audit_chain_and_takes_no_id_twice(acquired: House) -> None:
    house = acquired

    def to(new: str, kind: str = "customer") -> None:
        rename(
            house.database,
            house.tenant,
            kind,
            old_id="CONTOSO",
            new_id=new,
            actor="olga",
            reason="new name",
        )

    for kind, new, refusal in (
        ("customer", "ADATUM", ValueError),
        ("customer", "", ValueError),
        ("client", "X", LookupError),
    ):
        with pytest.raises(refusal):
            to(new, kind)
    to("CONTOSO-GROUP")

    with house.database.tenant(house.tenant) as session:
        last = read_chain(session)[-1]
        assert verify_chain(session) is None
    assert (last.action, last.before, last.after) == (
        "master.renamed",
        {"id": "CONTOSO"},
        {"id": "CONTOSO-GROUP"},
    )
    house.approve(id="t1", project="Q1")
    assert _bill(house, "K1").lines == 1


def test_a_retainer_and_what_is_open_for_a_customer_follow_it(house: House) -> None:
    house.change(
        MasterChange("customer", "CONTOSO", fields={"country": "US"}),
        KIEL,
        RETAINER,
        *shares(CONTOSO="50", KIEL="50"),
    )
    first = house.bill()
    house.approve()
    second = house.bill()
    credit_invoice(
        house.database,
        house.tenant,
        document_no=second.document_no,
        reason="wrong address",
        actor="M. Ito",
    )

    _approve(house, _propose(house))
    again = house.bill()

    assert [one.net for one in first.all] == [150_00, 150_00]
    assert [one.net for one in again.all] == [100_00]
    [retainer, *_, last] = _documents(house)
    assert (retainer.customer, retainer.customer_now) == ("CONTOSO", "ADATUM")
    assert (last.customer, last.drawn, last.due) == ("ADATUM", 100_00, 0)
    assert house.unproven() == []


def test_two_customers_that_share_a_contract_cannot_become_one(house: House) -> None:
    house.change(
        MasterChange("customer", "CONTOSO", fields={"country": "US"}),
        *shares(CONTOSO="50", ADATUM="50"),
    )

    with pytest.raises(CannotMerge, match="two shares"):
        _propose(house)
