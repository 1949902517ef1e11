"""Know the records that a set of changes is about, and write what it adds at once.

A few queries tell of the whole set what eight told of each change. It holds as long as
the master lock: nobody else changes a record meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from hourline.connectors.sdk.changes import MasterChange
from hourline.infra.database import Session
from hourline.master import store
from hourline.master.model import KIND_BY_NAME
from hourline.master.rulebook.tables import RULES_BY_KIND
from hourline.master.store import QUERIES, StoredVersion

_Named = tuple[str, str]


class Records:
    """Find records by their ids and add to them, under the master lock.

    What is added is found at once, and stored by `write`.
    """

    def __init__(
        self,
        session: Session,
        connection_no: int | None,
        changes: Sequence[MasterChange],
    ) -> None:
        """Read what is stored under every id that the changes name."""
        self.connection_no = connection_no
        self._session = session
        named = _named(changes)
        self._numbers = store.numbers_of(session, named)
        self._referred = store.referred_by(session, connection_no, named)
        known = {**self._numbers, **self._referred}
        # What the connection adds is found by its own ids, so these stay as they are.
        self._elsewhere = store.referred_by_one(
            session, [one for one in named if one not in known]
        )
        numbers = {*known.values(), *self._elsewhere.values()}
        self._current = store.current_versions(session, sorted(numbers))
        self._owners: dict[str, Mapping[str, int]] = {}
        self._published: frozenset[str] | None = None
        self._next_no: int | None = None
        self._added: dict[str, list[Mapping[str, Any]]] = {
            "add_identity": [],
            "add_reference": [],
            "add_version": [],
        }

    def find(self, kind: str, canonical_id: str) -> int | None:
        """Return the record of a canonical id, or the one it was merged into."""
        return self._numbers.get((kind, canonical_id))

    def find_reference(self, kind: str, source_id: str) -> int | None:
        """Return the record that an id means when the connection writes it.

        The connection's own ids come first, then canonical ids, then an id that only
        one record has in any other system.
        """
        for known in (self._referred, self._numbers, self._elsewhere):
            number = known.get((kind, source_id))
            if number is not None:
                return number
        return None

    def current_version(self, master_no: int) -> StoredVersion | None:
        """Return what was recorded last of a record."""
        return self._current.get(master_no)

    def owners(self, kind: str) -> Mapping[str, int]:
        """Return the connection that may write each field of a kind."""
        if kind not in self._owners:
            rows = self._session.tuples(QUERIES["field_owners"], kind=kind)
            self._owners[kind] = dict(rows)
        return self._owners[kind]

    def begin(self, kind: str, canonical_id: str) -> int:
        """Begin a record and return its number."""
        if self._next_no is None:
            self._next_no = self._session.value(QUERIES["next_master_no"], int) or 1
        master_no = self._next_no
        self._next_no += 1
        self._numbers[kind, canonical_id] = master_no
        self._added["add_identity"].append(
            {"master_no": master_no, "kind": kind, "id": canonical_id}
        )
        return master_no

    def refer(self, kind: str, source_id: str, master_no: int) -> bool:
        """Let an id of the connection mean a record; False where it does already."""
        known = self._referred.get((kind, source_id))
        if self.connection_no is None or known == master_no:
            return False
        self._referred[kind, source_id] = master_no
        self._added["add_reference"].append(
            {
                "connection_no": self.connection_no,
                "kind": kind,
                "source_id": source_id,
                "master_no": master_no,
            }
        )
        return True

    def says(self, master_no: int | None, version: StoredVersion) -> bool:
        """Tell whether a record says so already; no record says nothing."""
        if master_no is None or self.current_version(master_no) is None:
            return False
        # The database compares contents and spans, so it must know all of them.
        self.write()
        return store.says_so_already(self._session, master_no, version)

    def record(self, master_no: int, version: StoredVersion) -> None:
        """Record what a record says, which it does not say yet."""
        self._current[master_no] = version
        self._added["add_version"].append(
            {
                "master_no": master_no,
                "effective_from": version.effective_from,
                "effective_until": version.effective_until,
                "connection_no": self.connection_no,
                "content": Jsonb(version.content),
                "withdrawn": version.withdrawn,
            }
        )

    def of_rulebook(self, kind: str) -> str | None:
        """Return the table of rules that a rulebook published of a kind, if one did."""
        if self._published is None:
            self._published = store.published_tables(self._session)
        table = RULES_BY_KIND.get(kind)
        return table if table in self._published else None

    def write(self) -> None:
        """Store what was added since the last time: records before what names them."""
        for query, rows in self._added.items():
            if rows:
                self._session.run_many(QUERIES[query], rows)
                rows.clear()


def _named(changes: Sequence[MasterChange]) -> list[_Named]:
    """Return every kind and id that changes name, each once."""
    found: dict[_Named, None] = {}
    for change in changes:
        found[change.kind, change.source_id] = None
        if change.canonical_id is not None:
            found[change.kind, change.canonical_id] = None
        for name, kind in KIND_BY_NAME[change.kind].references.items():
            if change.fields.get(name) is not None:
                found[kind, str(change.fields[name])] = None
    return list(found)
