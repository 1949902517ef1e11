"""Prove what makes records the same entry, and what its content is."""

from hourline.intake.model import SourceReading, Statement, TimeRecord, Unreadable
from hourline.intake.reading import read_statements
from hourline.intake.rules.content import content_hash
from hourline.kernel.problems import ProblemCode
from tests.intake.deliveries import WIRE, delivery, record


def read(body: bytes, reading: SourceReading = WIRE) -> Statement:
    return read_statements(delivery(body), reading)[0]


def found(statement: Statement) -> list[tuple[ProblemCode, str]]:
    assert isinstance(statement, Unreadable)
    return [(one.code, one.detail.get("field", "")) for one in statement.problems]


WITHOUT_IDS = SourceReading(
    states_revisions=False,
    status="approved",
    identity=("person", "date", "project", "activity", "seconds"),
)


def test_a_recipe_numbers_what_is_equal() -> None:
    bodies = [record(id=None), record(id=None), record(id=None, person="a|b\\")]

    ids = [one.id for one in read_statements(delivery(*bodies), WITHOUT_IDS)]

    assert ids == [
        "r-7|2026-10-06|p-42|design|27000|1",
        "r-7|2026-10-06|p-42|design|27000|2",
        "a\\|b\\\\|2026-10-06|p-42|design|27000|1",
    ]


def test_a_recipe_of_long_values_is_hashed() -> None:
    statement = read(record(id=None, person="x" * 300), WITHOUT_IDS)

    assert statement.id is not None
    assert statement.id.startswith("sha256:")
    assert len(statement.id) == 71


def test_a_recipe_tells_each_missing_field_once() -> None:
    without = record(id=None, person=None, date=None, activity=None, seconds=None)

    assert found(read(without, WITHOUT_IDS)) == [
        (ProblemCode.FIELD_MISSING, "person"),
        (ProblemCode.FIELD_MISSING, "date"),
        (ProblemCode.FIELD_MISSING, "seconds"),
    ]


def test_a_withdrawal_needs_the_fields_of_the_recipe() -> None:
    reading = SourceReading(states_revisions=False, identity=("person", "date"))

    assert found(read(b'{"status": "recalled", "person": "r-7"}', reading)) == [
        (ProblemCode.FIELD_MISSING, "date")
    ]


def test_note_and_times_are_not_content_and_everything_else_is() -> None:
    hashes = set()
    for changes in (
        {},
        {"note": "changed", "updated_at": "2026-10-09T09:00:00Z"},
        {"person": "r-8"},
        {"project": "p-43"},
        {"activity": None},
        {"hour_type": "overtime"},
        {"role": "senior"},
        {"date": "2026-10-07"},
        {"seconds": 27_001},
        {"billable_seconds": 0},
        {"billable_seconds": None},
    ):
        statement = read(record(**changes))
        assert isinstance(statement, TimeRecord)
        hashes.add(content_hash(statement))

    assert len(hashes) == 10
