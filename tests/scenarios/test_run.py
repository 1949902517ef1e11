"""A scenario that is not so fails at its step, with what was expected and found."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hourline.cli.scenario import scenario as command
from hourline.infra.database import Database
from hourline.scenarios.format.reading import Scenario, read_scenario
from hourline.scenarios.format.yaml_text import documents
from hourline.scenarios.run import run_scenario

pytestmark = pytest.mark.integration

FIRM = """
scenario: {name}
given:
  entities: [{{id: US1, country: US, currency: USD}}]
  customers: [{{id: ADATUM, country: US}}]
  people: [{{id: ann, entity: US1, role: developer, cost_rate: 100}}]
  contracts:
    - id: C1
      customer: ADATUM
      entity: US1
      lines: [{{id: C1.1, method: time_and_materials}}]
  projects: [{{id: P1, contract_line: C1.1}}]
  rates: [{{role: developer, currency: USD, rate: 200}}]
steps:
{steps}
"""
T1 = "  - approve: {entry: t1, person: ann, project: P1, date: 2025-03-03, hours: 8}\n"
T2 = "  - approve: {entry: t2, person: ann, project: P2, date: 2025-03-04, hours: 1}\n"
BILL = "  - bill: {contract: C1, through: 2025-03-31, date: 2025-03-31}\n"
DRAFT = "  - bill: {contract: C1, through: 2025-03-31, date: 2025-03-31, draft: true}\n"
CREDIT = "  - credit: {invoice: 1, lines: [{entry: t1, hours: 2}]}\n"


def failures(database: Database, steps: str) -> list[str]:
    (document,) = documents(FIRM.format(name="it-is-not-so", steps=steps))
    scenario = read_scenario(document)
    assert isinstance(scenario, Scenario)
    return [
        f"{one.step} {one.action} {one.place}: {one.expected} / {one.found}"
        for one in run_scenario(database, scenario)
    ]


@pytest.mark.parametrize(
    ("steps", "expectation", "said"),
    [
        (T1, "balances: {US1: {cost: 801}}", "balances.US1.cost: 801 / 800"),
        (T1, "balances: {US1: {cash: 1}}", "balances.US1.cash: 1 / 0"),
        (
            T1,
            "balances_by: {US1: {service_line: {tax: {cost: 1}}}}",
            "balances_by.US1.service_line.tax.cost: 1 / 0",
        ),
        (T1, "entries: {t1: {state: posted}}", "entries.t1.state: posted / approved"),
        (
            T1,
            "entries: {t1: {billable: [8, 1601]}}",
            "entries.t1.billable: [8, 1601] / [8, 1600]",
        ),
        (
            T1,
            "entries: {t1: {billable: [7.99, 1600]}}",
            "entries.t1.billable: [7.99, 1600] / [8, 1600]",
        ),
        (
            T1,
            "entries: {t1: {held: [8, 1600]}}",
            "entries.t1.held: [8, 1600] / [0, 0]",
        ),
        (
            T1,
            "open_to_bill: {C1: [8, 1599.99]}",
            "open_to_bill.C1: [8, 1599.99] / [8, 1600]",
        ),
        (T1, "rate: {t1: 199}", "rate.t1: 199 / 200"),
        (
            T1,
            "accounting_date: {t1: 2025-03-04}",
            "accounting_date.t1: 2025-03-04 / 2025-03-03",
        ),
        (T1, "late: [t1]", "late: [t1] / []"),
        (T1, "invoices: 1", "invoices: 1 / 0"),
        (T1, "invoice: {net: 1}", "invoice: one that is issued / none"),
        (T1, "credit_note: {net: -1}", "credit_note: one that is issued / none"),
        (T1, "draft: {contract: C1}", "draft: one of C1 that is open / none"),
        (T1, "journals_balance: false", "journals_balance: false / true"),
        (T1, "unreconciled: 1", "unreconciled: 1 / 0: "),
        (
            T1,
            "effects: {t1: {journals_of_cost: 2}}",
            "effects.t1.journals_of_cost: 2 / 1",
        ),
        (
            T1,
            "exceptions: [{entry: t1, code: price_not_found}]",
            "exceptions: [{entry: t1, code: price_not_found}] / []",
        ),
        (
            T2,
            "entries: {t2: {state: approved}}",
            "entries.t2.state: approved / waiting",
        ),
        (T1 + DRAFT, "draft: {contract: C1, net: 1}", "draft.net: 1 / 1600"),
        (T1 + DRAFT, "draft: {contract: C1, lines: 2}", "draft.lines: 2 / 1"),
        (T1 + BILL, "invoice: {net: 1}", "invoice.net: 1 / 1600"),
        (T1 + BILL, "invoice: {tax: 1}", "invoice.tax: 1 / 0"),
        (T1 + BILL, "invoice: {total: 1}", "invoice.total: 1 / 1600"),
        (T1 + BILL, "invoice: {due: 1}", "invoice.due: 1 / 1600"),
        (T1 + BILL, "invoice: {lines: 2}", "invoice.lines: 2 / 1"),
        (T1 + BILL, "invoice: {contract: C2}", "invoice.contract: C2 / C1"),
        (T1 + BILL, "invoices: 0", "invoices: 0 / 1"),
        (
            T1 + BILL,
            "effects: {t1: {invoice_lines: 0}}",
            "effects.t1.invoice_lines: 0 / 1",
        ),
        (T1 + BILL + CREDIT, "credit_note: {net: -1}", "credit_note.net: -1 / -400"),
        (T1 + BILL + CREDIT, "credit_notes: 0", "credit_notes: 0 / 1"),
        (T1, "entries: {t9: {state: approved}}", ":  / no entry t9"),
        (
            T1,
            "group_balances: {G: {2025-03-31: {total: {cost: 1}}}}",
            ":  / no group G on 2025-03-31; there are: none",
        ),
        (T1, "balances: {US9: {cost: 0}}", ":  / no legal entity US9"),
        (T1, "open_to_bill: {C9: [0, 0]}", ":  / no contract C9"),
    ],
)
def test_what_is_not_so_is_named(
    database: Database, steps: str, expectation: str, said: str
) -> None:
    number = steps.count("\n") + 1

    found = failures(database, f"{steps}  - expect: {{{expectation}}}")

    assert found == [f"{number} expect {said}"]


def test_everything_wrong_at_one_step_is_reported_and_later_steps_are_not(
    database: Database,
) -> None:
    expect = "  - expect: {invoices: 3, balances: {US1: {cost: 1, wip: 1600}}}\n"

    assert failures(database, T1 + expect + BILL + expect) == [
        "2 expect balances.US1.cost: 1 / 800",
        "2 expect invoices: 3 / 0",
    ]


def test_thirds_of_an_hour_may_be_written_with_two_digits(database: Database) -> None:
    steps = T2.replace("P2", "P1").replace("hours: 1", "minutes: 20")

    assert (
        failures(database, steps + "  - expect: {open_to_bill: {C1: [0.33, 66.67]}}")
        == []
    )
    assert failures(
        database, steps + "  - expect: {open_to_bill: {C1: [0.3, 66.67]}}"
    ) == ["2 expect open_to_bill.C1: [0.3, 66.67] / [0.333333, 66.67]"]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("credit: {invoice: last}", "1 credit :  / no invoice last; 0 were issued"),
        (
            "bill: {contract: C9, through: 2025-03-31, date: 2025-03-31}",
            "1 bill :  / There is no contract C9.",
        ),
        ("issue: {contract: C9}", "1 issue :  / There is no contract C9."),
    ],
)
def test_a_step_that_cannot_happen_fails(
    database: Database, step: str, said: str
) -> None:
    assert failures(database, f"  - {step}\n  - expect: {{invoices: 0}}") == [said]


def test_a_changed_record_that_is_refused_waits_as_an_exception(
    database: Database,
) -> None:
    refused = "set_master: {kind: project, id: P3, contract_line: C9.9}"
    waits = "{exceptions: [{code: master_reference_missing}]}"

    assert failures(database, f"  - {refused}\n  - expect: {waits}") == []


def test_master_data_that_does_not_fit_together_fails_before_the_first_step(
    database: Database,
) -> None:
    (document,) = documents(
        "scenario: s\n"
        "given: {people: [{id: ann, entity: US9}]}\n"
        "steps: [{expect: {invoices: 0}}]"
    )
    scenario = read_scenario(document)
    assert isinstance(scenario, Scenario)

    (failure,) = run_scenario(database, scenario)

    assert failure.step is None
    assert failure.found == (
        "person ann refers to legal_entity US9, which is not known yet."
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("tax: [{rate: -5, code: S}]", "a tax of -5 percent is not from 0 to 10000"),
        ("customers: [{id: A, country: Germany}]", "'Germany' is no code of ISO 3166"),
        (
            (
                "fx: [{from_currency: EUR, to_currency: USD, date: 2025-01-01,"
                " rate: 99999999999}]"
            ),
            "more than 10000000 of USD",
        ),
    ],
)
def test_a_scenario_of_bad_input_does_not_begin(
    database: Database, rows: str, told: str
) -> None:
    (document,) = documents(
        f"scenario: s\ngiven:\n  {rows}\nsteps: [{{expect: {{invoices: 0}}}}]"
    )
    scenario = read_scenario(document)
    assert isinstance(scenario, Scenario)

    (failure,) = run_scenario(database, scenario)

    assert failure.step is None
    assert told in failure.found


@pytest.fixture
def run_command(
    database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> CliRunner:
    """Give a runner whose database is the one of the tests."""
    del database  # it is migrated by now
    monkeypatch.setenv("DATABASE_URL", database_url)
    return CliRunner()


def invoke(runner: CliRunner, *arguments: str) -> Result:
    return runner.invoke(command, ["run", *arguments], catch_exceptions=False)


def test_the_command_ends_with_its_one_line_of_counts(
    run_command: CliRunner, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(FIRM.format(name="good", steps="  - expect: {invoices: 0}"))
    bad.write_text(
        FIRM.format(name="bad", steps="  - expect: {invoices: 7}")
        + "---\nscenario: worse\nsteps: [{intercompany_invoice: {lender: A,"
        + " borrower: B, through: 2025-01-31, date: 2025-01-31}},"
        + " {expect: {late: []}}]\n"
        + "---\nscenario: good\nsteps: [{expect: {late: []}}]\n"
        + "---\n[\n"
    )

    passed = invoke(run_command, str(good))
    failed = invoke(run_command, str(good), str(bad))

    assert passed.exit_code == 0
    assert passed.stdout == "ok      good\n1 passed, 0 failed\n"
    assert failed.exit_code == 1
    assert failed.stdout.splitlines() == [
        "ok      good",
        f"FAILED  bad ({bad})",
        "        step 1, expect: invoices: expected 7, found 0",
        f"FAILED  worse ({bad})",
        "        step 1, intercompany_invoice: There is no legal entity A.",
        f"FAILED  good ({bad})",
        f"        scenario: the name is also used in {good}",
        f"FAILED  (bad.yaml) ({bad})",
        (
            "        line 24: this is not YAML: while parsing a flow node, expected the"
            " node content, but found '<stream end>'"
        ),
        "1 passed, 4 failed",
    ]


def test_the_command_reports_as_json(run_command: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(FIRM.format(name="one", steps="  - expect: {invoices: 7}"))

    reported = invoke(run_command, "--json", str(file))

    assert reported.exit_code == 1
    assert json.loads(reported.stdout) == {
        "passed": 0,
        "failed": 1,
        "scenarios": [
            {
                "file": str(file),
                "scenario": "one",
                "passed": False,
                "failures": [
                    {
                        "step": 1,
                        "action": "expect",
                        "place": "invoices",
                        "expected": "7",
                        "found": "0",
                    }
                ],
            }
        ],
    }
