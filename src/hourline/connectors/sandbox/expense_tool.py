"""Serve expenses as the firm's expense tool does, and hear of their billing."""

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
from hourline.connectors.sandbox.expense_model import SourceExpense
from hourline.connectors.sandbox.expenses import RELEASED
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.storage import Content, Storage
from hourline.connectors.sandbox.wire import (
    account_of,
    code_of,
    expense_object,
    major,
)
from hourline.kernel.money import currency_of, major_units

_CHANGES = "changes"
_APPEARED = "released"
_BILLED = "billed"
_CURRENCY_LETTERS = 3


def expense_operations(firm: Firm, storage: Storage) -> tuple[Operation, ...]:
    """Return the operations of the tool, with a lever to release what comes late."""
    tool = _ExpenseTool(firm, storage)
    take_billed = once_per_key("set_billed", storage, tool.set_billed)
    return (
        Operation("list_accounts", "GET", "/api/accounts", tool.accounts),
        Operation("list_projects", "GET", "/api/projects", tool.projects),
        Operation("list_expenses", "GET", "/api/expenses", tool.expenses),
        Operation("expense_totals", "GET", "/api/expense-totals", tool.totals),
        Operation("show_expense", "GET", "/api/expenses/{id}", tool.expense),
        Operation("set_billed", "POST", "/api/billed-expenses", take_billed),
        Operation("release", "POST", "/admin/release", tool.release),
    )


class _ExpenseTool:
    def __init__(self, firm: Firm, storage: Storage) -> None:
        self._firm = firm
        self._month = firm.expenses
        self._storage = storage
        self._known = {one.id: one for one in self._month.released()}

    def accounts(self, call: Call) -> Answer:
        """Page through those who spend, by the tool's ids."""
        rows = [
            {
                "id": account_of(person.employee_number),
                "employee_number": person.employee_number,
            }
            for person in self._firm.people
        ]
        return page(rows, call)

    def projects(self, call: Call) -> Answer:
        """Page through what can be spent on, by the tool's codes."""
        rows = [
            {"id": code_of(found.project), "psa_project": found.project}
            for found in self._firm.projects
        ]
        return page(rows, call)

    def expenses(self, call: Call) -> Answer:
        """Page through the feed of changes, the oldest first."""
        start = sorted(
            (*self._month.by_poll, *self._month.drafts),
            key=lambda one: (one.changed_at, one.id),
        )
        return page([expense_object(one) for one in (*start, *self._late())], call)

    def expense(self, call: Call) -> Answer:
        """Return one expense in its latest state, however it was delivered."""
        found = self._latest().get(call.path["id"])
        content = None if found is None else dict(expense_object(found))
        return Answer(200, existing(content, "expense"))

    def totals(self, _call: Call) -> Answer:
        """Return what was paid for all that is released, by currency."""
        paid: dict[str, int] = {}
        for one in self._latest().values():
            if one.state == RELEASED:
                paid[one.currency] = paid.get(one.currency, 0) + one.paid_minor
        told = {
            code: f"{major_units(amount, currency_of(code)):f}"
            for code, amount in sorted(paid.items())
        }
        return Answer(200, {"paid": told})

    def set_billed(self, call: Call) -> Answer:
        """Take which expenses a document bills, all of them or none."""
        head = {
            name: required(call.content, name)
            for name in ("document", "state", "currency")
        }
        if len(head["currency"]) != _CURRENCY_LETTERS:
            raise Refused(422, "bad_currency", "not a currency code")
        expenses = stated(call.content, "expenses")
        if not isinstance(expenses, list) or not expenses:
            raise Refused(422, "no_expenses", "state at least one expense")
        billed = [self._billed(head, expense) for expense in expenses]
        for content in billed:
            self._storage.add(_BILLED, content, reference=content["expense"])
        amounts = [
            {"expense": one["expense"], "amount": one["amount"]} for one in billed
        ]
        return Answer(200, {**head, "expenses": amounts})

    def _billed(self, head: Content, expense: Content) -> Content:
        expense_id = required(expense, "expense")
        if expense_id not in self._known:
            raise Refused(404, "not_found", "no such expense")
        amount = major(minor_units(stated(expense, "amount")))
        return {**head, "expense": expense_id, "amount": amount}

    def release(self, call: Call) -> Answer:
        """Let found receipts, corrections and withdrawals appear, once."""
        what = required(call.content, "what")
        if what != _CHANGES:
            raise Refused(422, "unknown_release", f"one of {_CHANGES}")
        self._storage.set_setting(_APPEARED, [what])
        return Answer(200, {"released": [what]})

    def _latest(self) -> dict[str, SourceExpense]:
        return {**self._known, **{one.id: one for one in self._late()}}

    def _late(self) -> tuple[SourceExpense, ...]:
        return self._month.changes if self._storage.setting(_APPEARED, []) else ()
