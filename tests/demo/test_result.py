"""What the month brought is added up from the balances of the books."""

from hourline.demo.result import month_results
from hourline.kernel.codes import Role
from hourline.proof.balances import RoleBalance


def test_a_result_is_income_less_cost_and_the_position_stands_beside_it() -> None:
    results = month_results(
        [
            RoleBalance("US1", 840, Role.RECEIVABLE, 11_700),
            RoleBalance("US1", 840, Role.RETAINAGE, 1_300),
            RoleBalance("US1", 840, Role.REVENUE, -10_000),
            RoleBalance("US1", 840, Role.IC_REVENUE, -2_000),
            RoleBalance("US1", 840, Role.COST, 6_000),
            RoleBalance("US1", 840, Role.EXPENSE_COST, 500),
            RoleBalance("US1", 840, Role.CROSS_CHARGE, 700),
            RoleBalance("US1", 840, Role.CROSS_CHARGE_RECOVERY, -700),
            RoleBalance("US1", 840, Role.ROUNDING, 1),
            RoleBalance("US1", 840, Role.TAX_PAYABLE, -900),
            RoleBalance("US1", 840, Role.INPUT_TAX, 50),
            RoleBalance("GB1", 826, Role.REVENUE, -3),
        ]
    )

    shown = {(one.entity, one.name): one.amount for one in results if one.amount}

    assert shown == {
        ("US1", "revenue from customers"): 10_000,
        ("US1", "revenue from other entities"): 2_000,
        ("US1", "cost of own people and subcontractors"): -6_000,
        ("US1", "expenses"): -500,
        ("US1", "exchange, rounding, write-offs, provisions"): -1,
        ("US1", "margin"): 5_499,
        ("US1", "owed by customers"): 11_700,
        ("US1", "withheld by customers until later"): 1_300,
        ("US1", "sales tax owed, less input tax"): -850,
        ("GB1", "revenue from customers"): 3,
        ("GB1", "margin"): 3,
    }
    assert {one.currency for one in results} == {"USD", "GBP"}
