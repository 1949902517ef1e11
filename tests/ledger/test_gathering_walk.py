"""Walk through lines, mirrors, gatherings and verdicts: a ledger has each line once."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hourline.infra.database import Database, Session
from hourline.infra.queries import Query
from hourline.kernel.codes import IntentState
from hourline.ledger.model import Gathering, Grain
from hourline.ledger.service import assemble_journals, journal_members
from hourline.master.store import set_connection
from tests.ledger.gathering import accrue, plan, scope, take_back

pytestmark = pytest.mark.integration
MARCH_3 = date(2025, 3, 3)
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
