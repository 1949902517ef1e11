"""Describe accounts, periods, targets, and who is asked when something stops."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from hourline.kernel.problems import ProblemCode, Queue
from hourline.kernel.subledgers import Subledger
from hourline.master.model.record import Record


class LedgerAccount(Record, frozen=True, kw_only=True):
    """The account of an entity's chart for an account role."""

    kind = "ledger_account"
    references: ClassVar[Mapping[str, str]] = {
        "entity": "legal_entity",
        "service_line": "service_line",
    }
    entity: str
    role: str
    number: str
    service_line: str | None = None


class PostingPeriod(Record, frozen=True, kw_only=True):
    """A month of an entity's books, or of one subledger; not recorded it is open.

    A month without a `ledger` is for all of them; of it and the subledger's own the
    stricter counts.

    An open month that is `soft_closed` is closed but for what a person with the right
    books into it. It is a field of its own, so that a system which declares only
    `status` leaves it as it is.
    """

    kind = "posting_period"
    references: ClassVar[Mapping[str, str]] = {"entity": "legal_entity"}
    entity: str
    period: str
    status: Literal["open", "closed"] = "open"
    soft_closed: bool = False
    ledger: Subledger | None = None


class TargetRoute(Record, frozen=True, kw_only=True):
    """Which connection receives a kind of document, and in which detail.

    No entity is every entity, no journal_type every type of journal. Not said, journals
    are summaries of a day, and documents have all their lines. Documents of routes with
    the same group that one run plans for a month are sent all or none.

    Mode compare sends nothing: its documents are kept beside what the target has.
    """

    kind = "target_route"
    references: ClassVar[Mapping[str, str]] = {"entity": "legal_entity"}
    document: Literal["invoice", "credit_note", "journal", "write_back"]
    connection: str
    entity: str | None = None
    journal_type: (
        Literal[
            "cost",
            "accrual",
            "accrual_reversal",
            "drawdown",
            "recognition",
            "fx",
            "payment",
            "earning",
            "write_off",
            "provision",
            "cross_charge",
            "retainage",
            "ic_accrual",
            "ic_accrual_reversal",
            "ic_sale",
            "ic_cost",
            "ic_tax",
            "opening_to_book",
        ]
        | None
    ) = None
    detail: Literal["summary", "detailed"] | None = None
    every: Literal["day", "month"] | None = None
    group: str | None = None
    mode: Literal["post", "compare"] = "post"


class TargetRecord(Record, frozen=True, kw_only=True):
    """A record of a receiving system that documents name: account, tax, journal, unit.

    Its id is the type, the entity where it belongs to one, and the code.
    """

    kind = "target_record"
    references: ClassVar[Mapping[str, str]] = {"entity": "legal_entity"}
    type: str
    code: str
    name: str = ""
    entity: str | None = None


class ExceptionRoute(Record, frozen=True, kw_only=True):
    """Who owns an exception item and within how many hours it is due.

    A row names a code or a queue or neither; `entity` is the one a problem is about.
    """

    kind = "exception_route"
    references: ClassVar[Mapping[str, str]] = {"entity": "legal_entity"}
    owner: str
    due_hours: int
    code: ProblemCode | None = None
    queue: Queue | None = None
    entity: str | None = None


class ValidationSeverity(Record, frozen=True, kw_only=True):
    """Whether what breaks a validation is refused, or accepted with an item to see.

    `entity` is the contracting one; without it the row is of every entity.
    """

    kind = "validation_severity"
    references: ClassVar[Mapping[str, str]] = {"entity": "legal_entity"}
    code: ProblemCode
    severity: Literal["error", "warning"]
    entity: str | None = None
