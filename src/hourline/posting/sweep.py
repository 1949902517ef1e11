"""Delete drafts that nobody will post at a target, once and again when all is settled.

A draft has no effect on the ledger and only the chosen one is ever posted, so this is
tidiness, not safety: what fails is done again later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hourline.connectors.sdk.documents import Document, decode_document
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Ask, Drafting, Findable, TargetPort
from hourline.infra.database import Database
from hourline.kernel.codes import IntentState
from hourline.posting.model import StoredIntent
from hourline.posting.rules.capability import Timing, policy_of
from hourline.posting.rules.events import Swept
from hourline.posting.rules.machine import advance
from hourline.posting.rules.window import Window, opening
from hourline.posting.store import lock_intent, save, take_sweep

_OK = 200
_ENDED = frozenset({IntentState.CONFIRMED, IntentState.CANCELLED})
_DELETED = frozenset({200, 204, 404})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Sweep the drafts of one connection of one tenant."""

    database: Database
    tenant: int
    connection_no: int
    port: TargetPort
    timing: Timing
    window: Window | None = None

    def run(self) -> None:
        """Sweep what is due, each intent once."""
        while True:
            with self.database.tenant(self.tenant) as session:
                stored = take_sweep(
                    session, self.connection_no, seconds=self.timing.lease_seconds
                )
            if stored is None or self._is_shut(stored.now):
                return
            if self._discard_others(stored):
                self._note(stored)

    def _is_shut(self, at: datetime) -> bool:
        return self.window is not None and opening(self.window, at) > at

    def _discard_others(self, stored: StoredIntent) -> bool:
        """Delete every draft of ours but the posted document, if there is one.

        Return True if none is left.
        """
        target: object = self.port.targets.get(stored.document_kind)
        if not isinstance(target, Findable):
            return False
        document = decode_document(stored.payload)
        told = self._send(target.find(document, stored.key))
        if told is None or told.status != _OK:
            return False
        others = [
            receipt.external_id
            for receipt in target.found(told)
            if receipt.draft and receipt.external_id != stored.external_id
        ]
        gone = [self._discarded(target, document, draft_id) for draft_id in others]
        return all(gone)

    def _discarded(self, target: object, document: Document, draft_id: str) -> bool:
        if not isinstance(target, Drafting):
            return False
        told = self._send(target.discard(document, draft_id))
        return told is not None and told.status in _DELETED

    def _send(self, ask: Ask) -> HttpReply | None:
        deadline = timedelta(seconds=self.timing.call_seconds_max)
        told = self.port.send(self.port.request(ask, deadline=deadline))
        return told if isinstance(told, HttpReply) else None

    def _note(self, swept: StoredIntent) -> None:
        with self.database.tenant(self.tenant) as session:
            stored = lock_intent(session, swept.intent_no)
            target = self.port.targets[stored.document_kind]
            intent = stored.intent()
            if intent.state in _ENDED and intent.settle_until:
                policy = policy_of(target.capability, self.timing)
                # The lookup began before this; a draft that came since is still ours.
                step = advance(intent, Swept(at=swept.now), policy)
                save(session, stored, step)
