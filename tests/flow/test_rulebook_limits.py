"""A rulebook does not lower a limit below what is invoiced, and says so by row."""

import pytest

from hourline.flow.rulebook.files import RulebookFile
from hourline.flow.rulebook.publications import CannotPublish
from tests.flow.advances import KIEL, shares
from tests.flow.house import HOUR, House
from tests.flow.rules import approve, checked, faults, files, propose

pytestmark = pytest.mark.integration


@pytest.fixture
def billed(house: House) -> House:
    """Give a firm whose contract two customers share, each invoiced 200 USD."""
    house.change(KIEL, *shares(ADATUM="50", KIEL="50"))
    house.approve(seconds=2 * HOUR)
    house.bill()
    return house


def limited(adatum: str, kiel: str) -> list[RulebookFile]:
    """Give the shares with a limit of each customer."""
    return files(
        contract_customers=f"""
            id,contract,customer,share,order,rounding,limit
            C1:ADATUM,C1,ADATUM,50,1,true,{adatum}
            C1:KIEL,C1,KIEL,50,2,,{kiel}
        """
    )


def test_every_limit_below_what_is_invoiced_is_told_before_it_is_proposed(
    billed: House,
) -> None:
    book = limited("199.99", "0")

    draft, proposal_no = propose(billed, book)

    assert proposal_no is None
    assert faults(billed, book) == [
        (
            "contract_customers.csv, row 2",
            None,
            (
                "Its limit of 199.99 USD is below the 200.00 USD invoiced already to"
                " customer ADATUM (contract_customer C1:ADATUM)."
            ),
        ),
        (
            "contract_customers.csv, row 3",
            None,
            (
                "Its limit of 0.00 USD is below the 200.00 USD invoiced already to"
                " customer KIEL (contract_customer C1:KIEL)."
            ),
        ),
    ]
    assert [one.remedy for one in draft.errors] == [
        "Set it no lower than that, or credit the invoices first."
    ] * 2


def test_a_limit_of_what_is_invoiced_can_be_proposed(billed: House) -> None:
    draft = checked(billed, limited("200", ""))

    assert draft.errors == []
    assert draft.counts == {"contract_customers": {"changed": 1}}


def test_what_was_invoiced_since_is_seen_when_it_is_approved(billed: House) -> None:
    _, proposal_no = propose(billed, limited("200", ""))
    assert proposal_no is not None
    billed.approve(id="t2")
    billed.bill()

    with pytest.raises(CannotPublish, match="is below the 300"):
        approve(billed, proposal_no)
