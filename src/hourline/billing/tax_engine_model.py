"""Hold what an external tax engine is asked, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import assert_never

from hourline.kernel.problems import Problem, ProblemCode

_PPM_PER_PERCENT = 10_000


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Hold one line of a question: its id in it, and its net in minor units."""

    line_id: str
    net: int


@dataclass(frozen=True, slots=True)
class BillOf:
    """Name the contract whose bill an engine is asked about."""

    contract_no: int
    contract: str


@dataclass(frozen=True, slots=True)
class InvoiceBetween:
    """Name the two entities about whose intercompany invoice an engine is asked."""

    lender_no: int
    lender: str
    borrower: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxQuestion:
    """Hold what an engine is asked about all lines of one bill or invoice.

    `key` is the SHA-256 of the connection and the body, so equal content has one key;
    `body` is the JSON that is sent. Amounts have `decimals` of their currency.
    """

    key: str
    about: BillOf | InvoiceBetween
    connection: str
    decimals: int
    body: bytes
    lines: tuple[AskedLine, ...]


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """Hold the tax of one line: a code, a rate in millionths, minor units."""

    line_id: str
    code: str
    rate_ppm: int
    tax: int

    @property
    def rate_percent(self) -> Decimal:
        """Return the rate in percent, as rows of the tax table have it."""
        return Decimal(self.rate_ppm) / _PPM_PER_PERCENT


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """Hold an answer that fits its question, and the engine's own reference."""

    reference: str
    lines: tuple[AnsweredLine, ...]


class TaxToAsk(Exception):
    """Say what an engine must be asked before something can be issued.

    It is raised before anything of it is written, and ends the transaction, so
    that nothing is locked while the engine thinks.
    """

    def __init__(self, questions: Sequence[TaxQuestion]) -> None:
        super().__init__("a tax engine is to be asked")
        self.questions = tuple(questions)


@dataclass(frozen=True, slots=True)
class Refusals:
    """Hold why engines gave no tax, by key; once `closed`, nothing more is asked."""

    by_key: Mapping[str, Problem] = field(default_factory=dict)
    closed: bool = False

    def of(self, question: TaxQuestion) -> Problem | None:
        """Return why a question has no answer; None where it is still to be asked."""
        if self.closed and question.key not in self.by_key:
            return refused(question, "the work changed each time the engine was asked")
        return self.by_key.get(question.key)


NO_REFUSALS = Refusals()


def refused(question: TaxQuestion, why: str) -> Problem:
    """Return the problem that nothing was issued because an engine gave no tax."""
    match question.about:
        case BillOf(contract=contract):
            left, again = f"Contract {contract} is not billed", "bill the contract"
            named = {"contract": contract}
        case InvoiceBetween(lender=lender, borrower=borrower):
            left = f"{lender} does not invoice {borrower}"
            again = f"let {lender} invoice {borrower}"
            named = {"lender": lender, "borrower": borrower}
        case unknown:
            assert_never(unknown)
    return Problem(
        ProblemCode.TAX_ENGINE_REFUSED,
        f"{left}, because tax engine {question.connection} gave no tax: {why}.",
        f"Put the engine or its connection right, then {again} again.",
        {**named, "connection": question.connection},
    )
