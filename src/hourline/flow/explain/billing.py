"""Explain where work or an amount is billed: each line as a step of a running total."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from hourline.billing.rules.running_total import RunningTotal, step
from hourline.flow.explain.amounts import Amounts, amounts_step
from hourline.flow.explain.billed_line import BilledLine
from hourline.flow.explain.billed_tax import tax_checks, tax_sentences
from hourline.flow.explain.books_rate import books_rate
from hourline.flow.explain.exchange import exchange_on
from hourline.flow.explain.expense import StatedExpense, percent_of
from hourline.flow.explain.model import Check, RulesAt, Step, exactly, money
from hourline.kernel.money import Rounding, round_fraction
from hourline.kernel.quantity import spoken_hours
from hourline.master.snapshot import Snapshot


def billed_steps(
    lines: Iterable[BilledLine], rules: RulesAt, expense: StatedExpense | None = None
) -> Iterator[Step]:
    """Yield for each document line how its amount came about, and its four amounts.

    The lines are of one work or amount, in order of the documents; `expense` is what
    the work is, if it is not time.
    """
    for line in lines:
        snapshot = rules.at(line.change_no)
        rounding = snapshot.rounding(line.entity_no)
        if line.is_credit:
            yield _credited(line)
        else:
            yield _billed(line, snapshot, rounding)
        yield _amounts(line, expense, rules, rounding)


def _billed(line: BilledLine, snapshot: Snapshot, rounding: Rounding) -> Step:
    before, exact = line.total_before, line.item_exact
    net, after = step(before, exact, rounding)
    fitted = net != line.item_net and _has_customer_limits(line, snapshot)
    sentences = [f"{_place(line)} {_what(line, before, after, net)}"]
    if fitted:
        left = money(line.item_net, line.currency)
        sentences.append(f"Limits of customers leave {left} of it.")
        net = line.item_net
    figures = _figures(line)
    if line.milestone is None:
        figures |= {
            "billed_before": before.billed,
            "exact_before": str(before.exact),
            "exact_after": str(after.exact),
            "billed_after": after.billed,
            "step": net,
        }
    share = _shared(line, net, rounding) if line.is_shared else None
    if share is not None:
        sentences.append(share[0])
        figures |= share[1]
    if line.net_at_rate is not None:
        sentences.append(
            f"Its amount was set by hand to {money(line.net, line.currency)}."
        )
    sentences += tax_sentences(line, snapshot, rounding)
    return Step(
        about="invoice",
        sentences=sentences,
        figures=figures,
        checks=[
            _step_check(line, net),
            *([] if share is None or fitted else share[2]),
            *tax_checks(line, snapshot, rounding),
        ],
    )


def _has_customer_limits(line: BilledLine, snapshot: Snapshot) -> bool:
    terms = snapshot.allotting.get(line.contract_no)
    return bool(terms and terms.customer_caps)


def _what(line: BilledLine, before: RunningTotal, after: RunningTotal, net: int) -> str:
    """Say what is billed, and the step that it is of the contract line's total."""
    currency = line.currency
    to = f" to {line.customer}" if line.is_shared else ""
    if line.milestone is not None:
        total = line.amount_total or line.item_net
        of = (
            ""
            if total == line.item_net
            else f" of {money(total, currency)}, the rest having been billed before"
        )
        to = " several customers" if line.is_shared else ""
        return f"bills{to} {money(line.item_net, currency)}{of}, as it is."
    quantity = spoken_hours(line.seconds)
    if line.units:
        whole = line.units == line.worth_units
        quantity = "the expense" if whole else "a part of the expense"
        quantity += f", exactly {exactly(line.item_exact, currency)}"
    return (
        f"bills{to} {quantity}. Before it the contract"
        f" line was billed {money(before.billed, currency)}, exactly"
        f" {exactly(before.exact, currency)}; with it the exact total is"
        f" {exactly(after.exact, currency)}, rounded"
        f" {money(after.billed, currency)}: the step is {money(net, currency)}."
    )


def _shared(
    line: BilledLine, net: int, rounding: Rounding
) -> tuple[str, dict[str, object], list[Check]]:
    """Say which share of the step the customer pays, and how that is rounded."""
    percent, currency = percent_of(line.share_ppm), line.currency
    figures: dict[str, object] = {"customer": line.customer, "share_percent": percent}
    stored = line.stored_step
    if not line.is_split:
        told = (
            f"{line.customer} pays {percent} % of the work; the others were billed more"
            f" or less of it before. Its part is {money(stored, currency)}."
        )
        return told, figures, []
    exact = net * line.share
    rounded = round_fraction(exact, rounding)
    figures["exact_share"] = str(exact)
    of = "the step" if line.milestone is None else "it"
    told = (
        f"{line.customer} pays {percent} % of {of}, exactly"
        f" {exactly(exact, currency)}, rounded {money(rounded, currency)}"
    )
    if stored == rounded:
        return f"{told}.", {**figures, "takes_difference": False}, []
    difference = money(stored - rounded, currency)
    told += (
        f", and takes the difference that rounding leaves of the {line.item_lines}"
        f" shares, {difference}: {money(stored, currency)}."
    )
    # Rounding moves no share by more than half a unit for each of the others.
    most = max(line.item_lines - 1, 1)
    check = Check(
        figure=f"share of {line.number} line {line.line_no}",
        recomputed=money(rounded, currency),
        stored=money(stored, currency),
    )
    checks = [] if abs(stored - rounded) <= most else [check]
    return told, {**figures, "takes_difference": True}, checks


def _step_check(line: BilledLine, net: int) -> Check:
    what = "net" if not line.is_shared else "step of all customers"
    return Check(
        figure=f"{what} of {line.number} line {line.line_no}",
        recomputed=money(net, line.currency),
        stored=money(line.item_net, line.currency),
    )


def _credited(line: BilledLine) -> Step:
    of = (
        f" of line {line.credits_line_no} of {line.credits_number}"
        if line.credits_number
        else ""
    )
    net = money(line.net, line.currency)
    sentences = [f"{_place(line)} takes off {net}{of}."]
    rate = percent_of(line.tax_rate_ppm)
    sentences.append(
        f"Its tax at {rate} % is {money(line.tax, line.currency)}, by the net credited"
        " to date."
        if line.tax
        else f"Its tax at {rate} % is {money(line.tax, line.currency)}."
    )
    return Step(about="credit note", sentences=sentences, figures=_figures(line))


def _place(line: BilledLine) -> str:
    return f"Line {line.line_no} of {line.number}, {line.invoice_date},"


def _figures(line: BilledLine) -> dict[str, object]:
    return {
        "document": line.number,
        "line": line.line_no,
        "part": line.part,
        "date": line.invoice_date,
        "seconds": line.seconds,
        "net": line.net,
        "tax": line.tax,
    }


def _amounts(
    line: BilledLine,
    expense: StatedExpense | None,
    rules: RulesAt,
    rounding: Rounding,
) -> Step:
    """Tell the line's net four times; a credit at the rates of what it credits."""
    snapshot = rules.at(line.change_no)
    transaction, priced = (line.net, line.currency), None
    if expense is not None and line.worth_units and line.net_at_rate is None:
        part = Fraction(line.units, line.worth_units) * line.share
        transaction = round_fraction(expense.charged * part), expense.currency
        priced = exchange_on(
            snapshot, expense.currency, line.currency, expense.spent_on
        )
    told = Amounts(
        of=f"{line.number} line {line.line_no}",
        transaction=transaction,
        priced=priced,
        contract=line.net,
        currency=line.currency,
        entity_no=line.entity_no,
        entity=line.entity_net,
        booked_on=line.accounting_date,
        books_rate=books_rate(line, rules, rounding),
    )
    return amounts_step(told, snapshot, rounding)
