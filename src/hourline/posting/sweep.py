"""Delete drafts that lost calls have left at a target, once and again when settled.

A draft has no effect on the ledger and only the chosen one is ever posted, so this is
tidiness, not safety: what fails is done again later.
"""

from dataclasses import dataclass
from datetime import timedelta

from hourline.connectors.sdk.documents import decode_document
from hourline.connectors.sdk.http import HttpReply
from hourline.connectors.sdk.target import Drafting, Findable, TargetPort
from hourline.infra.database import Database
from hourline.kernel.codes import IntentState
from hourline.posting.model import StoredIntent
from hourline.posting.rules.capability import Timing, policy_of
from hourline.posting.rules.events import Swept
from hourline.posting.rules.machine import advance
from hourline.posting.store import lock_intent, save, take_sweep

_OK = 200
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Sweep the drafts of one connection of one tenant."""

    database: Database
    tenant: int
    connection_no: int
    port: TargetPort
    timing: Timing

    def run(self) -> None:
        """Sweep what is due, each intent once."""
        while True:
            with self.database.tenant(self.tenant) as session:
                stored = take_sweep(
                    session, self.connection_no, seconds=self.timing.lease_seconds
                )
            if stored is None:
                return
            if self._discard_others(stored):
                self._note(stored)

    def _discard_others(self, stored: StoredIntent) -> bool:
        """Delete every draft of ours but the posted document; True if none is left."""
        target = self.port.targets.get(stored.document_kind)
        if not (isinstance(target, Findable) and isinstance(target, Drafting)):
            return False
        deadline = timedelta(seconds=self.timing.call_seconds_max)
        search = target.find(decode_document(stored.payload), stored.key)
        told = self.port.send(self.port.request(search, deadline=deadline))
        if not isinstance(told, HttpReply) or told.status != _OK:
            return False
        gone = True
        for receipt in target.found(told):
            if receipt.draft and receipt.external_id != stored.external_id:
                call = target.discard(receipt.external_id)
                reply = self.port.send(self.port.request(call, deadline=deadline))
                done = isinstance(reply, HttpReply) and (
                    reply.status // 100 == _OK // 100 or reply.status == _NOT_FOUND
                )
                gone = gone and done
        return gone

    def _note(self, swept: StoredIntent) -> None:
        with self.database.tenant(self.tenant) as session:
            stored = lock_intent(session, swept.intent_no)
            target = self.port.targets[stored.document_kind]
            intent = stored.intent()
            if intent.state is IntentState.CONFIRMED and intent.settle_until:
                policy = policy_of(target.capability, self.timing)
                # The lookup began before this; a draft that came since is still ours.
                step = advance(intent, Swept(at=swept.now), policy)
                save(session, stored, step)
