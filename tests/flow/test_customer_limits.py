"""Limits of one of several customers are kept, told and proven."""

from datetime import date
from decimal import Decimal

import pytest

from hourline.billing.model import Issued
from hourline.cli.allotment_shown import allotted
from hourline.connectors.sdk.changes import MasterChange
from hourline.kernel.codes import Fate
from hourline.kernel.problems import ProblemCode
from tests.flow.advances import KIEL
from tests.flow.credits import credit_invoice
from tests.flow.house import HOUR, House
from tests.flow.test_explain import about, explained
from tests.flow.test_limits import contract, parts

pytestmark = pytest.mark.integration


def shared(
    customer: str = "ADATUM", share: str = "50", limit: str | None = None
) -> MasterChange:
    """Give a customer of C1 its share, and its limit."""
    return MasterChange(
        "contract_customer",
        f"C1:{customer}",
        fields={
            "contract": "C1",
            "customer": customer,
            "share": Decimal(share),
            "order": 2 if customer == "KIEL" else 1,
            "limit": None if limit is None else Decimal(limit),
        },
    )


def on_line(limit: str | None, customer: str = "ADATUM") -> MasterChange:
    """Limit what a customer is billed on contract line C1.1."""
    return MasterChange(
        "line_customer_limit",
        f"C1.1:{customer}",
        fields={
            "contract_line": "C1.1",
            "customer": customer,
            "limit": None if limit is None else Decimal(limit),
        },
    )


@pytest.fixture
def halves(house: House) -> House:
    """Give a firm whose contract two customers share by halves."""
    house.change(KIEL, shared(), shared("KIEL"))
    return house


def refusal(house: House, *changes: MasterChange) -> str:
    """Give why changes were refused, all of them."""
    refused = house.change(*changes).refusals
    assert len(refused) == len(changes)
    assert refused[0].problem.code is ProblemCode.MASTER_RECORD_INVALID
    return refused[0].problem.sentence


def credited(house: House, invoice: Issued) -> None:
    """Credit an invoice whole."""
    outcome = credit_invoice(
        house.database,
        house.tenant,
        document_no=invoice.document_no,
        reason="any",
        actor="M. Ito",
    )
    assert isinstance(outcome, Issued)


def test_a_limit_of_a_customer_that_means_nothing_is_refused(halves: House) -> None:
    halves.change(MasterChange("customer", "ALIEN", fields={"country": "US"}))

    assert "its limit -1 is below nothing" in refusal(halves, shared(limit="-1"))
    assert "0.001 has more decimals than USD (2)" in refusal(halves, on_line("0.001"))
    assert (
        "contract_customer C1:KIEL was not taken over; with it 1 other changes: it has"
        " a limit, but a share of 0."
    ) in refusal(halves, shared("KIEL", "0", "5"), shared(share="100"))
    assert (
        "line_customer_limit C1.1:ALIEN was not taken over: customer ALIEN has no share"
        " of contract C1."
    ) in refusal(halves, on_line("5", "ALIEN"))
    [item] = halves.change(on_line("5", "NOBODY")).refusals
    assert item.problem.code is ProblemCode.MASTER_REFERENCE_MISSING


def test_a_limit_is_not_lowered_below_what_its_customer_was_billed(
    halves: House,
) -> None:
    halves.approve(seconds=2 * HOUR)
    of_adatum = halves.bill()
    [of_kiel] = of_adatum.further

    assert (
        "contract_customer C1:ADATUM was not taken over: its limit of 199.99 USD is"
        " below the 200.00 USD invoiced already to customer ADATUM."
    ) in refusal(halves, shared(limit="199.99"))
    assert "C1.1:KIEL was not taken over: its limit of 0.00 USD" in (
        refusal(halves, on_line("0", "KIEL"))
    )
    assert halves.change(shared(limit="200"), on_line("200")).refusals == []
    # What is credited to one customer is open to bill to it again, so it counts.
    credited(halves, of_adatum)
    assert "below the 200.00 USD" in refusal(halves, shared(limit="100"))
    credited(halves, of_kiel)
    assert halves.change(shared(limit="100")).refusals == []
    assert parts(halves) == {
        Fate.BILLABLE: (HOUR, 20_000),
        Fate.OVER_LIMIT: (HOUR, 20_000),
    }
    assert halves.unproven() == []


def test_the_rest_of_what_is_billed_in_part_counts_by_the_shares_of_its_invoice(
    halves: House,
) -> None:
    halves.change(shared(limit="300"))
    halves.approve(seconds=4 * HOUR)
    halves.bill()

    halves.change(shared(share="80", limit="500"), shared("KIEL", "20"))
    halves.approve(id="t2", approved_at="2025-03-09T08:00:00Z", seconds=HOUR)

    # Of 200.00 that are left, half of t1's hour takes 100.00, 80 % of t2's the rest.
    assert parts(halves) == {Fate.BILLABLE: (4 * HOUR, 80_000)}
    assert parts(halves, "t2") == {
        Fate.BILLABLE: (2_250, 12_500),
        Fate.OVER_LIMIT: (1_350, 7_500),
    }
    assert halves.bill().net == 20_000
    assert halves.unproven() == []


def test_a_customer_that_left_keeps_the_limit_it_had(halves: House) -> None:
    halves.change(shared(limit="100"))
    left = date(2025, 4, 1)
    halves.change(
        *(
            MasterChange(
                one.kind, one.source_id, fields=one.fields, effective_from=left
            )
            for one in (shared(share="0"), shared("KIEL", "100"))
        )
    )
    halves.approve(seconds=2 * HOUR)
    halves.approve(
        id="t2",
        date="2025-04-02",
        approved_at="2025-04-03T08:00:00Z",
        seconds=3 * HOUR,
    )

    assert parts(halves) == {
        Fate.BILLABLE: (HOUR, 20_000),
        Fate.OVER_LIMIT: (HOUR, 20_000),
    }
    assert parts(halves, "t2") == {Fate.BILLABLE: (3 * HOUR, 60_000)}
    assert halves.unproven() == []


def test_the_limit_of_the_only_customer_holds_on_a_line_that_nobody_shares(
    house: House,
) -> None:
    house.change(on_line("300"))
    house.approve(seconds=2 * HOUR)
    house.bill()
    house.change(on_line("400"), contract(limit=Decimal(900)))
    house.approve(id="t2", seconds=HOUR)

    assert parts(house, "t1") == {Fate.BILLABLE: (2 * HOUR, 40_000)}
    assert parts(house, "t2") == {Fate.OVER_LIMIT: (HOUR, 20_000)}
    house.change(on_line(None))
    assert parts(house, "t2") == {Fate.BILLABLE: (HOUR, 20_000)}
    assert house.unproven() == []


def test_it_is_told_which_limit_of_which_customer_an_entry_is_over(
    halves: House,
) -> None:
    halves.change(
        on_line("300"),
        shared(limit="250"),
        shared("KIEL", limit="200"),
        contract(over_limit="split"),
    )
    halves.approve(seconds=5 * HOUR)

    told = explained(halves)
    [step] = halves.status().story.allotments

    assert about(told, "allotment").sentences[0] == (
        "Of portion 0: 2 h more over the customer limit of contract line C1.1"
        " (ADATUM: 300.00 USD); 1 h more over the customer limit of contract C1"
        " (ADATUM: 250.00 USD, KIEL: 200.00 USD)."
    )
    assert told.broken == []
    assert (
        "2 h more over the customer limit of contract line C1.1; 1 h more over the"
        " customer limit of contract C1, by"
    ) in allotted(step)
