"""Beside an old integration Hourline sends nothing, and names each of its errors."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hourline import flow
from hourline.connectors.sandbox.admin import (
    clear_faults,
    set_fault,
    set_period,
    start_sandbox,
    stop_sandbox,
)
from hourline.connectors.sdk.changes import MasterChange
from hourline.connectors.sdk.target import TargetPort
from hourline.infra.audit import read_chain
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind
from hourline.master.store import connections
from hourline.proof import shadow as proof
from hourline.proof.model import Asked, Listed, ShadowReport
from tests.flow.house import HOUR, House, chart, routed
from tests.flow.old_integration import (
    AT,
    OldIntegration,
    connect_books,
    shadowed,
)
from tests.flow.test_postings import intents
from tests.proof.booked import booked

pytestmark = pytest.mark.integration

_ATTEMPTS = Query(
    "attempts", "Every call.", "SELECT count(*) FROM hourline.posting_attempt"
)
Told = list[tuple[str, tuple[str, ...], tuple[str, ...]]]


def compared(*documents: str) -> list[MasterChange]:
    return [
        replace(change, fields={**change.fields, "mode": "compare"})
        for change in routed(*documents)
    ]


@pytest.fixture
def old(house: House, tmp_path: Path) -> Iterator[OldIntegration]:
    """Give the old integration at an ERP of its own, and a firm compared with it."""
    sandbox = start_sandbox(tmp_path / "state", tmp_path / "ports.json")
    atlas = sandbox.servers["atlas"]
    for month in ("2025-03", "2025-04"):
        set_period(atlas, entity="US1", period=month, status="open")
    credentials = atlas.credentials
    connect_books(house, atlas.url, (credentials.client_id, credentials.client_secret))
    house.change(*chart(), *compared("invoice", "journal"))
    yield OldIntegration(atlas)
    assert stop_sandbox(sandbox) == 0


def billed(house: House, *hours: str) -> list[str]:
    """Bill each amount of hours in an invoice of its own; return their numbers."""
    numbers = []
    for position, one in enumerate(hours):
        house.approve(id=f"t{position}", seconds=int(Decimal(one) * HOUR))
        numbers.append(house.bill().number)
    return numbers


def of_kind(report: ShadowReport, kind: DocumentKind) -> list[Listed]:
    return [one for one in report.listed if one.compared.home.kind is kind]


def sales(report: ShadowReport) -> list[Listed]:
    return of_kind(report, DocumentKind.INVOICE)


def told(listed: list[Listed], old: OldIntegration) -> Told:
    names = {external_id: name for name, external_id in old.booked.items()}
    return sorted(
        (
            one.compared.result.value,
            tuple(document.external_id for document in one.compared.ours),
            tuple(names[document.external_id] for document in one.compared.theirs),
        )
        for one in listed
    )


def attempts(house: House) -> int:
    with house.database.tenant(house.tenant) as session:
        return session.value(_ATTEMPTS, int) or 0


def forbidden(connection_no: int) -> TargetPort:
    raise AssertionError(f"connection {connection_no} was asked for its targets")


def run_posting(house: House) -> None:
    flow.plan_postings(house.database, house.tenant)
    flow.post_due(house.database, house.tenant, forbidden)


def test_each_error_of_the_old_integration_is_named_and_nothing_is_sent(
    house: House, old: OldIntegration
) -> None:
    right, lost, twice, wrong, late, one, two = billed(
        house, "1", "2", "3", "4", "5", "1.5", "1.75"
    )
    old.sale("right", "200.00")
    old.sale("first", "600.00")
    old.sale("second", "600.00")
    old.sale("wrong", "790.00")
    old.sale("late", "1000.00", date="2025-03-30")
    old.sale("summary", "650.00")
    old.sale("elsewhere", "55.00")
    before = old.count()

    run_posting(house)
    report = shadowed(house)
    run_posting(house)

    assert told(sales(report), old) == sorted(
        [
            ("agrees", (right,), ("right",)),
            ("agrees", (twice,), ("first",)),
            ("differs", (wrong,), ("wrong",)),
            ("differs", (late,), ("late",)),
            ("only_ours", (lost,), ()),
            ("only_theirs", (), ("second",)),
            ("only_theirs", (), ("elsewhere",)),
            ("regrouped", (one, two), ("summary",)),
        ]
    )
    said = {
        document.external_id: one.compared
        for one in sales(report)
        for document in one.compared.theirs
    }
    assert [b.name for b in said[old.booked["wrong"]].breaks] == [
        "total",
        "account 1200",
        "account 4000",
    ]
    (moved,) = said[old.booked["late"]].breaks
    assert (moved.name, moved.ours, moved.theirs) == (
        "date",
        "2025-03-31",
        "2025-03-30",
    )
    assert said[old.booked["second"]].second_of == old.booked["first"]
    assert said[old.booked["elsewhere"]].second_of is None
    assert [
        (one.place.kind, one.ours_count, one.theirs_count, one.difference)
        for one in report.kinds
        if one.place.kind is DocumentKind.INVOICE
    ] == [(DocumentKind.INVOICE, 7, 7, Decimal("245.00"))]
    assert intents(house) == {}
    assert attempts(house) == 0
    assert old.count() == before


def test_journals_summed_by_day_have_the_same_sums(
    house: House, old: OldIntegration
) -> None:
    billed(house, "7")
    old.book(
        "day",
        ("5000", "700.00", "0"),
        ("5900", "0", "700.00"),
        ("1400", "1400.00", "0"),
        ("4100", "0", "1400.00"),
        kind="journal",
        date="2025-03-05",
    )
    old.book(
        "reversal",
        ("4100", "1400.00", "0"),
        ("1400", "0", "1400.00"),
        kind="journal",
    )

    report = shadowed(house)

    journals = [one.compared for one in of_kind(report, DocumentKind.JOURNAL)]
    assert [(one.result.value, len(one.ours)) for one in journals] == [
        ("regrouped", 2),
        ("agrees", 1),
    ]


@pytest.mark.usefixtures("old")
def test_a_corrected_hour_is_compared_with_its_mirror_and_what_replaces_it(
    house: House,
) -> None:
    house.approve(seconds=HOUR)
    flow.plan_postings(house.database, house.tenant)
    house.approve(revision=2, seconds=2 * HOUR)

    report = shadowed(house)

    ours = [
        sum(line.debit for line in document.lines)
        for one in of_kind(report, DocumentKind.JOURNAL)
        for document in one.compared.ours
    ]
    # Cost and accrual of an hour; then each taken back, with that of two hours.
    assert sorted(ours) == [100, 200, 100 + 200, 200 + 400]


def test_a_difference_that_a_person_explains_is_settled_and_audited(
    house: House, old: OldIntegration
) -> None:
    billed(house, "2.25")
    old.sale("wrong", "440.00")
    report = shadowed(house)
    (found,) = sales(report)
    assert found.difference is not None

    flow.explain_difference(
        house.database,
        house.tenant,
        Asked(at=AT),
        found.difference,
        actor="kim",
        reason="rounded by hand",
    )

    (again,) = sales(shadowed(house))
    assert again.explanation is not None
    assert (again.explanation.actor, again.explanation.reason) == (
        "kim",
        "rounded by hand",
    )
    assert not again.is_open
    with pytest.raises(flow.NotKnown, match="unexplained difference"):
        flow.explain_difference(
            house.database,
            house.tenant,
            Asked(at=AT),
            found.difference,
            actor="kim",
            reason="again",
        )
    with house.database.tenant(house.tenant) as session:
        record = read_chain(session)[-1]
    assert (record.action, record.actor, record.reason) == (
        "shadow.explained",
        "kim",
        "rounded by hand",
    )


def test_corrected_master_data_shows_in_the_next_report(
    house: House, old: OldIntegration
) -> None:
    billed(house, "9")
    old.sale("same", "1800.00")
    wrong = MasterChange("ledger_account", "US1-revenue", fields={"number": "4100"})
    right = MasterChange("ledger_account", "US1-revenue", fields={"number": "4000"})
    house.change(wrong)

    before = told(sales(shadowed(house)), old)
    house.change(right)
    after = told(sales(shadowed(house)), old)

    assert [result for result, *_ in before] == ["differs"]
    assert [result for result, *_ in after] == ["agrees"]


def test_books_that_cannot_be_read_are_compared_as_read_last(
    house: House, old: OldIntegration
) -> None:
    billed(house, "11")
    old.sale("same", "2200.00")
    first = shadowed(house)
    old.sale("later", "2200.00")
    set_fault(old.atlas, "list_booked", "error_500_before", every_nth=1)

    report = shadowed(house, at=AT.replace(hour=9))
    codes = house.codes()
    clear_faults(old.atlas)
    healed = shadowed(house, at=AT.replace(hour=10))

    assert [result for result, *_ in told(sales(report), old)] == ["agrees"]
    assert not report.complete
    assert {seen.read_at for seen in report.books} == {AT}
    assert report.books[0].problem is not None
    assert report.books[0].problem.sentence == (
        "The booked invoices of books could not be read: status 500."
    )
    assert codes == ["source_unreachable", "source_unreachable"]
    assert house.codes() == []
    assert first.complete
    assert healed.complete
    assert told(sales(healed), old)[1] == ("only_theirs", (), ("later",))


def test_books_never_read_are_said_to_be_so_and_nothing_is_lost(
    house: House, old: OldIntegration
) -> None:
    billed(house, "1")
    set_fault(old.atlas, "list_booked", "error_500_before", every_nth=1)

    report = shadowed(house)
    (stored,) = flow.stored_reports(house.database, house.tenant, Asked(at=AT))

    assert report.listed == ()
    assert [(seen.kind.name, seen.ours, seen.read_at) for seen in stored.books] == [
        ("INVOICE", 1, None),
        ("JOURNAL", 3, None),
    ]
    assert (report.complete, stored.ready) == (False, False)


def test_parties_are_compared_by_our_names_where_a_cross_reference_knows_them(
    house: House, old: OldIntegration
) -> None:
    (number,) = billed(house, "1")
    with house.database.tenant(house.tenant) as session:
        (books,) = [one for one in connections(session) if one.name == "books"]
        flow.plan_postings(house.database, house.tenant)
    flow.change_master(
        house.database,
        house.tenant,
        [MasterChange("customer", "C-77", canonical_id="ADATUM")],
        connection_no=books.connection_no,
    )
    read = proof.ReadBooks(
        connection_no=books.connection_no,
        kind=DocumentKind.INVOICE,
        since=date(2025, 1, 1),
        until=date(2026, 1, 1),
        read_at=AT,
        documents=[
            booked("B1", party="C-77", number=number),
            booked("B2", "70.00", party="nobody knows"),
        ],
    )
    with house.database.tenant(house.tenant) as session:
        proof.keep_reading(session, read)

    (report,) = flow.stored_reports(
        house.database, house.tenant, Asked(at=AT), names=["books"]
    )

    parties = [
        document.party for one in report.listed for document in one.compared.theirs
    ]
    assert parties == ["ADATUM", None]
    assert old.booked == {}


def test_a_connection_without_a_compare_route_is_refused(house: House) -> None:
    with pytest.raises(flow.NotKnown, match="No route compares documents with 'psa'"):
        flow.stored_reports(house.database, house.tenant, Asked(at=AT), names=["psa"])
