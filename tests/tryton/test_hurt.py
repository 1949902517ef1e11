"""The campaign's faults fall while documents are booked, and a careless poster fails.

A campaign under which carelessness passed would prove nothing of Hourline.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tryton.naive_poster import MARK, with_journals
from tools.e2e_tryton.hurt import (
    Scene,
    in_peace,
    killing_the_erp,
    killing_the_poster,
    losing_replies,
)
from tools.tryton.books import read_books
from tools.tryton.erp import Erp
from tools.tryton.proxy import Fault, FaultProxy

pytestmark = [pytest.mark.integration, pytest.mark.slow]
JOURNALS = 8


@pytest.fixture
def scene(erp: Erp, tmp_path: Path) -> Iterator[Scene]:
    """Give eight journals of a name of their own, and a way to book them."""
    with closing(FaultProxy(erp.server.port, seed=5)) as proxy:
        poster = with_journals(tmp_path, erp, proxy, JOURNALS)
        yield Scene(poster, erp, proxy, seed=5)


def booked(scene: Scene) -> list[tuple[int, str]]:
    company = scene.erp.firm.companies["MARLOW-UK"].company
    return [
        (move.id, move.description)
        for move in read_books(scene.erp.admin(), company).moves
        if move.description.startswith(MARK)
    ]


def newly_booked(scene: Scene, before: list[tuple[int, str]]) -> Counter[str]:
    return Counter(
        mark for number, mark in booked(scene) if (number, mark) not in before
    )


def test_in_peace_even_a_careless_poster_books_once(scene: Scene) -> None:
    before = booked(scene)

    assert in_peace(scene) == 0

    found = newly_booked(scene, before)
    assert (len(found), found.total()) == (JOURNALS, JOURNALS)


def test_lost_replies_make_a_careless_poster_book_twice(scene: Scene) -> None:
    before = booked(scene)

    hurts = losing_replies(scene)

    found = newly_booked(scene, before)
    assert hurts == len(scene.proxy.bitten) > 0
    assert scene.proxy.counts[Fault.DROPPED] > 0
    assert len(found) == JOURNALS < found.total()


def test_the_poster_is_killed_while_it_posts(scene: Scene) -> None:
    before = booked(scene)

    kills = killing_the_poster(scene, times=3)

    assert kills == 3
    assert len(newly_booked(scene, before)) == JOURNALS


def test_the_erp_is_killed_while_it_is_posted_to(scene: Scene) -> None:
    before = booked(scene)

    kills = killing_the_erp(scene, times=1)

    assert kills == 1
    assert scene.erp.server.is_running()
    assert len(newly_booked(scene, before)) == JOURNALS
