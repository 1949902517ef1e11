"""Find the sales that a draft leaves without a row of the tax table.

Those of contract lines in force, whatever they bill, and what entities that lend each
other people invoice for it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeAlias

from hourline.flow.rulebook.losses import Loss
from hourline.kernel.problems import ProblemCode
from hourline.master.model import TaxRule
from hourline.master.rulebook.columns import text_of
from hourline.master.rulebook.tables import TAX
from hourline.master.snapshot import NoTable, RecordNotKnown, Snapshot
from hourline.master.snapshot.records import InForce

# Lender, borrower and the contract line of the work.
Lent = tuple[int, int, int]
_Rule: TypeAlias = InForce[TaxRule] | NoTable | None
_Sale = tuple[str, str, str]


def taxes_lost(
    day: date,
    lent: Iterable[Lent],
    snapshots: tuple[Snapshot, Snapshot],
    changed: set[str],
) -> Iterator[Loss]:
    """Yield the sales of a day that have a tax row now and none then.

    Or then only one that the draft says nothing of, and that charges otherwise;
    `changed` are the ids of the rows that the draft is about.
    """
    for entity, customer, line in _sales(day, snapshots[0]):

        def of_sale(
            snapshot: Snapshot, sale: _Sale = (entity, customer, line)
        ) -> _Rule:
            kinds = ("legal_entity", "customer", "contract_line")
            numbers = [
                snapshot.number(kind, id_) or 0
                for kind, id_ in zip(kinds, sale, strict=True)
            ]
            return snapshot.tax_rule_for(numbers[0], numbers[1], numbers[2], day)

        yield from _lost(
            snapshots, of_sale, sale_words(snapshots[0], entity, customer), changed
        )
    for pair in _pairs(snapshots, lent):

        def of_pair(snapshot: Snapshot, pair: Lent = pair) -> _Rule:
            return snapshot.intercompany_tax_rule(*pair, day)

        lender, borrower = (snapshots[0].entity(no).id for no in pair[:2])
        yield from _lost(snapshots, of_pair, f"{lender} invoicing {borrower}", changed)


def _pairs(snapshots: tuple[Snapshot, Snapshot], lent: Iterable[Lent]) -> list[Lent]:
    """Return who lends whom people, by line where tax rows tell lines apart."""
    by_line = any(
        span.content.contract_line
        for snapshot in snapshots
        for span in snapshot.catalogue.tax_rules.spans
    )
    if by_line:
        return sorted(set(lent))
    return sorted({one[:2]: one for one in sorted(lent, reverse=True)}.values())


def sale_words(snapshot: Snapshot, entity: str, customer: str) -> str:
    """Return a sale in words: who sells to customers of which country."""
    kept = snapshot.catalogue.customers
    spans = kept.of(kept.find(customer))
    country = spans[-1].content.country if spans else None
    return f"{entity} billing customers in {country or 'no country'}"


def taking_over(
    now: InForce[TaxRule], after: InForce[TaxRule], changed: set[str]
) -> str | None:
    """Return in words the row that takes over from one that ends, unsaid by a draft.

    None where the draft says so, as with a new rate, or where as much is charged.
    """
    if now.id not in changed or after.id in changed or now.id == after.id:
        return None
    said = [(one.content.rate, one.content.code) for one in (now, after)]
    if said[0] == said[1]:
        return None
    return f"{after.id}, {text_of(after.content.rate)} % {after.content.code},"


def _lost(
    snapshots: tuple[Snapshot, Snapshot],
    rule_of: Callable[[Snapshot], _Rule],
    subject: str,
    changed: set[str],
) -> Iterator[Loss]:
    try:
        now, after = (rule_of(snapshot) for snapshot in snapshots)
    except RecordNotKnown:
        return
    if not isinstance(now, InForce):
        return
    if isinstance(after, InForce):
        instead = taking_over(now, after, changed)
        if instead is not None:
            yield Loss(
                table=TAX.name, row=now.id, subject=subject, code=None, instead=instead
            )
    else:
        # What entities invoice each other bears no tax then, and is not refused.
        refused = after is None and "billing" in subject
        yield Loss(
            table=TAX.name,
            row=now.id,
            subject=subject,
            code=ProblemCode.TAX_NOT_DETERMINED if refused else None,
        )


def _sales(day: date, now: Snapshot) -> Iterator[_Sale]:
    """Yield who sells to whom on a day, by a line where tax rows tell lines apart."""
    kept = now.catalogue
    by_line = any(span.content.contract_line for span in kept.tax_rules.spans)
    agreed: dict[str, tuple[str, list[str]]] = {
        kept.contracts.id_of(span): (span.content.entity, [span.content.customer])
        for span in kept.contracts.spans
        if span.effective_from <= day < span.effective_until
    }
    for share in kept.contract_customers.spans:
        if share.effective_from <= day < share.effective_until:
            _, customers = agreed.get(share.content.contract, ("", []))
            customers.append(share.content.customer)
    told: set[tuple[str, ...]] = set()
    for line in kept.lines.spans:
        holds = line.effective_from <= day < line.effective_until
        if not holds or line.content.method == "non_billable":
            continue
        entity, customers = agreed.get(line.content.contract, ("", []))
        for customer in customers:
            id_ = kept.lines.id_of(line)
            case = (entity, customer, id_) if by_line else (entity, customer)
            if case not in told:
                told.add(case)
                yield entity, customer, id_
