"""A person sees what a document is the sum of, and how far a group is."""

import pytest

from tests.cli.firm import Firm
from tests.flow.house import HOUR, chart
from tests.flow.ledgers import connect, numbers, post, route

pytestmark = pytest.mark.integration


@pytest.fixture
def planned(firm: Firm) -> Firm:
    """Give a firm with a monthly cost journal and an invoice summarised."""
    connect(firm.house)
    firm.house.change(
        *chart(),
        route(journal_type="cost", every="month", group="month-end"),
        route("invoice", detail="summary", group="month-end"),
    )
    firm.house.approve()
    firm.house.approve(id="t2", seconds=2 * HOUR, date="2025-03-06")
    firm.house.bill()
    firm.run("postings", "plan")
    return firm


def test_a_document_is_shown_with_what_each_line_is_the_sum_of(planned: Firm) -> None:
    invoice, journal = sorted(numbers(planned.house, "READY"))

    shown = planned.run("postings", "show", str(journal), "--members")
    short = planned.run("postings", "show", str(journal))
    billed = planned.ask("postings", "show", str(invoice), "--members")

    lines = shown.stdout.splitlines()
    assert lines[0].startswith("journal US1-J")
    assert lines[0].endswith(" for books: ready, 300.00 USD")
    assert lines[1:] == [
        "  cost 2025-03, part 1",
        "          300.00 USD  debit 5000",
        "              100.00 USD  entry psa/t1 revision 1",
        "              200.00 USD  entry psa/t2 revision 1",
        "         -300.00 USD  credit 5900",
        "             -100.00 USD  entry psa/t1 revision 1",
        "             -200.00 USD  entry psa/t2 revision 1",
        "Every line is the sum of its members.",
    ]
    assert short.stdout.splitlines() == [lines[0], lines[1], lines[2], lines[5]]
    assert (billed["number"], billed["adds_up"]) == ("US1-000001", True)
    assert billed["lines"] == [
        {
            "text": "Lines: 2 on account 4000, hours: 3",
            "amount": "600.00",
            "members": [
                {"what": "line 1, entry t1", "amount": "200.00"},
                {"what": "line 2, entry t2", "amount": "400.00"},
            ],
        }
    ]


def test_a_changed_chart_of_accounts_does_not_change_what_was_planned(
    planned: Firm,
) -> None:
    _, journal = sorted(numbers(planned.house, "READY"))
    before = planned.ask("postings", "show", str(journal), "--members")
    moved = [one for one in chart() if one.source_id == "US1-cost"]
    moved[0].fields["number"] = "5001"  # type: ignore[index]  # the builder gives a dict
    planned.house.change(*moved)

    after = planned.ask("postings", "show", str(journal), "--members")

    assert after == before


def test_groups_are_listed_with_their_control_totals(planned: Firm) -> None:
    under_way = planned.run("postings", "groups")
    post(planned.house)
    done = planned.run("postings", "groups")
    [group] = planned.ask("postings", "groups", "--all")

    number = group["group"]
    assert under_way.stdout == (
        f"Group {number}: month-end 2025-03 for books, released; 2 documents,"
        " 900.00 USD\n"
    )
    assert done.stdout == "No group of documents is under way.\n"
    assert (group["state"], group["confirmed_documents"]) == ("confirmed", 2)
    assert group["confirmed_totals"] == {"USD": "900.00"}
    assert planned.run("postings", "groups", "--all").stdout == (
        f"Group {number}: month-end 2025-03 for books, confirmed; 2 documents,"
        " 900.00 USD; confirmed 2, 900.00 USD\n"
    )


def test_an_intent_there_is_not_cannot_be_shown(planned: Firm) -> None:
    refused = planned.run("postings", "show", "99999999")

    assert str(refused.exception) == "There is no intent 99999999."
