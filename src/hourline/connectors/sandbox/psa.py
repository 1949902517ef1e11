"""Serve people, projects and time as the firm's PSA does, and take billing back."""

from datetime import UTC, datetime

from hourline.connectors.sandbox.calls import (
    Answer,
    Call,
    Operation,
    Refused,
    existing,
    minor_units,
    once_per_key,
    page,
    required,
    stated,
)
from hourline.connectors.sandbox.deliveries import polled_entries, webhook_deliveries
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.model import Assignment, Project, SourceTimeEntry
from hourline.connectors.sandbox.storage import Content, Storage
from hourline.connectors.sandbox.webhooks import WebhookSender
from hourline.connectors.sandbox.wire import day, instant, major, time_entry_object

_RELEASED = "released"
_WRITE_BACK = "write_back"
_CURRENCY_LETTERS = 3


def psa_operations(firm: Firm, storage: Storage) -> tuple[Operation, ...]:
    """Return the operations of the PSA, with levers to release what comes late."""
    psa = _Psa(firm, storage)
    webhooks = WebhookSender(storage, webhook_deliveries(firm))
    take_billing = once_per_key("set_billing", storage, psa.set_billing)
    take_billings = once_per_key("set_billings", storage, psa.set_billings)
    one = "/api/time-entries/{id}"
    return (
        Operation("list_resources", "GET", "/api/resources", psa.people),
        Operation("list_projects", "GET", "/api/projects", psa.projects),
        Operation("list_assignments", "GET", "/api/assignments", psa.assignments),
        Operation("list_time_entries", "GET", "/api/time-entries", psa.time_entries),
        Operation("show_time_entry", "GET", one, psa.time_entry),
        Operation("set_billing", "PATCH", f"{one}/billing", take_billing),
        Operation("set_billings", "POST", "/api/time-entry-billings", take_billings),
        Operation("show_billing", "GET", f"{one}/billing", psa.billing),
        Operation(
            "subscribe", "POST", "/api/webhook-subscriptions", webhooks.subscribe
        ),
        Operation(
            "list_subscriptions",
            "GET",
            "/api/webhook-subscriptions",
            webhooks.list_subscriptions,
        ),
        Operation("send_webhooks", "POST", "/admin/webhooks/send", webhooks.send),
        Operation("release", "POST", "/admin/release", psa.release),
    )


class _Psa:
    def __init__(self, firm: Firm, storage: Storage) -> None:
        self._firm = firm
        self._storage = storage
        self._late = {
            "late_projects": (),
            "corrections": firm.time.corrections,
            "recalls": firm.time.recalls,
        }
        self._first = {entry.id: entry for entry in firm.approved_entries()} | {
            entry.id: entry for entry in firm.time.unapproved
        }
        self._feed = self._build_feed()

    def people(self, call: Call) -> Answer:
        """Page through those who record time, by the PSA's ids."""
        rows = [
            {
                "id": person.psa_id,
                "employee_number": person.employee_number,
                "name": person.name,
            }
            for person in self._firm.people
        ]
        return page(rows, call)

    def projects(self, call: Call) -> Answer:
        """Page through the projects; late ones stand at the end once released."""
        late = self._firm.late_projects if self._is_released("late_projects") else ()
        return page([_project(p) for p in (*self._firm.projects, *late)], call)

    def assignments(self, call: Call) -> Answer:
        """Page through who may work on what."""
        late = self._firm.late_assignments if self._is_released("late_projects") else ()
        return page([_assignment(a) for a in (*self._firm.assignments, *late)], call)

    def time_entries(self, call: Call) -> Answer:
        """Page through the feed of changes, the oldest first."""
        since = _since(call)
        return page([o for o in self._feed if str(o["updated_at"]) >= since], call)

    def time_entry(self, call: Call) -> Answer:
        """Return one time entry in its latest state, however it was delivered."""
        entry = self._first.get(call.path["id"])
        for released in self._storage.setting(_RELEASED, []):
            for changed in self._late[released]:
                if entry is not None and changed.id == entry.id:
                    entry = changed
        return Answer(
            200, existing(_as_content(entry) if entry else None, "time entry")
        )

    def set_billing(self, call: Call) -> Answer:
        """Take what became of a time entry; the latest statement holds."""
        entry_id = self._known(call.path["id"])
        return Answer(200, self._billed(entry_id, call.content, call.content))

    def set_billings(self, call: Call) -> Answer:
        """Take what became of the time entries of one document, of all or of none."""
        entries = stated(call.content, "entries")
        if not isinstance(entries, list) or not entries:
            raise Refused(422, "no_entries", "state at least one time entry")
        billed = [
            self._billed(self._known(required(e, "time_entry")), call.content, e)
            for e in entries
        ]
        head = {n: billed[0][n] for n in ("invoice_number", "status", "currency")}
        return Answer(200, {**head, "entries": billed})

    def _billed(self, entry_id: str, document: Content, entry: Content) -> Content:
        content: Content = {
            "time_entry": entry_id,
            "invoice_number": required(document, "invoice_number"),
            "status": required(document, "status"),
            "amount": major(minor_units(stated(entry, "amount"))),
            "currency": required(document, "currency"),
        }
        if len(content["currency"]) != _CURRENCY_LETTERS:
            raise Refused(422, "bad_currency", "not a currency code")
        self._storage.add(_WRITE_BACK, content, reference=entry_id)
        return content

    def billing(self, call: Call) -> Answer:
        """Return the latest statement on a time entry."""
        statements = self._storage.by_reference(
            _WRITE_BACK, self._known(call.path["id"])
        )
        return Answer(
            200, existing(statements[-1] if statements else None, "billing status")
        )

    def release(self, call: Call) -> Answer:
        """Let the late projects, the corrections or the recalls appear, once."""
        what = required(call.content, "what")
        if what not in self._late:
            raise Refused(422, "unknown_release", f"one of {', '.join(self._late)}")
        released = self._storage.setting(_RELEASED, [])
        if what not in released:
            self._storage.set_setting(_RELEASED, [*released, what])
        self._feed = self._build_feed()
        return Answer(200, {"released": self._storage.setting(_RELEASED, [])})

    def _build_feed(self) -> list[Content]:
        """Return all changes in the order of their appearance, which never changes."""
        start = sorted(
            polled_entries(self._firm), key=lambda e: (e.updated_at, e.id, e.revision)
        )
        late = (
            entry
            for released in self._storage.setting(_RELEASED, [])
            for entry in self._late[released]
        )
        return [_as_content(entry) for entry in (*start, *late)]

    def _is_released(self, what: str) -> bool:
        return what in self._storage.setting(_RELEASED, [])

    def _known(self, entry_id: str) -> str:
        if entry_id not in self._first:
            raise Refused(404, "not_found", "no such time entry")
        return entry_id


def _since(call: Call) -> str:
    """Return the moment from which changes are wanted, as the feed writes moments."""
    text = call.query.get("updated_since")
    if text is None:
        return ""
    try:
        return instant(datetime.fromisoformat(text).astimezone(UTC))
    except ValueError:
        raise Refused(400, "bad_updated_since", "not an RFC 3339 moment") from None


def _as_content(entry: SourceTimeEntry) -> Content:
    return dict(time_entry_object(entry))


def _project(project: Project) -> Content:
    return {
        "id": project.project,
        "name": project.name,
        "entity": project.entity,
        "contract_line": project.contract_line,
        "status": project.status,
        "department": project.cost_centre,
        "closed_on": day(project.closed_on),
    }


def _assignment(assignment: Assignment) -> Content:
    return {
        "resource": assignment.person,
        "project": assignment.project,
        "effective_from": day(assignment.effective_from),
        "effective_until": day(assignment.effective_until),
    }
