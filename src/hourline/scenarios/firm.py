"""Be the firm of one scenario: a tenant of its own, its systems and its master data."""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Database
from hourline.infra.tenants import create_tenant
from hourline.master.service import Refusal
from hourline.master.store import set_connection
from hourline.scenarios.books import Books
from hourline.scenarios.deliveries import SourceSystem
from hourline.scenarios.format.given import Given
from hourline.scenarios.given import MasterRows
from hourline.scenarios.receiving_system import CONNECTOR, ReceivingSystem
from hourline.scenarios.two_persons import agree, granted

_SOURCE, _RECEIVER = "source", "receiver"
_SLUG_LENGTH_MAX = 40
_TOKEN_BYTES = 6
_NOT_A_SLUG = re.compile(r"[^a-z0-9]+")


class MasterRefused(Exception):
    """Say that master data of a scenario does not fit together."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Hold the highest revision of an entry that was delivered, and when."""

    revision: int
    at: datetime


# What is recalled before it was ever delivered is its first revision.
_NEVER_DELIVERED = Delivered(1, datetime(2000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Firm:
    """Hold a tenant, the system its time comes from and the one that gets documents."""

    database: Database
    tenant: int
    source: SourceSystem
    rows: MasterRows
    receiver: ReceivingSystem = field(default_factory=ReceivingSystem)
    _delivered: dict[str, "Delivered"] = field(default_factory=dict)
    _days: list[date] = field(default_factory=list)

    @classmethod
    def founded(cls, database: Database, name: str, given: Given) -> "Firm":
        """Create the tenant of a scenario with its master data.

        Raises MasterRefused where the given rows do not fit together.
        """
        tenant = create_tenant(database, slug=_slug(name), name=name)
        with database.tenant(tenant) as session:
            source_no = set_connection(session, name=_SOURCE, connector=CONNECTOR)
            set_connection(session, name=_RECEIVER, connector=CONNECTOR)
        firm = cls(
            database,
            tenant,
            SourceSystem(database, tenant, source_no),
            MasterRows(receiving_connection=_RECEIVER),
        )
        refused = firm.change_master(firm.rows.of_given(given))
        if refused:
            # A set refused whole says the same of each of its changes.
            sentences = [refusal.problem.sentence for refusal in refused]
            raise MasterRefused(" ".join(dict.fromkeys(sentences)))
        for right in given.rights:
            agree(database, tenant, granted(right), reason="given")
        return firm

    def change_master(self, changes: list[MasterChange]) -> list[Refusal]:
        """Apply changes of master data; what is refused waits as an exception."""
        applied = flow.change_master(
            self.database,
            self.tenant,
            changes,
            connection_no=self.source.connection_no,
            # A scenario shows what becomes of a milestone beyond the price.
            milestones_may_exceed=True,
        )
        return applied.refusals

    def note_delivered(self, entry: str, revision: int, *, at: datetime) -> None:
        """Remember a revision that is delivered."""
        if revision >= self.latest_delivered(entry).revision:
            self._delivered[entry] = Delivered(revision, at)

    def latest_delivered(self, entry: str) -> Delivered:
        """Return the highest revision that was delivered of an entry."""
        return self._delivered.get(entry, _NEVER_DELIVERED)

    def note_days(self, days: Iterable[date]) -> None:
        """Remember days that a step names: they have come by then."""
        self._days.extend(days)

    def post(self) -> None:
        """Let every document that is due reach the receiving system."""
        port = self.receiver.port()
        flow.plan_postings(self.database, self.tenant)
        flow.post_due(self.database, self.tenant, lambda _connection_no: port)

    @contextmanager
    def books(self) -> Iterator[Books]:
        """Open the books as they stand."""
        with self.database.tenant(self.tenant) as session:
            today = max(self._days, default=date.min)
            yield Books(session, flow.snapshot_of(session), today)


def _slug(name: str) -> str:
    readable = _NOT_A_SLUG.sub("-", name.lower()).strip("-")[:_SLUG_LENGTH_MAX]
    return f"scenario-{readable}-{secrets.token_hex(_TOKEN_BYTES)}"
