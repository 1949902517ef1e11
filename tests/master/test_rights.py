"""What gives somebody more rights is told from what takes some away."""

from datetime import date, timedelta

import pytest

from hourline.master.model import Right, UserRight
from hourline.master.rules.rights import gained, is_held
from hourline.master.snapshot.catalogue import Catalogue
from tests.builders import firm

TODAY = date(2025, 5, 10)
TOMORROW = TODAY + timedelta(days=1)
YEAR_END = date(2026, 1, 1)
EVER = (date.min, date.max)
LOCK: Right = "override_entry_lock"


def right(
    user: str = "Carla", *, right: Right = LOCK, entity: str | None = "US1"
) -> UserRight:
    return UserRight(user=user, right=right, entity=entity)


def rights(*held: tuple[UserRight, tuple[date, date]]) -> Catalogue:
    """Lay out rights as records of their own, each from a day until another."""
    built = firm()
    for number, (record, (since, until)) in enumerate(held):
        name = f"right-{number}"
        built.add(name, record, effective_from=since, effective_until=until)
    return built.snapshot().catalogue


def told(before: Catalogue, after: Catalogue) -> list[str]:
    return [one.sentence for one in gained(before, after, today=TODAY)]


HELD = rights((right(), EVER))


def test_a_right_that_nobody_had_is_told_with_who_and_where() -> None:
    none = rights()

    assert told(none, HELD) == [
        "Carla would have the right override_entry_lock for US1"
    ]
    assert told(none, rights((right(entity=None), EVER))) == [
        "Carla would have the right override_entry_lock for every entity"
    ]
    assert gained(none, HELD, today=TODAY)[0].subject == {
        "user": "Carla",
        "right": "override_entry_lock",
        "entity": "US1",
        "since": "2025-05-10",
        "until": "9999-12-31",
    }


@pytest.mark.parametrize(
    "more",
    [
        right("Dora"),
        right(entity="DE1"),
        right(entity=None),
        right(right="accept_late_work"),
    ],
)
def test_another_user_entity_or_right_is_more(more: UserRight) -> None:
    assert len(told(HELD, rights((more, EVER)))) == 1


def test_less_is_free_and_so_is_the_same_again_by_another_record() -> None:
    everywhere = rights((right(entity=None), EVER))

    assert told(HELD, rights()) == []
    assert told(HELD, rights((right(), (TODAY, YEAR_END)))) == []
    assert told(HELD, rights((right(), EVER), (right("CARLA"), EVER))) == []
    assert told(everywhere, HELD) == []


def test_days_that_are_over_give_nobody_anything() -> None:
    over = rights((right(), (date.min, TODAY)))
    one_day = rights((right(), (date.min, TOMORROW)))

    assert told(rights(), over) == []
    assert len(told(rights(), one_day)) == 1
    assert len(told(over, HELD)) == 1
    # From today on nothing is added, only days before.
    assert told(rights((right(), (TODAY, date.max))), HELD) == []


def test_a_right_that_ends_is_not_made_longer_nor_a_gap_filled() -> None:
    ends = rights((right(), (date.min, YEAR_END)))
    with_gap = rights((right(), (date.min, TOMORROW)), (right(), (YEAR_END, date.max)))
    without = rights((right(), (YEAR_END, date.max)), (right(), (TODAY, YEAR_END)))

    assert len(told(ends, HELD)) == 1
    assert len(told(with_gap, HELD)) == 1
    assert told(without, HELD) == []


def test_a_right_that_was_refused_is_held_once_all_of_its_days_are() -> None:
    [refused] = gained(rights(), HELD, today=TODAY)
    [everywhere] = gained(rights(), rights((right(entity=None), EVER)), today=TODAY)

    def holds(
        subject: dict[str, str], *held: tuple[UserRight, tuple[date, date]]
    ) -> bool:
        return is_held(rights(*held), subject, today=TODAY)

    assert holds(refused.subject, (right(), EVER))
    assert holds(refused.subject, (right(entity=None), EVER))
    assert not holds(refused.subject, (right(), (date.min, YEAR_END)))
    assert not holds(everywhere.subject, (right(), EVER))
