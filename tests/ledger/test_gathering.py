"""Each ledger takes every line once, in its own detail, and its mirror if booked."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hourline.infra.database import Database, Session
from hourline.infra.queries import Query
from hourline.kernel.codes import DocumentKind, Effect, IntentState, Role
from hourline.ledger import store
from hourline.ledger.model import Gathering, Grain
from hourline.ledger.service import (
    assemble_journals,
    journal_identity,
    journal_members,
)
from hourline.master.store import set_connection
from hourline.posting.store import insert_intent
from tests.billing.books import ENTITY, insert_line
from tests.ledger.gathering import gathering, scope

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
_TAKEN = Query(
    "taken",
    "How often a ledger has each line of an entity, on journals and as offset.",
    "SELECT l.line_no, l.mirror, l.entity_amount,"
    " (SELECT count(*) FROM hourline.journal_member m WHERE m.line_no = l.line_no"
    "  AND m.connection_no = %(connection_no)s)::integer AS sent,"
    " (SELECT count(*) FROM hourline.journal_offset f WHERE f.connection_no ="
    "  %(connection_no)s AND l.line_no IN (f.line_no, f.mirror_line_no))::integer"
    " AS kept FROM hourline.journal_line l WHERE l.entity_no = %(entity_no)s"
    " ORDER BY l.line_no",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold what a ledger has of a line."""

    line_no: int
    mirror: bool
    entity_amount: int
    sent: int
    kept: int


def accrue(session: Session, number: int, **changes: object) -> None:
    insert_line(session, cause_no=number, **changes)  # type: ignore[arg-type]  # by name


def take_back(session: Session, number: int, **changes: object) -> None:
    sides = {"debit": Role.ACCRUED_REVENUE, "credit": Role.WIP}
    insert_line(session, cause_no=number, mirror=True, **sides, **changes)  # type: ignore[arg-type]  # by name


def heads(session: Session, journals: list[int]) -> list[tuple[str, date, int, int]]:
    found = [store.read_journal(session, number) for number in journals]
    return [
        (one.group_key, one.accounting_date, one.sequence, one.total) for one in found
    ]


def plan(session: Session, made: Gathering, journal_no: int) -> None:
    insert_intent(
        session,
        connection_no=made.connection_no,
        kind=DocumentKind.JOURNAL,
        document_no=journal_no,
        payload="{}",
    )


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


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("line"), st.integers(0, 40), st.integers(1, 500)),
        st.tuples(st.just("mirror"), st.integers(0, 30), st.just(0)),
        st.tuples(st.just("gather"), st.sampled_from(list(Grain)), st.just(0)),
        st.tuples(st.just("confirm"), st.just(0), st.just(0)),
        st.tuples(st.just("cancel"), st.just(0), st.just(0)),
    ),
    min_size=1,
    max_size=30,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_comes_in_whatever_order_a_ledger_has_each_line_once(
    database: Database, tenant: int, steps: list[tuple[str, object, int]]
) -> None:
    with database.tenant(tenant) as session:
        entity_no = 1_000 + len(session.tuples(_ALL_LEDGERS))
        books = Walk(session, entity_no)

        for step, what, amount in steps:
            books.walk(step, what, amount)
        books.walk("confirm", 0, 0)
        books.walk("gather", Grain.DAY, 0)

        taken = books.taken()
        drilled = Counter(
            member.line_no
            for number in books.journals
            for member in journal_members(session, number)
        )
        assert all(one.sent <= 1 and one.sent + one.kept >= 1 for one in taken)
        assert all(one.kept == 0 or not (one.mirror and one.sent) for one in taken)
        assert drilled == Counter({one.line_no: 1 for one in taken if one.sent})
        assert books.net() == books.net_of_books() + books.net_cancelled()


_ALL_LEDGERS = Query(
    "ledgers", "Every connection.", "SELECT connection_no FROM hourline.connection"
)
_PENDING = Query(
    "pending",
    "Let the intents of a ledger that are not at rest be in a state.",
    "UPDATE hourline.posting_intent SET state = %(state)s"
    " WHERE connection_no = %(connection_no)s AND state = %(ready)s",
)


class Walk:
    """Walk through lines, mirrors, gatherings and verdicts of one ledger."""

    def __init__(self, session: Session, entity_no: int) -> None:
        self.session = session
        self.entity_no = entity_no
        self.lines: dict[int, int] = {}
        self.mirrored: set[int] = set()
        self.journals: list[int] = []
        self.connection_no = set_connection(
            session, name=f"ledger {entity_no}", connector="sandbox_atlas"
        )

    def walk(self, step: str, what: object, amount: int) -> None:
        match step, what:
            case "line", int(days):
                number = 1_000 * self.entity_no + len(self.lines)
                self.lines[number] = amount
                day = MARCH_3 + timedelta(days=days)
                accrue(
                    self.session,
                    number,
                    amount=amount,
                    day=day,
                    entity_no=self.entity_no,
                )
            case "mirror", int(which):
                self._mirror(which)
            case "gather", Grain() as grain:
                self._gather(grain)
            case "confirm", _:
                self._settle(IntentState.CONFIRMED)
            case _:
                self._settle(IntentState.CANCELLED)

    def _mirror(self, which: int) -> None:
        number = 1_000 * self.entity_no + which
        if number in self.lines and number not in self.mirrored:
            self.mirrored.add(number)
            take_back(
                self.session,
                number,
                amount=self.lines[number],
                day=date(2025, 5, 1),
                entity_no=self.entity_no,
            )

    def _gather(self, grain: Grain) -> None:
        made = Gathering(
            connection_no=self.connection_no,
            grain=grain,
            scope=scope(entity_no=self.entity_no),
        )
        for journal_no in assemble_journals(self.session, [made]):
            self.journals.append(journal_no)
            plan(self.session, made, journal_no)

    def _settle(self, state: IntentState) -> None:
        self.session.run(
            _PENDING,
            connection_no=self.connection_no,
            state=int(state),
            ready=int(IntentState.READY),
        )

    def taken(self) -> list[Taken]:
        return self.session.all(
            _TAKEN, Taken, connection_no=self.connection_no, entity_no=self.entity_no
        )

    def net(self) -> int:
        """Sum up what journals of the ledger move, cancelled ones included."""
        return sum(
            -one.entity_amount if one.mirror else one.entity_amount
            for one in self.taken()
            if one.sent
        )

    def net_of_books(self) -> int:
        """Sum up what stands in our own books."""
        return sum(
            amount
            for number, amount in self.lines.items()
            if number not in self.mirrored
        )

    def net_cancelled(self) -> int:
        """Sum up what was cancelled with its mirror: on a journal, yet never booked."""
        return sum(
            one.entity_amount
            for one in self.taken()
            if one.sent and one.kept and not one.mirror
        )
