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
        "waiting": 3,
    }
    assert booked(facts) == {
        ("atlas", "invoice"): 15,
        ("atlas", "journal"): 88,
        ("billing", "invoice"): 23,
        ("borealis", "invoice"): 8,
        ("borealis", "journal"): 45,
        ("psa", "write_back"): 18,
    }


def assert_arrivals(facts: Mapping[str, Any]) -> None:
    """Assert what became of the records, against the dirt that was strewn in."""
    dirt = facts["dirt"]
    assert records(facts) == {
        ("batch", "accepted"): 1982,
        ("batch", "duplicate"): 40,
        ("event", "accepted"): 292,
        ("event", "duplicate"): 50,
        ("file", "accepted"): 1178,
        ("file", "conflict"): 1,
        ("file", "duplicate"): 45,
        ("poll", "accepted"): 1268,
        ("poll", "duplicate"): 15,
        ("poll", "not_approved"): 55,
        ("poll", "recall"): 8,
        ("webhook", "accepted"): 340,
    }
    assert dirt["repeated"] == 40 + 50 + 45 + 15
    assert dirt["conflict"] == 1
    assert dirt["submitted"] + dirt["rejected"] == 55
    assert dirt["recalled"] == 8
    assert (dirt["corrected"], dirt["missing_rate"]) == (60, 12)


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
