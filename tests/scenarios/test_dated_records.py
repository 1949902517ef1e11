"""A newer row ends an equal older one at its own first day, and no other row."""

from datetime import date

from hourline.scenarios.dated_records import DatedRecords

ALWAYS, NEVER = date.min, date.max


def day(month: int) -> date:
    return date(2025, month, 1)


def placed(
    records: DatedRecords[str], row: str, starts: date, ends: date
) -> list[tuple[str, date, date, str]]:
    return [
        (one.record_id, one.starts, one.ends, one.row)
        for one in records.place("key", row, starts=starts, ends=ends)
    ]


def test_rows_that_do_not_overlap_have_records_of_their_own() -> None:
    records: DatedRecords[str] = DatedRecords("rate")

    assert placed(records, "a", day(1), day(7)) == [("rate-1", day(1), day(7), "a")]
    assert placed(records, "b", day(7), NEVER) == [("rate-2", day(7), NEVER, "b")]
    assert [
        one.record_id for one in records.place("other", "c", starts=ALWAYS, ends=NEVER)
    ] == ["rate-3"]


def test_a_newer_row_is_recorded_on_the_record_it_ends() -> None:
    records: DatedRecords[str] = DatedRecords("rate")
    placed(records, "a", day(1), day(7))

    assert placed(records, "b", day(3), NEVER) == [("rate-1", day(3), NEVER, "b")]


def test_a_newer_row_over_several_is_split_where_each_began() -> None:
    records: DatedRecords[str] = DatedRecords("rate")
    placed(records, "a", day(1), day(7))
    placed(records, "b", day(7), NEVER)

    assert placed(records, "c", ALWAYS, NEVER) == [
        ("rate-1", ALWAYS, day(7), "c"),
        ("rate-2", day(7), NEVER, "c"),
    ]


def test_what_holds_later_on_the_same_record_is_recorded_again() -> None:
    records: DatedRecords[str] = DatedRecords("rate")
    placed(records, "a", day(1), day(9))
    placed(records, "b", day(5), day(9))

    assert placed(records, "c", day(3), day(4)) == [
        ("rate-1", day(3), day(4), "c"),
        ("rate-1", day(5), day(9), "b"),
    ]
    assert placed(records, "d", day(4), day(5)) == [("rate-2", day(4), day(5), "d")]


def test_a_row_that_yields_holds_only_where_no_equal_one_does() -> None:
    records: DatedRecords[str] = DatedRecords("tax")
    records.fill("key", "a", starts=day(3), ends=day(5))
    records.fill("key", "b", starts=day(7), ends=day(8))

    pieces = [
        (one.record_id, one.starts, one.ends)
        for one in records.fill("key", "c", starts=day(1), ends=NEVER)
    ]

    assert pieces == [
        ("tax-3", day(1), day(3)),
        ("tax-4", day(5), day(7)),
        ("tax-5", day(8), NEVER),
    ]
    assert records.fill("key", "d", starts=day(1), ends=NEVER) == []
