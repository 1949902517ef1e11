"""Each ledger takes every line once, in its own detail, and its mirror if booked."""

from datetime import date

import pytest

from hourline.infra.database import Database, Session
from hourline.infra.queries import Query
from hourline.kernel.codes import Effect, IntentState
from hourline.ledger import store
from hourline.ledger.model import Grain
from hourline.ledger.service import (
    assemble_journals,
    journal_identity,
    journal_members,
)
from tests.billing.books import ENTITY
from tests.ledger.gathering import accrue, gathering, plan, scope, take_back

pytestmark = pytest.mark.integration
MARCH_3, MARCH_4 = date(2025, 3, 3), date(2025, 3, 4)
_SETTLE = Query(
    "settle",
    "Let every intent be in a state.",
    "UPDATE hourline.posting_intent SET state = %(state)s",
)
_OFFSETS = Query(
    "offsets",
    "What is sent to no ledger: line, mirror and the cancelled journal.",
    "SELECT line_no, mirror_line_no, cancelled_journal_no FROM hourline.journal_offset"
    " WHERE connection_no = %(connection_no)s ORDER BY line_no",
)


def heads(session: Session, journals: list[int]) -> list[tuple[str, date, int, int]]:
    found = [store.read_journal(session, number) for number in journals]
    return [
        (one.group_key, one.accounting_date, one.sequence, one.total) for one in found
    ]


def settle(session: Session, state: IntentState) -> None:
    session.run(_SETTLE, state=int(state))


def test_two_ledgers_take_the_same_lines_each_in_its_own_detail(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        accrue(session, 2, amount=50)
        accrue(session, 3, amount=7, day=MARCH_4)
        daily = gathering(session, ledger="daily")
        monthly = gathering(session, ledger="monthly", grain=Grain.MONTH)
        single = gathering(session, ledger="single", grain=Grain.CAUSE)

        by_day = assemble_journals(session, [daily])
        by_month = assemble_journals(session, [monthly])
        by_cause = assemble_journals(session, [single])

        assert heads(session, by_day) == [
            ("2025-03-03", MARCH_3, 1, 150),
            ("2025-03-04", MARCH_4, 1, 7),
        ]
        assert heads(session, by_month) == [("2025-03", MARCH_4, 1, 157)]
        assert heads(session, by_cause) == [
            ("cause 1 number 1 revision 1", MARCH_3, 1, 100),
            ("cause 1 number 2 revision 1", MARCH_3, 1, 50),
            ("cause 1 number 3 revision 1", MARCH_4, 1, 7),
        ]
        assert assemble_journals(session, [daily, monthly, single]) == []


def test_a_journal_of_one_cause_has_the_lines_of_that_cause_and_effect_alone(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, part=0, amount=100)
        accrue(session, 1, part=1, amount=20)
        accrue(session, 1, cause_revision=2, amount=3)
        accrue(session, 1, effect=Effect.COST, amount=5)
        single = gathering(session, grain=Grain.CAUSE)

        made = assemble_journals(session, [single])

        amounts = [
            sorted(one.entity_amount for one in journal_members(session, number))
            for number in made
        ]
        assert sorted(amounts) == [[3], [5], [20, 100]]


def test_a_changed_detail_loses_and_doubles_no_line(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        assemble_journals(session, [gathering(session)])
        accrue(session, 2, amount=50)
        detailed = assemble_journals(session, [gathering(session, grain=Grain.CAUSE)])
        accrue(session, 3, amount=7)

        monthly = assemble_journals(session, [gathering(session, grain=Grain.MONTH)])

        assert heads(session, detailed) == [
            ("cause 1 number 2 revision 1", MARCH_3, 1, 50)
        ]
        assert heads(session, monthly) == [("2025-03", MARCH_3, 1, 7)]


def test_a_more_specific_route_takes_its_lines_from_the_general_one(
    database: Database, tenant: int
) -> None:
    costs = scope(effect=int(Effect.COST))
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        accrue(session, 1, effect=Effect.COST, amount=60)
        everything = gathering(session, besides=(costs,))
        cost_alone = gathering(session, grain=Grain.CAUSE, covers=costs)

        made = assemble_journals(session, [everything, cost_alone])

        assert heads(session, made) == [
            ("2025-03-03", MARCH_3, 1, 100),
            ("cause 1 number 1 revision 1", MARCH_3, 1, 60),
        ]


def test_nothing_is_sent_of_what_was_taken_back_before_it_was_on_a_journal(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        take_back(session, 1, amount=100, day=date(2025, 4, 1))
        accrue(session, 2, amount=50)
        books = gathering(session)

        made = assemble_journals(session, [books])

        [(_, _, cancelled)] = session.tuples(
            _OFFSETS, connection_no=books.connection_no
        )
        assert heads(session, made) == [("2025-03-03", MARCH_3, 1, 50)]
        assert cancelled is None


def test_a_mirror_waits_until_what_it_takes_back_is_booked(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        books = gathering(session)
        [first] = assemble_journals(session, [books])
        take_back(session, 1, amount=100)

        unplanned = assemble_journals(session, [books])
        plan(session, books, first)
        under_way = assemble_journals(session, [books])
        settle(session, IntentState.REJECTED)
        refused = assemble_journals(session, [books])
        settle(session, IntentState.CONFIRMED)
        booked = assemble_journals(session, [books])

        assert (unplanned, under_way, refused) == ([], [], [])
        assert heads(session, booked) == [("2025-03-03", MARCH_3, 2, 100)]
        assert session.tuples(_OFFSETS, connection_no=books.connection_no) == []


def test_the_mirror_of_what_was_cancelled_is_never_sent(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        books = gathering(session)
        [first] = assemble_journals(session, [books])
        plan(session, books, first)
        settle(session, IntentState.CANCELLED)
        take_back(session, 1, amount=100)

        made = assemble_journals(session, [books])

        [(_, _, cancelled)] = session.tuples(
            _OFFSETS, connection_no=books.connection_no
        )
        assert made == []
        assert cancelled == first


def test_one_ledger_may_have_booked_what_another_never_gets(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        first = gathering(session, ledger="first")
        [booked] = assemble_journals(session, [first])
        plan(session, first, booked)
        settle(session, IntentState.CONFIRMED)
        take_back(session, 1, amount=100)
        second = gathering(session, ledger="second")

        made = assemble_journals(session, [first, second])

        assert heads(session, made) == [("2025-03-03", MARCH_3, 2, 100)]
        assert len(session.tuples(_OFFSETS, connection_no=second.connection_no)) == 1


def test_a_journal_is_known_by_its_cause_or_by_its_group_and_members(
    database: Database, tenant: int
) -> None:
    with database.tenant(tenant) as session:
        accrue(session, 1, amount=100)
        [by_cause] = assemble_journals(
            session, [gathering(session, ledger="single", grain=Grain.CAUSE)]
        )
        [by_day] = assemble_journals(session, [gathering(session)])

        assert journal_identity(session, by_cause) == (
            f"{ENTITY}:ACCRUAL:cause:cause 1 number 1 revision 1:1"
        )
        assert journal_identity(session, by_day).startswith(
            f"{ENTITY}:ACCRUAL:day:2025-03-03:1:"
        )
