"""An engine's answer counts where it fits what was asked, to the minor unit."""

import json
from decimal import Decimal

import pytest

from hourline.billing.rules.tax_answer import fitting_answer
from hourline.billing.tax_engine_model import (
    AnsweredLine,
    AskedLine,
    BillOf,
    TaxAnswer,
    TaxQuestion,
)

QUESTION = TaxQuestion(
    key="k",
    about=BillOf(1, "C1"),
    connection="vertax",
    decimals=2,
    body=b"",
    lines=(AskedLine("1/1", 200_01), AskedLine("1/2", -10_00)),
)
SECOND = {"id": "1/2", "code": "CA", "rate": "9.25", "tax": "-0.93"}


def answer(**changes: object) -> dict[str, object]:
    """Give an answer whose first line has some fields changed."""
    first = {"id": "1/1", "code": "CA", "rate": "9.25", "tax": "18.50", **changes}
    return {"reference": "calc-7", "lines": [first, SECOND]}


def test_figures_may_be_numbers_or_text_and_lines_in_any_order() -> None:
    said = answer(rate=Decimal("9.25"), tax=18)
    assert isinstance(said["lines"], list)
    said["lines"].reverse()
    said["lines"][1]["tax"] = Decimal("18.51")

    assert fitting_answer(QUESTION, said) == TaxAnswer(
        "calc-7",
        (
            AnsweredLine("1/1", "CA", 92_500, 18_51),
            AnsweredLine("1/2", "CA", 92_500, -93),
        ),
    )


@pytest.mark.parametrize("tax", ["18.50", "18.51"])
def test_a_tax_within_a_cent_of_rate_and_net_is_taken(tax: str) -> None:
    # 9.25 % of 200.01 is 18.500925.
    assert isinstance(fitting_answer(QUESTION, answer(tax=tax)), TaxAnswer)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tax": "18.52"}, "the tax of line 1/1 does not follow from its rate and net"),
        ({"tax": "18.49"}, "the tax of line 1/1 does not follow from its rate and net"),
        (
            {"rate": "0", "tax": "0.01"},
            "the tax of line 1/1 does not follow from its rate and net",
        ),
        (
            {"rate": "0.0001", "tax": "-0.01"},
            "the tax of line 1/1 does not follow from its rate and net",
        ),
        ({"tax": "18.505"}, "the tax of line 1/1 is too fine"),
        ({"rate": "9.25001"}, "the rate of line 1/1 is too fine"),
        ({"rate": "-1"}, "the rate of line 1/1 is not from 0 to 100 percent"),
        ({"rate": "100.5"}, "the rate of line 1/1 is not from 0 to 100 percent"),
        ({"rate": "1e9"}, "the rate of line 1/1 is not a plain decimal"),
        ({"rate": True}, "the rate of line 1/1 is not a plain decimal"),
        ({"tax": None}, "the tax of line 1/1 is not a plain decimal"),
        ({"code": ""}, "code is not a text of 1 to 200 characters"),
        ({"code": "A\x00"}, "code has characters that cannot be shown"),
        ({"id": "1/2"}, "its lines are not those that were asked"),
        ({"id": "1/3"}, "its lines are not those that were asked"),
        ({"id": 1}, "id is not a text of 1 to 200 characters"),
    ],
)
def test_a_line_that_does_not_fit_is_refused(
    changes: dict[str, object], why: str
) -> None:
    assert fitting_answer(QUESTION, answer(**changes)) == why


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], "the answer is not an object"),
        ({"lines": []}, "reference is not a text of 1 to 200 characters"),
        ({"reference": "r"}, "it has no list of lines"),
        ({"reference": "r", "lines": ["1/1"]}, "a line is not an object"),
        (
            {"reference": "r", "lines": [SECOND]},
            "its lines are not those that were asked",
        ),
    ],
)
def test_what_is_no_answer_is_refused(said: object, why: str) -> None:
    assert fitting_answer(QUESTION, json.loads(json.dumps(said))) == why
