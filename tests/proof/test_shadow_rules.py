"""What would be posted is brought together with what is there, each at most once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hourline.kernel.booked import BookedDocument, BookedLine
from hourline.kernel.codes import DocumentKind
from hourline.proof.model import Compared, FieldBreak, Result, Tolerance
from hourline.proof.rules.compare_books import compare_books
from hourline.proof.rules.name_difference import name_difference
from hourline.proof.rules.readiness import readiness
from hourline.proof.rules.total_up import total_accounts, total_kinds
from tests.proof.booked import ON, booked

NEAR = Tolerance(days=5, percent=10)
Told = list[tuple[str, tuple[str, ...], tuple[str, ...]]]


def told(compared: tuple[Compared, ...]) -> Told:
    return [
        (
            one.result.value,
            tuple(document.external_id for document in one.ours),
            tuple(document.external_id for document in one.theirs),
        )
        for one in compared
    ]


def only(*, ours: list[BookedDocument], theirs: list[BookedDocument]) -> Compared:
    (compared,) = compare_books(ours, theirs, NEAR)
    return compared


def test_the_same_content_agrees_under_any_name() -> None:
    compared = compare_books([booked("A")], [booked("B")], NEAR)

    assert told(compared) == [("agrees", ("A",), ("B",))]


def test_a_reference_is_believed_before_any_content() -> None:
    ours = booked("A", references=("KEY",))
    named = booked("B", "150.00", references=("KEY",))

    compared = only(ours=[ours], theirs=[named])

    assert compared.result is Result.DIFFERS
    assert compared.breaks == (
        FieldBreak("total", "200.00", "150.00"),
        FieldBreak("account 1200", "debit 200.00", "debit 150.00"),
        FieldBreak("account 4000", "credit 200.00", "credit 150.00"),
    )


def test_of_two_that_bear_a_reference_the_more_alike_is_ours() -> None:
    ours = booked("A", references=("KEY",))
    wrong = booked("B1", "150.00", references=("KEY",))
    right = booked("B2", references=("KEY",))

    compared = compare_books([ours], [wrong, right], NEAR)

    assert told(compared) == [
        ("agrees", ("A",), ("B2",)),
        ("only_theirs", (), ("B1",)),
    ]
    assert compared[1].second_of == "B2"


def test_a_reference_that_two_of_ours_bear_says_nothing() -> None:
    ours = [booked("A1", references=("K",)), booked("A2", "900.00", references=("K",))]

    compared = compare_books(ours, [booked("B", references=("K",))], NEAR)

    assert told(compared) == [
        ("agrees", ("A1",), ("B",)),
        ("only_ours", ("A2",), ()),
    ]


def test_a_number_in_the_system_counts_as_a_reference() -> None:
    ours = booked("A", number="US1-000001")
    theirs = booked("B", "150.00", number="US1-000001", booked_on=date(2025, 1, 1))

    assert only(ours=[ours], theirs=[theirs]).result is Result.DIFFERS


def test_accounts_decide_between_documents_of_one_total() -> None:
    ours = [booked("A1"), booked("A2", accounts=("1200", "4100"))]
    theirs = [booked("B1", accounts=("1200", "4100")), booked("B2")]

    assert told(compare_books(ours, theirs, NEAR)) == [
        ("agrees", ("A1",), ("B2",)),
        ("agrees", ("A2",), ("B1",)),
    ]


def test_another_account_is_a_difference_of_both_accounts() -> None:
    compared = only(ours=[booked("A")], theirs=[booked("B", accounts=("1200", "4100"))])

    assert compared.breaks == (
        FieldBreak("account 4000", "credit 200.00", "nothing"),
        FieldBreak("account 4100", "nothing", "credit 200.00"),
    )


def test_another_party_is_never_the_same_booking() -> None:
    compared = compare_books([booked("A")], [booked("B", party="OTHER")], NEAR)

    assert [one.result.value for one in compared] == ["only_ours", "only_theirs"]


def test_a_named_party_differs_where_a_reference_holds_both_together() -> None:
    ours, theirs = booked("A", references=("K",)), booked("B", references=("K",))

    compared = only(ours=[ours], theirs=[replace(theirs, party="OTHER")])

    assert compared.breaks == (FieldBreak("party", "ADATUM", "OTHER"),)


def test_what_a_system_does_not_keep_is_no_difference() -> None:
    ours = booked("A", net="180.00", tax="20.00", dimensions={"service_line": "tax"})
    theirs = replace(booked("B", party=None), lines=())

    assert only(ours=[ours], theirs=[theirs]).result is Result.AGREES


def test_net_tax_quantity_and_dimensions_differ_where_both_keep_them() -> None:
    ours = booked(
        "A", net="180", tax="20", quantity="1.50", dimensions={"cost_centre": "7"}
    )
    theirs = booked(
        "B", net="190", tax="10", quantity="1.25", dimensions={"cost_centre": "8"}
    )

    assert only(ours=[ours], theirs=[theirs]).breaks == (
        FieldBreak("net", "180.00", "190.00"),
        FieldBreak("tax", "20.00", "10.00"),
        FieldBreak("quantity", "1.5", "1.25"),
        FieldBreak("account 4000 (cost_centre 7)", "credit 200.00", "nothing"),
        FieldBreak("account 4000 (cost_centre 8)", "nothing", "credit 200.00"),
    )


def test_lines_that_were_summed_or_say_nothing_are_no_difference() -> None:
    half = BookedLine(account="4000", credit=Decimal(100))
    zero = BookedLine(account="9999")
    theirs = booked("B")
    theirs = replace(theirs, lines=(theirs.lines[0], half, half))

    agreed = only(ours=[booked("A")], theirs=[theirs])
    empty = only(
        ours=[booked("A")],
        theirs=[replace(theirs, lines=(*theirs.lines, zero))],
    )

    assert agreed.result is Result.AGREES
    assert empty.result is Result.AGREES


def test_a_wrong_amount_and_another_date_are_found_within_the_tolerance() -> None:
    ours = [booked("A1", "200.00"), booked("A2", "500.00")]
    theirs = [
        booked("B1", "190.00"),
        booked("B2", "500.00", booked_on=date(2025, 4, 2)),
    ]

    compared = compare_books(ours, theirs, NEAR)

    assert told(compared) == [
        ("differs", ("A1",), ("B1",)),
        ("differs", ("A2",), ("B2",)),
    ]
    assert compared[0].breaks[0] == FieldBreak("total", "200.00", "190.00")
    assert compared[1].breaks == (FieldBreak("date", "2025-03-31", "2025-04-02"),)


@pytest.mark.parametrize(
    "theirs",
    [booked("B", "179.99"), booked("B", booked_on=date(2025, 4, 6))],
)
def test_beyond_the_tolerance_both_stand_alone(theirs: BookedDocument) -> None:
    compared = compare_books([booked("A")], [theirs], NEAR)

    assert {one.result for one in compared} == {Result.ONLY_OURS, Result.ONLY_THEIRS}


def test_the_nearest_takes_its_partner_first() -> None:
    ours = [booked("A1", "200.00"), booked("A2", "201.00")]
    theirs = [booked("B1", "202.00"), booked("B2", "199.50")]

    assert told(compare_books(ours, theirs, NEAR)) == [
        ("differs", ("A1",), ("B2",)),
        ("differs", ("A2",), ("B1",)),
    ]


def test_several_of_ours_that_sum_to_one_of_theirs_are_regrouped() -> None:
    ours = [booked("A1", "200.00"), booked("A2", "300.00"), booked("A3", "70.00")]

    assert told(compare_books(ours, [booked("B", "500.00")], NEAR)) == [
        ("only_ours", ("A3",), ()),
        ("regrouped", ("A1", "A2"), ("B",)),
    ]


def test_one_of_ours_that_is_several_of_theirs_is_regrouped() -> None:
    theirs = [booked("B1", "200.00"), booked("B2", "300.00")]

    assert told(compare_books([booked("A", "500.00")], theirs, NEAR)) == [
        ("regrouped", ("A",), ("B1", "B2"))
    ]


def test_a_sum_that_two_choices_give_is_left_to_the_totals() -> None:
    ours = [booked(f"A{n}", "100.00") for n in range(3)]
    theirs = [booked("B", "200.00")]

    compared = compare_books(ours, theirs, NEAR)
    totals = total_kinds(ours, theirs)

    assert {one.result for one in compared} == {Result.ONLY_OURS, Result.ONLY_THEIRS}
    assert [(one.ours, one.theirs, one.difference) for one in totals] == [
        (Decimal("300.00"), Decimal("200.00"), Decimal("-100.00"))
    ]


def test_a_sum_on_other_accounts_is_not_regrouped() -> None:
    ours = [booked("A1", "200.00"), booked("A2", "300.00")]

    compared = compare_books(
        ours, [booked("B", "500.00", accounts=("1200", "4100"))], NEAR
    )

    assert Result.REGROUPED not in {one.result for one in compared}


def test_of_many_parts_only_all_together_are_tried() -> None:
    ours = [booked(f"A{n:02}", f"{n + 1}.00") for n in range(12)]

    everything = compare_books(ours, [booked("B", "78.00")], NEAR)
    some = compare_books(ours, [booked("B", "77.00")], NEAR)

    assert [one.result for one in everything] == [Result.REGROUPED]
    assert len(everything[0].ours) == 12
    assert Result.REGROUPED not in {one.result for one in some}


def test_a_second_booking_without_a_reference_is_named_by_its_content() -> None:
    compared = compare_books([booked("A")], [booked("B1"), booked("B2")], NEAR)

    assert told(compared) == [
        ("agrees", ("A",), ("B1",)),
        ("only_theirs", (), ("B2",)),
    ]
    assert compared[1].second_of == "B1"


def test_a_difference_has_a_name_that_changes_with_it() -> None:
    first = only(ours=[booked("A")], theirs=[booked("B", "190.00")])
    again = only(ours=[booked("A")], theirs=[booked("B", "190.0")])
    later = only(ours=[booked("A")], theirs=[booked("B", "191.00")])

    assert name_difference(first) == name_difference(again)
    assert name_difference(first) != name_difference(later)
    assert len(name_difference(first)) == 12


def test_sums_by_account_see_through_other_documents() -> None:
    ours = [booked("A1", "200.00"), booked("A2", "300.00")]
    theirs = [booked("B", "500.00", accounts=("1200", "4100"))]

    totals = total_accounts(ours, theirs)

    assert [(one.place.account, one.difference) for one in totals] == [
        ("1200", Decimal("0.00")),
        ("4000", Decimal("500.00")),
        ("4100", Decimal("-500.00")),
    ]


def test_it_is_ready_once_every_recent_difference_is_explained() -> None:
    compared = compare_books(
        [booked("A1"), booked("A2", "900.00", booked_on=date(2025, 1, 5))],
        [booked("B1", "190.00")],
        NEAR,
    )
    recent = name_difference(compared[1])

    before = readiness(compared, frozenset(), as_of=date(2025, 4, 1), days=30)
    after = readiness(compared, {recent}, as_of=date(2025, 4, 1), days=30)
    later = readiness(compared, {recent}, as_of=date(2025, 9, 1), days=30)

    assert (before.documents, before.agreeing, before.unexplained) == (2, 0, 2)
    assert (before.oldest_unexplained, before.ready) == (date(2025, 1, 5), False)
    assert (after.unexplained, after.recent, after.ready) == (1, 1, True)
    assert (later.recent, later.ready) == (0, False)


AMOUNTS = st.sampled_from(["100.00", "200.00", "205.00", "300.00"])
DAYS = st.sampled_from([date(2025, 3, 28), date(2025, 3, 31), date(2025, 4, 1)])


def books(side: str) -> st.SearchStrategy[list[BookedDocument]]:
    return st.lists(
        st.tuples(
            AMOUNTS,
            DAYS,
            st.sampled_from([None, "ADATUM", "OTHER"]),
            st.sampled_from([(), ("K1",), ("K2",)]),
            st.sampled_from([DocumentKind.INVOICE, DocumentKind.JOURNAL]),
        ),
        max_size=7,
    ).map(
        lambda rows: [
            booked(
                f"{side}{number}",
                amount,
                booked_on=day,
                party=party,
                references=references,
                kind=kind,
            )
            for number, (amount, day, party, references, kind) in enumerate(rows)
        ]
    )


@given(books("A"), books("B"), st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(
    ours: list[BookedDocument], theirs: list[BookedDocument], chance: object
) -> None:
    first = compare_books(ours, theirs, NEAR)
    shuffled_ours, shuffled_theirs = list(ours), list(theirs)
    chance.shuffle(shuffled_ours)  # type: ignore[attr-defined]  # a random.Random
    chance.shuffle(shuffled_theirs)  # type: ignore[attr-defined]  # as above

    assert compare_books(shuffled_ours, shuffled_theirs, NEAR) == first


@given(books("A"), books("B"))
def test_each_document_is_in_exactly_one_booking(
    ours: list[BookedDocument], theirs: list[BookedDocument]
) -> None:
    compared = compare_books(ours, theirs, NEAR)

    found_ours = sorted(d.external_id for one in compared for d in one.ours)
    found_theirs = sorted(d.external_id for one in compared for d in one.theirs)
    assert found_ours == sorted(document.external_id for document in ours)
    assert found_theirs == sorted(document.external_id for document in theirs)


@given(books("A"))
def test_books_agree_with_a_copy_of_themselves(ours: list[BookedDocument]) -> None:
    copies = [replace(one, external_id=f"copy-{one.external_id}") for one in ours]

    compared = compare_books(ours, copies, NEAR)

    totals = total_accounts(ours, copies)
    assert all(one.difference == 0 for one in totals)
    assert all(one.agrees for one in compared)


def test_the_date_of_ours_is_the_date_of_a_booking() -> None:
    compared = only(
        ours=[booked("A")], theirs=[booked("B", booked_on=date(2025, 4, 1))]
    )

    assert compared.home.booked_on == ON
