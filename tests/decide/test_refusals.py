"""What stops an entry is said in a sentence with a remedy; all problems together."""

from datetime import date

from hourline.decide.kernel import VALIDATIONS, decide_columns
from hourline.decide.model import REPORTED, Refusal
from hourline.decide.words import WORDS
from hourline.kernel.codes import PendingState
from hourline.master.model import Activity
from tests.builders import (
    Firm,
    assignment,
    bill_rate,
    contract,
    contract_line,
    cost_rate,
    firm,
    fx_rate,
    hour_type,
    legal_entity,
    person,
    posting_period,
    project,
    tax_rule,
)
from tests.entries import Entry, entry_columns


def _refusal(built: Firm, entry: Entry) -> Refusal:
    decided = decide_columns(entry_columns([entry]), built.snapshot())
    assert decided.decisions.entry_no.tolist() == []
    assert decided.journal.cause_no.tolist() == []
    return decided.refusals[0]


def _said(built: Firm, entry: Entry) -> dict[str, str]:
    return {
        str(problem.code): problem.sentence
        for problem in _refusal(built, entry).problems
    }


def _codes(built: Firm, entry: Entry) -> list[str]:
    return list(_said(built, entry))


def test_every_reported_code_has_a_rule_and_words() -> None:
    assert set(VALIDATIONS) == set(REPORTED) == set(WORDS)


def test_an_entry_of_an_unknown_person_waits() -> None:
    refusal = _refusal(firm(), Entry(person="r-7", seconds=27_000))

    assert refusal.state == PendingState.WAITING
    assert refusal.problems[0].sentence == (
        "7.5 h of r-7 on project P1 on 2025-03-05 waits: person r-7 is not known on"
        " that day."
    )
    assert refusal.problems[0].remedy.startswith("Bring person r-7 into master data")
    assert refusal.problems[0].detail == {
        "person": "r-7",
        "project": "P1",
        "date": "2025-03-05",
        "entity": "US1",
    }


def test_a_person_whose_employer_is_not_known_waits() -> None:
    built = firm()
    built.add("ann", person(entity="gone"))

    assert _said(built, Entry()) == {
        "person_not_known": "1 h of ann on project P1 on 2025-03-05 waits: the legal"
        " entity that employs person ann, or the one that provides them, is not known"
        " on that day."
    }


def test_an_entry_of_an_unknown_project_waits() -> None:
    assert _said(firm(), Entry(project="P9")) == {
        "project_not_known": "1 h of ann on project P9 on 2025-03-05 waits: project P9"
        " is not known on that day."
    }


def test_a_project_that_begins_later_is_not_known_yet() -> None:
    built = firm()
    built.add("P2", project(), effective_from=date(2025, 3, 6))

    assert _codes(built, Entry(project="P2")) == ["project_not_known"]


def test_a_project_without_terms_waits_for_them() -> None:
    line, terms, customer = firm(), firm(), firm()
    line.add("P1", project(contract_line="C9.1"))
    terms.add("C1", contract(entity="gone"))
    customer.add("C1", contract(customer="gone"))

    assert _said(line, Entry()) == {
        "contract_line_not_known": "1 h of ann on project P1 on 2025-03-05 waits: its"
        " contract line is not known on that day."
    }
    expected = {
        "contract_line_not_known": "1 h of ann on project P1 on 2025-03-05 waits:"
        " contract C1 with its entity and customer is not known on that day."
    }
    assert _said(terms, Entry()) == _said(customer, Entry()) == expected


def test_a_line_that_has_ended_is_named() -> None:
    built = firm()
    built.add("C1.1", built.versions[4].content, effective_until=date(2025, 3, 1))

    assert "contract line C1.1" in _said(built, Entry())["contract_line_not_known"]


def test_nobody_works_on_a_closed_project() -> None:
    built = firm()
    built.add("P1", project(status="closed"))

    refusal = _refusal(built, Entry())

    assert refusal.state == PendingState.EXCEPTION
    assert [str(problem.code) for problem in refusal.problems] == ["project_closed"]


def test_an_assignment_must_hold_on_the_work_date() -> None:
    built = firm()
    built.add("P1", project(assigned_only=True))
    built.add(
        "first",
        assignment(),
        effective_from=date(2025, 3, 1),
        effective_until=date(2025, 3, 20),
    )
    built.add(
        "inside",
        assignment(),
        effective_from=date(2025, 3, 2),
        effective_until=date(2025, 3, 4),
    )
    built.add("whose", assignment(person="gone"))
    entries = [
        Entry(entry_no=day, work_date=date(2025, 3, day)) for day in (1, 3, 19, 20)
    ]

    decided = decide_columns(entry_columns(entries), built.snapshot())

    assert decided.decisions.entry_no.tolist() == [1, 3, 19]
    assert decided.refusals[0].problems[0].sentence == (
        "1 h of ann on project P1 on 2025-03-20 is refused: ann is not assigned to the"
        " project on that day."
    )


def test_a_project_that_lists_activities_allows_no_other() -> None:
    built = firm()
    built.add("P1", project(activities=(Activity(id="dev"),)))

    assert _said(built, Entry(activity="golf")) == {
        "activity_not_allowed": "1 h of ann on project P1 on 2025-03-05 is refused: the"
        " project lists its activities and does not allow activity golf."
    }
    assert "an entry without one" in _said(built, Entry())["activity_not_allowed"]
    assert not decide_columns(
        entry_columns([Entry(activity="dev")]), built.snapshot()
    ).refusals


def test_a_stated_hour_type_must_be_known() -> None:
    built = firm()
    built.add("overtime", hour_type(), effective_from=date(2025, 4, 1))
    built.add("regular", hour_type(), effective_from=date(2025, 4, 1))

    assert (
        "hour type holy"
        in _said(firm(), Entry(hour_type="holy"))["hour_type_not_known"]
    )
    assert _codes(built, Entry(hour_type="overtime")) == ["hour_type_not_known"]
    assert "hour type regular" in _said(built, Entry())["hour_type_not_known"]


def test_required_dimensions_come_from_project_or_person() -> None:
    built = firm()
    built.add("US1", legal_entity(required_dimensions=("cost_centre", "service_line")))

    assert _said(built, Entry()) == {
        "dimension_missing": "1 h of ann on project P1 on 2025-03-05 is refused: the"
        " books of US1 require a cost centre and service line, and there is none."
    }


def test_no_open_month_in_two_years_is_a_problem() -> None:
    built = firm()
    for number in range(25):
        period = f"{2025 + (number + 2) // 12}-{(number + 2) % 12 + 1:02}"
        built.add(period, posting_period(period=period))

    assert _codes(built, Entry()) == ["period_closed"]
    built.add("2027-03", posting_period(period="2027-03", status="open"))
    decided = decide_columns(entry_columns([Entry()]), built.snapshot())
    assert decided.decisions.accounting_date.tolist() == [date(2027, 3, 1)]


def test_a_missing_price_is_never_0() -> None:
    assert _said(firm(rate=None), Entry()) == {
        "price_not_found": "1 h of ann on project P1 on 2025-03-05 has no price: no"
        " bill rate in USD matches ann (role consultant) on contract C1 on that day."
    }


def test_time_that_is_not_billed_needs_no_price() -> None:
    decided = decide_columns(
        entry_columns([Entry(billable_seconds=0)]), firm(rate=None).snapshot()
    )

    assert decided.portions.amount.tolist() == [0]


def test_a_firm_with_a_tax_table_needs_a_row_for_what_it_bills() -> None:
    built = firm()
    built.add("german", tax_rule(entity_country="DE"))

    assert _said(built, Entry()) == {
        "tax_not_determined": "1 h of ann on project P1 on 2025-03-05 has no tax rule:"
        " no row of the tax table matches US1 billing ADATUM on that day."
    }
    built.add("C1.1", contract_line(tax_service="training"))
    assert _said(built, Entry())["tax_not_determined"].endswith(
        "matches US1 billing ADATUM for the service training on that day."
    )
    not_billed = decide_columns(
        entry_columns([Entry(billable_seconds=0)]), built.snapshot()
    )
    assert not_billed.decisions.tax_rule_no.tolist() == [-1]


def test_an_accrual_without_a_rate_of_exchange_is_a_problem() -> None:
    built = firm(rate=None)
    built.add("C1", contract(currency="EUR"))
    built.add("rate", bill_rate(currency="EUR"))

    assert _codes(built, Entry()) == ["fx_rate_not_found"]
    built.add("eur", fx_rate(), effective_from=date(2025, 3, 6))
    assert "between EUR and USD" in _said(built, Entry())["fx_rate_not_found"]


def test_work_for_another_entity_has_no_transfer_price() -> None:
    built = firm()
    built.add("GB1", legal_entity(country="GB", currency="GBP"))
    built.add("ann", person(entity="GB1"))
    built.add("ann's cost", cost_rate())

    assert _said(built, Entry()) == {
        "transfer_price_not_found": "1 h of ann on project P1 on 2025-03-05 has no"
        " transfer price: ann is of GB1, contract C1 is of US1, and no row"
        " says what the one charges the other on that day."
    }


def test_all_problems_of_an_entry_are_reported_together() -> None:
    built = firm(rate=None)
    built.add("P1", project(status="closed", assigned_only=True))
    built.add("german", tax_rule(entity_country="DE"))

    assert _codes(built, Entry(hour_type="holy")) == [
        "project_closed",
        "not_assigned",
        "hour_type_not_known",
        "price_not_found",
        "tax_not_determined",
    ]


def test_what_depends_on_an_unknown_record_is_not_guessed() -> None:
    built = firm(rate=None)
    built.add("P1", project(status="closed", assigned_only=True))

    assert _codes(built, Entry(person="bob")) == ["person_not_known", "project_closed"]
