"""Find the roles that anything is booked on and that a draft leaves without account."""

from collections.abc import Iterator, Sequence
from datetime import date

from hourline.flow.rulebook.accounts import roles_that_change, service_line_of
from hourline.flow.rulebook.losses import Loss, LossesOn, row_ended
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.codes import Role
from hourline.master.rulebook.differences import RowDifference
from hourline.master.rulebook.model import RuleRow
from hourline.master.rulebook.tables import ACCOUNTS
from hourline.master.snapshot import Snapshot

QUERIES = load_queries(__package__)
_Booked = tuple[int, Role, int | None]


def accounts_lost(
    session: Session,
    differences: Sequence[RowDifference],
    snapshots: tuple[Snapshot, Snapshot],
) -> LossesOn:
    """Return what tells the roles of a day that have an account now and none then."""
    now, after = snapshots
    booked = _booked(session, differences, after)

    def lost(day: date) -> Iterator[Loss]:
        for case in booked:
            entity_no, role, line_no = case
            if now.account(entity_no, role, line_no, on=day) is None:
                continue
            if after.account(entity_no, role, line_no, on=day) is None:
                yield _loss(differences, now, case, day)

    return lost


def _loss(
    differences: Sequence[RowDifference], now: Snapshot, case: _Booked, day: date
) -> Loss:
    entity_no, role, line_no = case
    entity, word, line = now.entity(entity_no).id, role.name.lower(), ""
    if line_no is not None:
        line = now.record("service_line", line_no).id

    def matches(row: RuleRow) -> bool:
        of_role = (row.cell("entity"), row.cell("role")) == (entity, word)
        return of_role and row.cell("service_line") in {"", line}

    return Loss(
        table=ACCOUNTS.name,
        row=row_ended(differences, ACCOUNTS.name, day, matches),
        subject=f"{word} of {entity}" + (f", service line {line}" if line else ""),
        code=None,
    )


def _booked(
    session: Session, differences: Sequence[RowDifference], after: Snapshot
) -> list[_Booked]:
    wanted = roles_that_change(differences, after)
    if not wanted:
        return []
    rows = session.tuples(
        QUERIES["roles_booked"],
        entity_nos=[entity_no for entity_no, _ in wanted],
        roles=[int(role) for _, role in wanted],
    )
    found = {
        (
            entity_no,
            Role(role),
            None if project_no is None else service_line_of(after, project_no),
        )
        for entity_no, role, project_no in rows
    }
    return sorted(found, key=lambda one: (one[0], one[1], one[2] or 0))
