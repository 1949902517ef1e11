"""State what the simulated month comes to, whatever happened to it on the way."""

from collections.abc import Mapping
from typing import Any


def assert_the_month(facts: Mapping[str, Any]) -> None:
    """Assert the outcomes that the firm and its dirt have: the same on each run."""
    assert facts["proven"] is True
    assert facts["differences"] == []
    assert [one["name"] for one in facts["equations"] if not one["holds"]] == []
    assert_arrivals(facts)
    assert open_items(facts) == {
        "conflicting_duplicate": 1,
        "not_assigned": 5,
        "price_not_found": 12,
        "project_closed": 8,
        "receipt_missing": 1,
        "vendor_bill_differs": 1,
        "waiting": 3,
    }
    assert booked(facts) == {
        ("atlas", "invoice"): 17,
        ("atlas", "journal"): 168,
        ("billing", "invoice"): 29,
        ("borealis", "invoice"): 12,
        ("borealis", "journal"): 123,
        ("expenses", "write_back"): 18,
        ("psa", "write_back"): 20,
    }
    assert_terms(facts)
    assert_lent_work(facts)
    assert_expenses(facts)
    assert_billed_work(facts)
    assert_special_terms(facts)


def assert_terms(facts: Mapping[str, Any]) -> None:
    """Assert what contracts say beside prices: advances, a limit, earned revenue."""
    assert [(one["paid"], one["paid"] > one["used"]) for one in facts["advances"]] == [
        (30_000_000, True),
        (2_380_000, False),
        (40 * 3_600, False),
        (200 * 3_600, True),
    ]
    hours = {
        (row["fate"], row["currency"]): row["seconds"]
        for row in facts["statement"]["fates"]
    }
    assert hours["prepaid", "GBP"] == 40 * 3_600
    assert hours["over_limit", "USD"] > 0
    earned = {row["method"]: row["earned"] for row in facts["revenue"]}
    assert set(earned) == {
        "milestone",
        "percent_cost",
        "percent_hours",
        "recurring",
        "straight_line",
    }
    # 31 of 92 days of 41,000.00; the second half of October of 3,100.00 a month.
    assert earned["straight_line"] == 1_381_522
    assert earned["recurring"] == 160_000
    assert earned["milestone"] == 800_000


def assert_lent_work(facts: Mapping[str, Any]) -> None:
    """Assert that every pair invoiced its work, and that both sides are shown."""
    assert [
        (one["lender"], one["borrower"], one["lines"]) for one in facts["between"]
    ] == [
        ("GB1", "US1", 105),
        ("DE1", "US1", 49),
        ("GB1", "DE1", 116),
        ("DE1", "GB1", 55),
    ]
    names = {one["name"] for one in facts["equations"]}
    for one in facts["between"]:
        lender, borrower = one["lender"], one["borrower"]
        assert f"revenue of {lender} = cost of {borrower}, work lent" in names
        assert f"receivable of {lender} = payable of {borrower}" in names


def assert_arrivals(facts: Mapping[str, Any]) -> None:
    """Assert what became of the records, against the dirt that was strewn in."""
    dirt = facts["dirt"]
    assert records(facts) == {
        ("batch", "accepted"): 1981,
        ("batch", "duplicate"): 41,
        ("event", "accepted"): 292,
        ("event", "duplicate"): 50,
        ("file", "accepted"): 1179 + 8,
        ("file", "conflict"): 1,
        ("file", "duplicate"): 44 + 4,
        ("poll", "accepted"): 1268 + 42,
        ("poll", "duplicate"): 15,
        ("poll", "not_approved"): 55 + 3,
        ("poll", "recall"): 8 + 1,
        ("webhook", "accepted"): 340,
    }
    assert dirt["repeated"] == 41 + 50 + 44 + 15
    assert dirt["conflict"] == 1
    assert dirt["submitted"] + dirt["rejected"] == 55
    assert dirt["recalled"] == 8
    assert (dirt["corrected"], dirt["missing_rate"]) == (60, 12)


def assert_expenses(facts: Mapping[str, Any]) -> None:
    """Assert that expenses of five currencies are cost, tax or on invoices."""
    assert [(one["entity"], one["expenses"]) for one in facts["expenses"]] == [
        ("DE1", 13),
        ("GB1", 16),
        ("US1", 17),
    ]
    for one in facts["expenses"]:
        assert one["paid"] == one["cost"] + one["input_tax"]
        assert all(worth["amount"] > 0 for worth in one["billable"])
    recovered = {one["entity"]: one["input_tax"] > 0 for one in facts["expenses"]}
    assert recovered == {"DE1": True, "GB1": True, "US1": False}
    paid = {
        one["unit"]: one["right"]
        for one in facts["equations"]
        if one["name"] == "expenses at the tool = expenses here"
    }
    assert set(paid) == {"CHF", "EUR", "GBP", "JPY", "USD"}
    assert min(paid.values()) > 0


def assert_billed_work(facts: Mapping[str, Any]) -> None:
    """Assert that all bills of subcontractors fit what was approved, but one line."""
    lines = facts["billed_work"]
    (differs,) = (one for one in lines if one["cost"] is None)

    assert len(lines) == 13
    assert differs["seconds"] - differs["approved_seconds"] in range(28_782, 28_819)
    booked = [one for one in lines if one["cost"] is not None]
    assert all(abs(one["seconds"] - one["approved_seconds"]) <= 18 for one in booked)
    # The second person is 2 percent dearer than agreed, which is within 5.
    assert {one["person"] for one in booked if one["billed"] > one["cost"] + 100} == {
        differs["person"]
    }


def assert_special_terms(facts: Mapping[str, Any]) -> None:
    """Assert that limits, retainage, special prices and departments were at work."""
    terms = {one["term"]: one for one in facts["terms"]}
    assert set(terms) == {
        "over the limit of 20,000.00 USD",
        "over 100,000.00 USD a month",
        "over 6 hours of a person's day",
        "sold less 10 percent",
        "sold at cost plus 130 percent",
        "sold at one price for everybody",
        "10 percent withheld by the customer",
    }
    # A tenth of the milestones of 17,100.00 and 28,500.00.
    assert terms["10 percent withheld by the customer"]["amount"] == 456_000
    blended = terms["sold at one price for everybody"]
    assert abs(blended["amount"] * 3_600 - 14_800 * blended["seconds"]) < 3_600 * 100
    assert all(one["seconds"] > 0 for name, one in terms.items() if "held" not in name)
    charged = [
        (one["entity"], one["person_department"]) for one in facts["cross_charges"]
    ]
    assert charged == [("US1", "CC-US1-10"), ("US1", "CC-US1-20")]
    results = {(one["entity"], one["name"]): one["amount"] for one in facts["results"]}
    assert results["US1", "departments among each other"] == 0
    assert results["US1", "withheld by customers until later"] == 456_000
    for entity in ("US1", "GB1", "DE1"):
        assert results[entity, "margin"] > 0


def records(facts: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Return how many records came by which method with which outcome."""
    return {
        (method, outcome): count
        for method, outcome, count in facts["statement"]["records"]
    }


def open_items(facts: Mapping[str, Any]) -> dict[str, int]:
    """Return what is open for a person, by code, and the entries that wait."""
    counts = {item["code"]: item["items"] for item in facts["exceptions"]}
    return {**counts, "waiting": len(facts["waiting"])}


def booked(facts: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Return the documents each system confirmed, by kind."""
    intents = facts["statement"]["intents"]
    assert {row["state"] for row in intents} == {"confirmed"}
    return {(row["connection"], row["kind"]): row["intents"] for row in intents}
