"""An export is carried to the books of a real ERP, whatever breaks meanwhile."""

from functools import partial

import pytest

from tools.e2e_tryton.campaign import Verdict, campaign
from tools.e2e_tryton.hurt import Hurt, losing_replies
from tools.e2e_tryton.work import invent_month

pytestmark = pytest.mark.integration
# Two companies with a few entries each; the whole month is `make e2e-tryton`.
ENTRIES = 10


def carried(hurt: Hurt, *, is_keyed: bool = False) -> Verdict:
    month = invent_month(seed=1, entries=ENTRIES)
    rounds = {"hurt": hurt}
    (verdict,) = campaign(month, seed=1, is_keyed=is_keyed, rounds=rounds)
    return verdict


@pytest.mark.usefixtures("open_erp")
def test_killed_and_with_replies_lost_it_books_every_hour_once() -> None:
    verdict = carried(partial(losing_replies, kills=3))

    assert verdict.findings == ()
    assert verdict.hurts > 3
    assert verdict.documents > 0


@pytest.mark.usefixtures("open_erp")
def test_an_erp_that_keeps_keys_unique_gets_every_hour_once_too() -> None:
    verdict = carried(losing_replies, is_keyed=True)

    assert verdict.findings == ()
    assert verdict.hurts > 0
