"""Plan, refuse, put right and settle documents at the real sandbox servers."""

import socket
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from hourline.connectors.sandbox.admin import (
    clear_faults,
    read_books,
    set_fault,
    set_period,
)
from hourline.connectors.sdk.documents import WriteBack, WrittenEntry
from hourline.connectors.sdk.target import TargetPort, request_for
from hourline.infra.database import Session
from hourline.kernel.codes import DocumentKind, IntentState
from hourline.kernel.problems import ProblemCode
from hourline.posting.model import Settled
from hourline.posting.service import (
    DocumentDiffers,
    NotAllowed,
    Timing,
    Verdict,
    needing_a_person,
    resubmit,
    rule,
    run_due,
)
from tests.posting.desk import (
    ATLAS,
    BILLING,
    BOREALIS,
    PSA,
    TIMING,
    Desk,
    invoice,
    journal,
)

pytestmark = pytest.mark.integration

TWO_CHECKS = replace(TIMING, check_seconds=(0,))


def test_planning_again_changes_nothing(desk: Desk) -> None:
    first = desk.plan(ATLAS, 1, journal())

    again = desk.plan(ATLAS, 1, journal())

    assert again == first
    assert desk.states() == {"READY": 1}


def test_other_content_for_a_planned_document_is_a_bug_upstream(desk: Desk) -> None:
    desk.plan(ATLAS, 1, journal())

    with pytest.raises(DocumentDiffers, match="journal US1-J-1 was planned"):
        desk.plan(ATLAS, 1, journal(total="1.00"))


def test_one_document_goes_to_several_targets_under_different_keys(desk: Desk) -> None:
    desk.plan(BILLING, 1, invoice())
    desk.plan(ATLAS, 1, invoice())

    summary = desk.run()

    assert (summary.calls, summary.lookups, summary.confirmed) == (2, 0, 2)
    assert len({intent.key for intent in desk.intents()}) == 2
    assert desk.booked(BILLING).total() == 1
    assert desk.booked(ATLAS).total() == 1


def test_a_confirmed_document_has_the_id_and_number_the_target_gave(desk: Desk) -> None:
    desk.plan(BOREALIS, 1, journal(entity="DE1"))

    summary = desk.run()

    [intent] = desk.intents()
    [document] = [
        d
        for d in read_books(desk.sandbox.servers["borealis"])
        if d["marker"] == intent.key
    ]
    assert summary.calls == 2
    assert intent.external_number == document["number"]
    assert intent.draft_id == intent.external_id
    assert desk.drafts() == 0


def test_a_credit_note_is_booked_after_its_invoice(desk: Desk) -> None:
    desk.plan(BILLING, 1, invoice(701))
    desk.run()
    credit = invoice(
        1,
        kind=DocumentKind.CREDIT_NOTE,
        number="CN-1",
        credits_number="US1-000701",
        net="-600.00",
        total="-600.00",
        lines=(msgspec.structs.replace(invoice().lines[0], net="-600.00"),),
    )
    desk.plan(BILLING, 2, credit)

    desk.run()

    assert desk.states() == {"CONFIRMED": 2}


def test_a_closed_period_is_told_and_after_opening_it_the_document_is_booked(
    desk: Desk,
) -> None:
    atlas = desk.sandbox.servers["atlas"]
    set_period(atlas, entity="US1", period="2026-10", status="closed")
    intent_no = desk.plan(ATLAS, 1, journal())

    refused = desk.run()
    set_period(atlas, entity="US1", period="2026-10", status="open")
    with desk.database.tenant(desk.tenant) as session:
        stuck = needing_a_person(session)
        resubmit(session, intent_no, actor="kim", reason="October opened again")
    booked = desk.run()

    [settled] = refused.problems
    assert settled.problem is not None
    assert settled.problem.code is ProblemCode.POSTING_PERIOD_CLOSED
    assert settled.problem.sentence == (
        "The target refused journal US1-J-1: 2026-10 in US1"
    )
    assert settled.problem.remedy.startswith("Open the posting period at the target")
    assert [item.problem for item in stuck] == [settled.problem]
    assert booked.confirmed == 1
    assert desk.outcomes(intent_no) == [("refused", False), ("booked", False)]
    assert len({key for key, _ in desk.attempts(intent_no)}) == 1


def test_only_what_was_rejected_is_resubmitted(desk: Desk) -> None:
    intent_no = desk.plan(ATLAS, 1, journal())
    desk.run()

    with (
        desk.database.tenant(desk.tenant) as session,
        pytest.raises(NotAllowed, match="resubmit does not fit CONFIRMED"),
    ):
        resubmit(session, intent_no, actor="kim", reason="again")


def test_a_document_of_ours_with_other_content_is_for_a_person(desk: Desk) -> None:
    intent_no = desk.plan(ATLAS, 1, journal())
    [intent] = desk.intents()
    port = desk.port(ATLAS)
    debit, credit = journal().lines
    twisted = journal(
        lines=(
            msgspec.structs.replace(debit, debit="99.00"),
            msgspec.structs.replace(credit, credit="99.00"),
        )
    )
    ask = port.targets[DocumentKind.JOURNAL].book(twisted, intent.key)
    port.send(request_for(port.address, ask, deadline=timedelta(seconds=5)))

    problems = [p for s in desk.run_until_settled() for p in s.problems]
    with desk.database.tenant(desk.tenant) as session:
        rule(
            session,
            intent_no,
            Verdict.ADOPT,
            actor="kim",
            reason="theirs is right",
            external_id="AT-1",
        )

    [settled] = problems
    assert settled.problem is not None
    assert settled.problem.code is ProblemCode.POSTING_MISMATCH
    assert "total is 99.00, not 1600.00" in settled.problem.sentence
    assert desk.booked(ATLAS).total() == 1
    assert desk.intents()[0].state_name == "CONFIRMED"


def test_what_nobody_can_find_out_is_quarantined_until_a_person_decides(
    desk: Desk,
) -> None:
    atlas = desk.sandbox.servers["atlas"]
    for operation in ("create_document", "find_documents"):
        set_fault(atlas, operation, "error_500_before", every_nth=1)
    intent_no = desk.plan(ATLAS, 1, journal())

    problems = [
        item
        for summary in desk.run_until_settled(timing=TWO_CHECKS)
        for item in summary.problems
    ]
    clear_faults(atlas)
    with desk.database.tenant(desk.tenant) as session:
        rule(session, intent_no, Verdict.ABSENT, actor="kim", reason="asked the ERP")
    desk.run()

    assert [p.problem.code for p in problems if p.problem] == [
        ProblemCode.POSTING_QUARANTINED
    ]
    assert desk.states() == {"CONFIRMED": 1}
    assert desk.booked(ATLAS).total() == 1


def test_an_unreachable_target_is_tried_later_and_stops_nobody_else(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed_port = listener.getsockname()[1]
    intent_no = desk.plan(ATLAS, 1, journal())
    desk.plan(BILLING, 2, invoice())

    def port(connection_no: int) -> TargetPort:
        real = desk.port(connection_no)
        if connection_no != ATLAS:
            return real
        egress = desk.sandbox.servers["billing"].egress()
        return replace(
            real, address=f"http://127.0.0.1:{closed_port}", send=egress.send
        )

    first = run_due(desk.database, desk.tenant, port, timing=TIMING)
    second = run_due(desk.database, desk.tenant, port, timing=TIMING)
    desk.run_until_settled()

    assert first.outcomes == {"booked": 1, "unreached": 1}
    assert first.problems == ()
    [stuck] = second.problems
    assert stuck.problem is not None
    assert stuck.problem.code is ProblemCode.SOURCE_UNREACHABLE
    assert stuck.problem.sentence == (
        "The target has not taken journal US1-J-1 for some time: connect_failed"
    )
    assert desk.outcomes(intent_no) == [
        ("unreached", False),
        ("unreached", False),
        ("booked", False),
    ]


def test_a_limit_leaves_the_rest_for_the_next_run(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.plan(ATLAS, number, journal(number))

    summary = desk.run(limit=2)

    assert summary.confirmed == 2
    assert desk.states() == {"CONFIRMED": 2, "READY": 1}
    assert desk.due_soon() == 0


def test_the_listener_hears_of_each_document_in_the_transaction_that_settles_it(
    desk: Desk,
) -> None:
    desk.plan(ATLAS, 1, journal())
    heard: list[tuple[int, IntentState]] = []

    def fail_once(_session: Session, settled: Settled) -> None:
        heard.append((settled.document_no, settled.state))
        if len(heard) == 1:
            raise RuntimeError("the listener fails")

    quick = Timing(
        lease_seconds=2, margin_seconds=1, first_check_seconds=0, check_seconds=(0, 0)
    )
    with pytest.raises(RuntimeError, match="the listener fails"):
        run_due(
            desk.database, desk.tenant, desk.port, timing=quick, on_settled=fail_once
        )
    while desk.due_soon() is not None:
        run_due(
            desk.database, desk.tenant, desk.port, timing=quick, on_settled=fail_once
        )

    assert heard == [(1, IntentState.CONFIRMED), (1, IntentState.CONFIRMED)]
    assert desk.booked(ATLAS).total() == 1


def test_a_document_no_connector_can_write_is_refused_and_stops_nobody(
    desk: Desk,
) -> None:
    desk.plan(BILLING, 1, journal())
    desk.plan(BILLING, 2, invoice())

    summary = desk.run()

    [settled] = summary.problems
    assert settled.problem is not None
    assert settled.problem.remedy == (
        "Route this kind of document to another connection."
    )
    assert desk.states() == {"CONFIRMED": 1, "REJECTED": 1}


@pytest.mark.parametrize("fault", ["timeout_after_effect", "error_500_before"])
def test_the_source_is_told_once_what_was_billed(desk: Desk, fault: str) -> None:
    psa = desk.sandbox.servers["psa"]
    number = f"US1-{desk.tenant:06d}"
    told = WriteBack(
        invoice_number=number,
        status="invoiced",
        currency="USD",
        amount="1600.00",
        entries=(
            WrittenEntry(time_entry="TE-2610-00047", seconds=28_800, amount="1600.00"),
        ),
    )
    desk.plan(PSA, 1, told)

    set_fault(psa, "set_billings", fault, times=2)
    desk.run_until_rested()

    statements = [d for d in read_books(psa) if d.get("invoice_number") == number]
    assert [(d["time_entry"], d["amount"]) for d in statements] == [
        ("TE-2610-00047", "1600.00")
    ]
    assert desk.states() == {"CONFIRMED": 1}


def test_a_journal_dated_outside_every_period_is_refused_in_the_targets_words(
    desk: Desk,
) -> None:
    desk.plan(ATLAS, 1, journal(accounting_date=date(2031, 1, 1)))

    [settled] = desk.run().problems

    assert settled.problem is not None
    assert settled.problem.sentence.endswith("2031-01 in US1")
    assert settled.problem.detail["reason"] == "unknown_period"
