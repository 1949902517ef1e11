"""Create, find, post and delete drafts of one model of Tryton."""

from collections.abc import Sequence
from dataclasses import dataclass

from hourline.connectors.sdk.target import Ask
from hourline.connectors.tryton import wire


@dataclass(frozen=True, slots=True)
class Drafts:
    """Write the calls for one model; `fields` are what every answer shall hold."""

    model: str
    fields: Sequence[str]

    def create(self, content: object, *, company: int) -> Ask:
        """Return the call that creates a draft."""
        return wire.ask(
            "POST", self.model, fields=self.fields, company=company, content=content
        )

    def find(self, field: str, mark: str, *, company: int) -> Ask:
        """Return the call that lists a company's documents with a mark."""
        domain = [["company", "=", company], [field, "=", mark]]
        return wire.search(self.model, domain, fields=self.fields, company=company)

    def post(self, draft_id: str, *, company: int) -> Ask:
        """Return the call that posts a draft.

        What Tryton would have a person confirm is confirmed: a due date that has
        passed, say, was agreed.
        """
        return wire.ask(
            "POST",
            self.model,
            draft_id,
            "post",
            fields=self.fields,
            company=company,
            content={},
            accept_warnings=True,
        )

    def discard(self, draft_id: str, *, company: int) -> Ask:
        """Return the call that deletes a draft; Tryton keeps what is posted."""
        return wire.ask("DELETE", self.model, draft_id, fields=(), company=company)
