"""Keep the newest snapshot of each tenant, rebuilt when its master data changed."""

import threading

from hourline.infra.database import Session
from hourline.master.snapshot import Snapshot, build_snapshot
from hourline.master.store import latest_change, load_state

_SNAPSHOTS_MAX = 64


class SnapshotCache:
    """Hold snapshots by tenant; safe to share between threads."""

    def __init__(self) -> None:
        self._snapshots: dict[int, Snapshot] = {}
        self._lock = threading.Lock()

    def current(self, session: Session) -> Snapshot:
        """Return the snapshot of all changes this transaction can see.

        Raises what `build_snapshot` raises where the records contradict each other;
        `flow.change_master` never lets such a change be committed.
        """
        change_no = latest_change(session)
        kept = self._snapshots.get(session.tenant)
        if kept is not None and kept.change_no == change_no:
            return kept
        state = load_state(session, known_at=change_no)
        built = build_snapshot(
            state.versions, state.references, change_no=state.change_no
        )
        self._keep(session.tenant, built)
        return built

    def _keep(self, tenant: int, snapshot: Snapshot) -> None:
        with self._lock:
            self._snapshots.pop(tenant, None)
            while len(self._snapshots) >= _SNAPSHOTS_MAX:
                self._snapshots.pop(next(iter(self._snapshots)))
            self._snapshots[tenant] = snapshot
