"""An exception item is opened once per cause, kept until it is settled, and found."""

from datetime import UTC, datetime, timedelta

import pytest

from hourline.exceptions.model import Subject
from hourline.exceptions.pages import page_of_items
from hourline.exceptions.service import resolve_by_person
from hourline.exceptions.store import (
    find_item,
    list_items,
    open_items,
    queue_counts,
    resolve_entries,
    resolve_item,
    resolve_subject,
    resolve_subjects,
)
from hourline.infra.audit import read_chain, verify_chain
from hourline.infra.database import Database
from hourline.kernel.problems import Problem, ProblemCode

pytestmark = pytest.mark.integration

AT = datetime(2025, 3, 31, 22, 0, tzinfo=UTC)
T1 = Subject("entry", "1", 1, 1)
T2 = Subject("entry", "2", 2, 1)
INVOICE = Subject("invoice", "7")


def problem(code: ProblemCode, sentence: str = "It is so.") -> Problem:
    return Problem(code, sentence, "Mend it.", {"where": "here"})


CLOSED = problem(ProblemCode.PROJECT_CLOSED)
PRICELESS = problem(ProblemCode.PRICE_NOT_FOUND)
EXCEEDS = problem(ProblemCode.CREDIT_EXCEEDS_INVOICE)


def test_the_same_cause_keeps_its_item_and_learns_the_newer_sentence(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        open_items(session, [(T1, CLOSED)], at=AT)
        newer = problem(ProblemCode.PROJECT_CLOSED, "It is still so.")
        open_items(session, [(T1, newer)], at=AT + timedelta(hours=5))

        (item,) = list_items(session)

    assert (item.sentence, item.opened_at) == ("It is still so.", AT)
    assert item.due_at == AT + timedelta(hours=24)
    assert (item.state, item.detail) == ("open", {"where": "here"})


def test_findings_of_one_code_share_an_item(database: Database, tenant: int) -> None:
    field = problem(ProblemCode.FIELD_MISSING, "No person.")
    other = problem(ProblemCode.FIELD_MISSING, "No project.")
    with database.tenant(tenant) as session:
        open_items(session, [(T1, field), (T1, other), (T1, field), (T2, field)], at=AT)

        items = list_items(session)
        open_items(session, [], at=AT)

    assert [(one.subject_key, one.sentence) for one in items] == [
        ("1", "No person. No project."),
        ("2", "No person."),
    ]


def test_settled_items_stay_to_be_read_and_can_open_anew(
    database: Database, tenant: int
) -> None:
    later = AT + timedelta(hours=1)
    with database.tenant(tenant) as session:
        open_items(session, [(T1, CLOSED), (T1, PRICELESS), (T2, CLOSED)], at=AT)
        kept = resolve_entries(
            session, [1], resolution="tried", at=later, keep_codes=["price_not_found"]
        )
        none = resolve_entries(session, [], resolution="tried", at=later)
        open_items(session, [(T1, CLOSED)], at=later)

        still = [(one.subject_key, one.code) for one in list_items(session)]
        settled = list_items(session, state="resolved")

    assert (kept, none) == (1, 0)
    assert sorted(still) == [
        ("1", "price_not_found"),
        ("1", "project_closed"),
        ("2", "project_closed"),
    ]
    assert [(one.resolution, one.resolved_at) for one in settled] == [("tried", later)]


def test_a_subject_is_settled_but_for_the_codes_to_keep(
    database: Database, tenant: int
) -> None:
    fx = problem(ProblemCode.FX_RATE_NOT_FOUND)
    with database.tenant(tenant) as session:
        open_items(session, [(INVOICE, fx), (INVOICE, EXCEEDS), (T1, CLOSED)], at=AT)

        touched = resolve_subject(
            session,
            INVOICE,
            resolution="went on",
            at=AT,
            keep_codes=[ProblemCode.CREDIT_EXCEEDS_INVOICE],
        )
        left = [one.code for one in list_items(session)]
        resolve_subjects(session, [INVOICE, T1], resolution="all", at=AT)
        nothing = list_items(session)

    assert touched == 1
    assert sorted(left) == ["credit_exceeds_invoice", "project_closed"]
    assert nothing == []


def test_items_are_found_by_queue_code_and_entry(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        open_items(session, [(T1, CLOSED), (T1, PRICELESS), (T2, CLOSED)], at=AT)

        by_queue = list_items(session, queue="pricing")
        by_code = list_items(session, code="project_closed", limit=1)
        by_entry = list_items(session, entry_no=2)
        counts = queue_counts(session)
        found = find_item(session, by_queue[0].item_no)
        unknown = find_item(session, 10**9)

    assert [one.code for one in by_queue] == ["price_not_found"]
    assert [one.entry_no for one in by_code] == [1]
    assert [one.entry_no for one in by_entry] == [2]
    assert [(one.queue, one.code, one.owner, one.items) for one in counts] == [
        ("master_data", "project_closed", "master data steward", 2),
        ("pricing", "price_not_found", "pricing controller", 1),
    ]
    assert counts[0].due_at == AT + timedelta(hours=24)
    assert found == by_queue[0]
    assert unknown is None


def test_pages_are_in_order_of_urgency_and_new_items_do_not_disturb_them(
    database: Database, tenant: int
) -> None:
    urgent = problem(ProblemCode.SOURCE_UNREACHABLE)
    with database.tenant(tenant) as session:
        open_items(session, [(T1, CLOSED), (T2, CLOSED), (INVOICE, urgent)], at=AT)
        first, place = page_of_items(
            session, state="open", queue=None, code=None, after=None, limit=2
        )
        earlier = Subject("entry", "0", 3, 1)
        open_items(session, [(earlier, urgent)], at=AT - timedelta(days=1))

        second, end = page_of_items(
            session, state="open", queue=None, code=None, after=place, limit=2
        )

    assert [one.subject_key for one in first] == ["7", "1"]
    assert [one.subject_key for one in second] == ["2"]
    assert end is None


def test_a_person_settles_an_item_once_and_it_is_in_the_audit_chain(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        open_items(session, [(T1, CLOSED)], at=AT)
        (item,) = list_items(session)

        settled = resolve_by_person(
            session, item.item_no, actor="kim", reason="the PM reopens it", at=AT
        )
        again = resolve_by_person(
            session, item.item_no, actor="kim", reason="once more", at=AT
        )
        unknown = resolve_by_person(
            session, 10**9, actor="kim", reason="no such item", at=AT
        )
        closed_again = resolve_item(session, item.item_no, resolution="x", at=AT)
        chain, tampering = read_chain(session), verify_chain(session)

    assert settled is not None
    assert (settled.state, settled.resolution) == ("resolved", "the PM reopens it")
    assert (again, unknown, closed_again) == (None, None, False)
    assert [(one.actor, one.action, one.reason) for one in chain] == [
        ("kim", "exception.resolved", "the PM reopens it")
    ]
    assert tampering is None
