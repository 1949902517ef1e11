"""Explain tax, rate of exchange and journal lines: which rule, which account, why."""

from collections.abc import Iterator
from fractions import Fraction

from hourline.decide.model import Case, JournalColumns
from hourline.flow.explain.model import Step, exactly, money
from hourline.kernel.codes import Effect, Role
from hourline.kernel.columns import NOTHING
from hourline.kernel.effective import day_of
from hourline.kernel.money import currency_numbered
from hourline.master.model import TaxRule
from hourline.master.rulebook.tables import TAX
from hourline.master.snapshot import RecordNotKnown, Snapshot
from hourline.master.snapshot.tax import tax_group

_TRIED_MAX = 20


def tax_step(case: Case, snapshot: Snapshot) -> Step:
    """Explain which row of the tax table holds, and why none before it does."""
    rules, row = snapshot.catalogue.tax_rules, int(case.found.tax_rule[0])
    if not rules.spans:
        return Step(about="tax", sentences=["The firm has no tax table: no tax."])
    if row == NOTHING:
        return Step(about="tax", sentences=["Nothing is to be billed: no tax."])
    span = rules.spans[row]
    sentences = [
        (
            f"The row {rules.id_of(span)} holds: {span.content.rate} %, code"
            f" {span.content.code}{_reason(span.content)}."
        )
    ]
    facts = _facts(case, snapshot)
    if facts["service"] is not None:
        told = f"The contract line {facts['contract_line']} is of the tax service"
        sentences.append(f"{told} {facts['service']}.")
    skipped = list(_skipped(case, snapshot, row, facts))
    sentences += [
        f"{id_}, tried before, does not: {why}." for id_, why in skipped[:_TRIED_MAX]
    ]
    return Step(
        about="tax",
        sentences=sentences,
        figures={
            "row": rules.id_of(span),
            "rate_percent": span.content.rate,
            "code": span.content.code,
            "service": facts["service"],
            "matched": {
                name: value
                for name in TAX.shape.columns
                if (value := getattr(span.content, name)) is not None
            },
            "tried_before": [id_ for id_, _ in skipped],
        },
    )


def _reason(rule: TaxRule) -> str:
    return f", {rule.reason}" if rule.reason else ""


def _skipped(
    case: Case, snapshot: Snapshot, row: int, facts: dict[str, object]
) -> Iterator[tuple[str, str]]:
    rules = snapshot.catalogue.tax_rules
    holding = rules.spans[row]
    day = day_of(int(case.batch.day[0]))
    order = (holding.content.order, holding.dense)
    for span in sorted(rules.spans, key=lambda one: (one.content.order, one.dense)):
        if (span.content.order, span.dense) >= order:
            return
        if not span.effective_from <= day < span.effective_until:
            yield rules.id_of(span), f"it does not hold on {day}"
            continue
        yield rules.id_of(span), _mismatch(span.content, facts)


def _facts(case: Case, snapshot: Snapshot) -> dict[str, object]:
    masters, kept = case.masters, snapshot.catalogue
    customer = kept.customers.spans[int(masters.customer_row[0])]
    entity = kept.entities.spans[int(masters.entity_row[0])].content
    entity_country, entity_has_tax_id = tax_group(entity)
    customer_country, customer_has_tax_id = tax_group(customer.content)
    return {
        "service": kept.lines.spans[int(masters.line_row[0])].content.tax_service,
        "entity_country": entity_country,
        "entity_has_tax_id": entity_has_tax_id,
        "customer_country": customer_country,
        "customer_has_tax_id": customer_has_tax_id,
        "contract_line": kept.lines.ids[int(masters.line[0])],
        "customer": kept.customers.id_of(customer),
    }


def _mismatch(rule: TaxRule, facts: dict[str, object]) -> str:
    for name, fact in facts.items():
        asked = getattr(rule, name)
        if asked != fact and asked is not None:
            found = "none" if fact is None else fact
            return f"it asks for {name.replace('_', ' ')} {asked}, here it is {found}"
    return "it matches, but holds in another time"


def exchange_step(case: Case, snapshot: Snapshot) -> Step | None:
    """Explain the rate of exchange of an accrual; None where none is needed."""
    row = int(case.found.fx_rate[0])
    if row == NOTHING:
        return None
    rates = sorted(snapshot.catalogue.fx_rates.spans, key=lambda one: one.change_no)
    span = rates[row]
    books = int(snapshot.columns.entities.currency[case.masters.entity_row[0]])
    foreign = int(case.masters.currency[0])
    day = day_of(int(case.found.days.accounting_day[0]))
    ratio = Fraction(int(case.found.fx_numerator[0]), int(case.found.fx_denominator[0]))
    direct = span.content.from_currency == currency_numbered(foreign).code
    how = "" if direct else ", taken as its exact inverse"
    id_ = snapshot.catalogue.fx_rates.id_of(span)
    return Step(
        about="rate of exchange",
        sentences=[
            (
                f"The row {id_} holds on the accounting date {day}: 1"
                f" {span.content.from_currency} is {span.content.rate}"
                f" {span.content.to_currency}{how}. One"
                f" {currency_numbered(foreign).code} is so"
                f" {exactly(ratio * 10 ** currency_numbered(foreign).decimals, books)}."
            )
        ],
        figures={
            "row": id_,
            "date": day,
            "minor_unit_ratio": ratio,
            "inverse": not direct,
        },
    )


def date_step(case: Case, snapshot: Snapshot) -> Step:
    """Explain the accounting date: the work date, or the next open month."""
    worked, booked = int(case.batch.day[0]), int(case.found.days.accounting_day[0])
    costs = int(case.found.days.cost_day[0])
    entity = snapshot.catalogue.entities.ids[int(case.masters.entity[0])]
    if worked == booked:
        told = f"The accounting date is the work date {day_of(booked)}."
    else:
        told = (
            f"The month of {day_of(worked)} is closed for {entity}, so the accounting"
            f" date is {day_of(booked)} and the entry is late."
        )
    step = Step(
        about="accounting date",
        sentences=[told],
        figures={"date": day_of(booked), "late": worked != max(booked, costs)},
    )
    if costs != booked:
        step.sentences.append(_costs_apart(entity, costs, worked))
        step.figures["costs_on"] = day_of(costs)
    return step


def _costs_apart(entity: str, costs: int, worked: int) -> str:
    late = "" if costs == worked else ", and the entry is late"
    return f"By the months of the costs of {entity} these are on {day_of(costs)}{late}."


def journal_step(journal: JournalColumns, snapshot: Snapshot) -> Step:
    """Explain what was booked: debit and credit by role and account, and dimensions."""
    sentences, lines = [], []
    for row in range(len(journal.amount)):
        told, figures = _line(journal, row, snapshot)
        sentences.append(told)
        lines.append(figures)
    return Step(
        about="journal",
        sentences=sentences or ["Nothing is booked for an amount of 0."],
        figures={"lines": lines},
    )


def _line(
    journal: JournalColumns, row: int, snapshot: Snapshot
) -> tuple[str, dict[str, object]]:
    entity_no, project_no = int(journal.entity_no[row]), int(journal.project_no[row])
    debit, credit = Role(int(journal.debit[row])), Role(int(journal.credit[row]))
    amount, currency = int(journal.amount[row]), int(journal.currency[row])
    own = int(journal.entity_amount[row]), int(journal.entity_currency[row])
    service_line = _service_line(snapshot, project_no)
    booked_on = journal.accounting_date[row].item()
    accounts = [
        snapshot.account(entity_no, role, service_line, on=booked_on)
        for role in (debit, credit)
    ]
    project = snapshot.project(project_no).content
    dimensions = {
        "service_line": project.service_line,
        "cost_centre": project.cost_centre,
    }
    effect = Effect(int(journal.effect[row])).name.lower().replace("_", " ")
    translated = "" if currency == own[1] else f", {money(*own)} in the books"
    of = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in dimensions.items()
        if value
    ]
    told = (
        f"{effect}: Dr {_account(debit, accounts[0])} / Cr"
        f" {_account(credit, accounts[1])} {money(amount, currency)}{translated},"
        f" {snapshot.entity(entity_no).id}, {journal.accounting_date[row]}"
        f"{', ' + ', '.join(of) if of else ''}."
    )
    return told, {
        "effect": effect,
        "debit": {"role": debit.name.lower(), "account": accounts[0]},
        "credit": {"role": credit.name.lower(), "account": accounts[1]},
        "amount": amount,
        "currency": currency_numbered(currency).code,
        "entity": snapshot.entity(entity_no).id,
        "entity_amount": own[0],
        "dimensions": dimensions,
    }


def _account(role: Role, number: str | None) -> str:
    name = role.name.lower()
    return f"{name} (account {number})" if number else f"{name} (no account)"


def _service_line(snapshot: Snapshot, project_no: int) -> int | None:
    try:
        return snapshot.project(project_no).service_line_no
    except RecordNotKnown:
        return None
