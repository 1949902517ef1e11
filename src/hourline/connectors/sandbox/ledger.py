"""Know an ERP's entities, accounts and periods, and refuse what does not fit them."""

from typing import Any

from hourline.connectors.sandbox.calls import (
    Answer,
    Call,
    Refused,
    minor_units,
    page,
    required,
    stated,
)
from hourline.connectors.sandbox.firm import Firm
from hourline.connectors.sandbox.storage import Content, Storage
from hourline.connectors.sandbox.wire import major

_STATUSES = frozenset({"open", "closed"})
_NOTHING = "0"


class Ledger:
    """Check documents against the chart of accounts and the posting periods."""

    def __init__(self, firm: Firm, storage: Storage) -> None:
        self._firm = firm
        self._storage = storage
        self._currencies = {e.entity: e.currency for e in firm.entities}
        self._accounts = frozenset((a.entity, a.number) for a in firm.accounts)

    def check_lines(self, content: Any) -> None:  # noqa: ANN401 - JSON as it came
        """Check entity, currency, accounts and balance.

        Raises Refused with the first thing that is wrong.
        """
        entity = required(content, "entity")
        if entity not in self._currencies:
            raise Refused(422, "unknown_entity", entity)
        if required(content, "currency") != self._currencies[entity]:
            raise Refused(422, "wrong_currency", f"{entity} keeps its own currency")
        lines = stated(content, "lines")
        if not isinstance(lines, list) or not lines:
            raise Refused(422, "no_lines", "a document has at least one line")
        for line in lines:
            number = required(line, "account")
            if (entity, number) not in self._accounts:
                raise Refused(422, "unknown_account", f"{number} in {entity}")
        difference = sum(d - c for d, c in map(line_amounts, lines))
        if difference:
            raise Refused(422, "unbalanced", f"off by {difference} minor units")

    def check_open(self, entity: str, day: str) -> None:
        """Raise Refused unless the posting period of a day is open."""
        period = day[:7]
        status = self._statuses().get(f"{entity}/{period}")
        if status is None:
            raise Refused(422, "unknown_period", f"{period} in {entity}")
        if status == "closed":
            raise Refused(422, "period_closed", f"{period} in {entity}")

    def entities(self, call: Call) -> Answer:
        """Page through the legal entities."""
        rows = [
            {
                "id": entity.entity,
                "name": entity.name,
                "country": entity.country,
                "currency": entity.currency,
                "tax_id": entity.tax_id,
                "receipts_above": str(entity.receipts_above),
                "vendor_hours_tolerance": major(entity.vendor_hours_hundredths),
                "vendor_percent_tolerance": str(entity.vendor_percent),
            }
            for entity in self._firm.entities
        ]
        return page(rows, call)

    def accounts(self, call: Call) -> Answer:
        """Page through the charts of accounts."""
        rows = [
            {"entity": a.entity, "number": a.number, "name": a.name}
            for a in self._firm.accounts
        ]
        return page(rows, call)

    def tax_codes(self, call: Call) -> Answer:
        """Page through the tax codes of each country."""
        codes = dict.fromkeys(
            (rule.entity_country, rule.code, rule.rate_percent)
            for rule in self._firm.tax_rules
        )
        rows = [
            {"country": country, "code": code, "rate_percent": str(rate_percent)}
            for country, code, rate_percent in codes
        ]
        return page(rows, call)

    def periods(self, call: Call) -> Answer:
        """Page through the posting periods and whether they are open."""
        rows = [
            {
                "entity": place.partition("/")[0],
                "period": place.partition("/")[2],
                "status": status,
            }
            for place, status in self._statuses().items()
        ]
        return page(rows, call)

    def set_period(self, call: Call) -> Answer:
        """Open or close a posting period, as the accountants would."""
        entity = required(call.content, "entity")
        period = required(call.content, "period")
        status = required(call.content, "status")
        if entity not in self._currencies or status not in _STATUSES:
            raise Refused(422, "bad_period", "state entity, period and open or closed")
        changed = {**self._changed(), f"{entity}/{period}": status}
        self._storage.set_setting("periods", changed)
        return Answer(200, {"entity": entity, "period": period, "status": status})

    def _statuses(self) -> dict[str, str]:
        first = {f"{p.entity}/{p.period}": p.status for p in self._firm.periods}
        return first | self._changed()

    def _changed(self) -> dict[str, str]:
        changed: dict[str, str] = self._storage.setting("periods", {})
        return changed


def line_amounts(line: Content) -> tuple[int, int]:
    """Return a line's debit and credit in minor units, of which one is 0.

    Raises Refused for negative amounts and for lines on both sides or none.
    """
    debit = minor_units(line.get("debit", _NOTHING))
    credit = minor_units(line.get("credit", _NOTHING))
    if min(debit, credit) < 0 or (debit == 0) == (credit == 0):
        raise Refused(422, "bad_line", "a line has either a debit or a credit")
    return debit, credit
