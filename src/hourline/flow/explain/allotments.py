"""Explain what blocks paid in advance and which limits an entry went over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hourline.billing.model_allotted import Level
from hourline.billing.rules.allot_spans import OF_LINES, caps_by_place, in_force
from hourline.flow.explain.model import Check, RulesAt, Step, money
from hourline.infra.database import Session
from hourline.infra.queries import load_queries
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import Cap, ContractTerms, Snapshot, SpanCap

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class AllottedAct:
    """Hold one change of what of a part is prepaid or over a limit.

    Quantities are seconds, of an expense minor units; less than before is negative.
    """

    allotment_no: int
    part: int
    is_expense: bool
    contract_no: int
    contract_line_no: int
    dated: date
    prepaid: int
    over_line_day: int
    over_contract_day: int
    over_line_month: int
    over_line_customer: int
    over_line: int
    over_contract_month: int
    over_contract_customer: int
    over_contract: int
    amount_prepaid: int
    amount_over: int
    currency: int
    contract: str
    contract_line: str
    change_no: int
    blocks: list[str]
    block_seconds: list[int]


def allotment_steps(
    session: Session, rules: RulesAt, key: tuple[int, int]
) -> Iterator[Step]:
    """Yield every change of what of a revision is prepaid or over a limit.

    The last one proves that they sum to what is kept for billing.
    """
    asked = {"entry_no": key[0], "revision": key[1]}
    acts = session.all(QUERIES["allotments"], AllottedAct, **asked)
    kept = {
        part: (prepaid, over)
        for part, prepaid, over in session.tuples(QUERIES["allotted_now"], **asked)
    }
    last = {act.part: act.allotment_no for act in acts}
    for act in acts:
        checks = [_blocks(act)]
        if last[act.part] == act.allotment_no:
            checks += _sums([one for one in acts if one.part == act.part], kept)
        yield _step(act, rules.at(act.change_no), checks)


def _blocks(act: AllottedAct) -> Check:
    return Check(
        figure=f"prepaid seconds of portion {act.part}",
        recomputed=str(sum(act.block_seconds)),
        stored=str(act.prepaid),
    )


def _sums(acts: list[AllottedAct], kept: dict[int, tuple[int, int]]) -> Iterator[Check]:
    part, currency = acts[0].part, acts[0].currency
    prepaid, over = kept.get(part, (0, 0))
    for what, amounts, stored in (
        ("prepaid", [act.amount_prepaid for act in acts], prepaid),
        ("over limits", [act.amount_over for act in acts], over),
    ):
        yield Check(
            figure=f"amount {what} of portion {part}",
            recomputed=money(sum(amounts), currency),
            stored=money(stored, currency),
        )


def _step(act: AllottedAct, snapshot: Snapshot, checks: list[Check]) -> Step:
    parts = list(_parts(act, snapshot))
    if not parts:
        parts = ["only the value of its parts is another"]
    worth = (
        f"By value {_signed(act.amount_prepaid, act.currency)} are prepaid and"
        f" {_signed(act.amount_over, act.currency)} over limits."
    )
    return Step(
        about="allotment",
        sentences=[f"Of portion {act.part}: {'; '.join(parts)}.", worth],
        figures={
            "part": act.part,
            "blocks": dict(zip(act.blocks, act.block_seconds, strict=True)),
            "over_line_day": act.over_line_day,
            "over_contract_day": act.over_contract_day,
            "over_line_month": act.over_line_month,
            "over_line_customer": act.over_line_customer,
            "over_line": act.over_line,
            "over_contract_month": act.over_contract_month,
            "over_contract_customer": act.over_contract_customer,
            "over_contract": act.over_contract,
            "amount_prepaid": act.amount_prepaid,
            "amount_over": act.amount_over,
            "change_no": act.change_no,
        },
        checks=checks,
    )


def _parts(act: AllottedAct, snapshot: Snapshot) -> Iterator[str]:
    for block, seconds in zip(act.blocks, act.block_seconds, strict=True):
        yield f"{_more(act, seconds)} prepaid by block {block}"
    terms = snapshot.allotting.get(act.contract_no)
    line, contract = f"contract line {act.contract_line}", f"contract {act.contract}"
    total_of_line = terms.line_caps.get(act.contract_line_no) if terms else None
    for quantity, name, cap in (
        (act.over_line_day, f"person-day limit of {line}", Level.LINE_DAY),
        (act.over_contract_day, f"person-day limit of {contract}", Level.CONTRACT_DAY),
        (act.over_line_month, f"month limit of {line}", Level.LINE_MONTH),
        (act.over_line_customer, f"customer limit of {line}", Level.LINE_CUSTOMER),
        (act.over_line, f"limit of {line}", total_of_line),
        (act.over_contract_month, f"month limit of {contract}", Level.CONTRACT_MONTH),
        (
            act.over_contract_customer,
            f"customer limit of {contract}",
            Level.CONTRACT_CUSTOMER,
        ),
        (act.over_contract, f"limit of {contract}", terms.cap if terms else None),
    ):
        if quantity:
            yield f"{_more(act, quantity)} over the {name}{_held(terms, cap, act)}"


def _held(
    terms: ContractTerms | None, cap: Cap | Level | None, act: AllottedAct
) -> str:
    if not isinstance(cap, Level):
        return _of(cap, act)
    if cap in {Level.LINE_CUSTOMER, Level.CONTRACT_CUSTOMER}:
        line_no = act.contract_line_no if cap is Level.LINE_CUSTOMER else None
        return _of_customers(terms, line_no, act)
    return _of(_in_force(terms, cap, act), act)


def _of_customers(
    terms: ContractTerms | None, line_no: int | None, act: AllottedAct
) -> str:
    """Return every limit of a customer there: work had to fit under all of them."""
    caps = terms.customer_caps if terms else ()
    said = [
        f"{cap.customer}: {money(cap.amount, act.currency)}"
        for cap in caps
        if cap.contract_line_no == line_no
    ]
    whole = " for entries that fit whole" if any(cap.whole for cap in caps) else ""
    return f" ({', '.join(said)}{whole})" if said else ""


def _in_force(
    terms: ContractTerms | None, level: Level, act: AllottedAct
) -> SpanCap | None:
    line_no = act.contract_line_no if level in OF_LINES else None
    caps = caps_by_place(terms.span_caps if terms else ())
    return in_force(caps.get((level, line_no), ()), act.dated)


def _of(cap: Cap | SpanCap | None, act: AllottedAct) -> str:
    if cap is None:
        return ""
    said = [] if cap.amount is None else [money(cap.amount, act.currency)]
    if isinstance(cap, SpanCap) and cap.seconds is not None:
        said.append(spoken_hours(cap.seconds))
    whole = " for entries that fit whole" if cap.whole else ""
    return f" ({' and '.join(said)}{whole})"


def _more(act: AllottedAct, quantity: int) -> str:
    size = abs(quantity)
    told = money(size, act.currency) if act.is_expense else spoken_hours(size)
    return f"{told} {'more' if quantity > 0 else 'less'}"


def _signed(amount: int, currency: int) -> str:
    return f"{money(abs(amount), currency)} {'less' if amount < 0 else 'more'}"
