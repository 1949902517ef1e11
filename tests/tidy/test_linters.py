"""Prove of every linter that it bites, and that its escape needs a reason."""

import pytest

from tools.linters import (
    glossary,
    machine_paths,
    mocks,
    module_sentence,
    names,
    no_any,
    purity,
    sizes,
    suppressions,
)
from tools.linters.source import Source

RULE = "src/hourline/decide/rules/price.py"
PLAIN = "src/hourline/billing/service.py"


def _source(body: str, place: str = PLAIN) -> Source:
    return Source(place, f'"""Price an hour."""\n\n{body}\n')


@pytest.mark.parametrize(
    "body",
    [
        "share = 0.5",
        "share = 1e3",
        "share: float = 1",
        "share = float(1)",
        "share = numpy.float64(1)",
        "share = net / 3",
        "net /= 3",
        "cents = round(net)",
        "today = date.today()",
        "at = datetime.now(tz=UTC)",
        "key = uuid.uuid4()",
        "rows = open('rates.csv')",
        "print(net)",
        "root = math.sqrt(net)",
        "from math import sqrt",
        "import logging",
        "import random",
        "from time import sleep",
        "import psycopg.rows",
    ],
)
def test_a_rule_cannot_be_impure(body: str) -> None:
    assert [found.line_number for found in purity.check(_source(body, RULE))] == [3]


@pytest.mark.parametrize(
    "body",
    [
        "share = Fraction(net) / 3",
        "share = net // 3",
        "share = Decimal('0.5')",
        "from math import gcd",
        "import numpy as np",
        "from hourline.kernel.problems import Problem",
        "share = net / 3  # lint-skip: purity - both sides are Fractions",
        "# lint-skip: purity - both sides are Fractions\nshare = net / 3",
    ],
)
def test_exact_arithmetic_is_pure(body: str) -> None:
    assert list(purity.check(_source(body, RULE))) == []


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("src/hourline/kernel/money.py", 1),
        ("src/hourline/kernel/tables/lookup.py", 1),
        ("src/hourline/billing/rules/terms.py", 1),
        ("src/hourline/billing/rules.py", 1),
        ("src/hourline/billing/service.py", 0),
        ("tests/decide/rules/test_price.py", 0),
    ],
)
def test_purity_is_asked_of_the_kernel_and_of_rules_only(
    place: str, found: int
) -> None:
    assert len(list(purity.check(_source("share = 0.5", place)))) == found


@pytest.mark.parametrize("body", ["row: Any = 1", "row: typing.Any = 1"])
def test_a_rule_cannot_say_any(body: str) -> None:
    assert len(list(no_any.check(_source(body, RULE)))) == 1
    assert list(no_any.check(_source(body))) == []


def test_a_function_of_sixty_one_lines_is_too_long() -> None:
    sixty = "def price():\n" + "    pass\n" * 59
    longer = sixty + "    pass\n"

    assert list(sizes.check(_source(sixty))) == []
    assert "\n".join(str(found) for found in sizes.check(_source(longer))) == (
        "src/hourline/billing/service.py:3: sizes: "
        "price has 61 lines; split it below 60"
    )


@pytest.mark.parametrize(
    ("place", "lines_max"),
    [
        ("src/hourline/billing/service.py", 400),
        ("tests/billing/test_service.py", 400),
        ("src/hourline/connectors/sdk/egress.py", 400),
        ("src/hourline/connectors/sandbox/psa.py", 400),
        ("src/hourline/connectors/netsuite.py", 150),
        ("src/hourline/connectors/odoo/invoices.py", 150),
    ],
)
def test_a_file_has_a_limit_that_is_lower_for_vendors(
    place: str, lines_max: int
) -> None:
    full = Source(place, "\n" * lines_max)
    over = Source(place, "\n" * (lines_max + 1))
    excused = Source(place, "# lint-skip: sizes - two dialects\n" + "\n" * lines_max)

    assert list(sizes.check(full)) == []
    assert len(list(sizes.check(over))) == 1
    assert list(sizes.check(excused)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 1),
        ("import re\n", 1),
        ('"""Price an hour"""\n', 1),
        ('"""Price an hour. Then round it."""\n', 1),
        ('"""Price an hour."""\n', 0),
        ('"""Price an hour.\n\nRound it later. Never here.\n"""\n', 0),
    ],
)
def test_a_module_opens_with_one_sentence(text: str, found: int) -> None:
    assert len(list(module_sentence.check(Source(PLAIN, text)))) == found


@pytest.mark.parametrize(
    "place",
    [
        "src/hourline/utils.py",
        "src/hourline/billing/helpers.py",
        "src/hourline/common/money.py",
        "src/hourline/connectors/base.py",
        "tests/helpers.py",
        "tools/manager/run.py",
    ],
)
def test_a_module_name_says_what_it_holds(place: str) -> None:
    assert len(list(names.check(_source("", place)))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "class AbstractRule: pass",
        "class RuleImpl: pass",
        "class RuleBase: pass",
        "class RateManager: pass",
        "class ERPHelper: pass",
        "class InvoiceData: pass",
        "class InvoiceInfo: pass",
        "def process_entries(): pass",
        "def handle(): pass",
        "async def _do_it(): pass",
    ],
)
def test_a_name_that_says_nothing_is_refused(body: str) -> None:
    assert len(list(names.check(_source(body)))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "class Database: pass",
        "class MasterDataRecord: pass",
        "class Information: pass",
        "def processed_entries(): pass",
        "def do_GET(): pass  # lint-skip: names - http.server calls it by this name",
    ],
)
def test_a_name_that_only_looks_alike_is_accepted(body: str) -> None:
    assert list(names.check(_source(body))) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: S101",
        "# noqa: S101 because",
        "# ruff: noqa",
        "# type: ignore",
        "# type: ignore[arg-type]",
        "# type: ignore  # the stub is wrong",
        "# pragma: no cover",
        "# lint-skip: sizes",
        "# lint-skip",
        "# fmt: off",
    ],
)
def test_a_suppression_without_code_or_reason_is_refused(comment: str) -> None:
    assert len(list(suppressions.check(_source(f"price = 1  {comment}")))) == 1


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: S101 - the type checker needs it",
        "# noqa: S101, B011 - the type checker needs it",
        "# type: ignore[arg-type]  # the stub is wrong",
        "# type: ignore[arg-type, misc]  # the stub is wrong",
        "# pragma: no cover - runs on Windows only",
        "# lint-skip: sizes - one table",
        "# says why",
    ],
)
def test_a_suppression_with_code_and_reason_is_accepted(comment: str) -> None:
    assert list(suppressions.check(_source(f"price = 1  {comment}"))) == []


@pytest.mark.parametrize(
    "body",
    [
        "import unittest.mock",
        "from unittest import mock",
        "from unittest.mock import Mock",
        "import pytest_mock",
        "def test_it(mocker): pass",
    ],
)
def test_mocks_are_refused(body: str) -> None:
    assert len(list(mocks.check(_source(body, "tests/test_it.py")))) == 1


def test_other_parts_of_unittest_are_no_mocks() -> None:
    assert list(mocks.check(_source("from unittest import TestCase"))) == []


@pytest.mark.parametrize(
    "path", ["home/ann/rates.csv", "root/.ssh", "tmp/rates.csv", "work/rates.csv"]
)
def test_a_path_of_one_machine_is_found(path: str) -> None:
    assert len(list(machine_paths.find("docs/index.md", f"see `/{path}`"))) == 1


@pytest.mark.parametrize(
    "text",
    ["docs/work/index.md", "https://example.org/home/ann", "/etc/hourline", "and/or"],
)
def test_other_paths_are_no_paths_of_one_machine(text: str) -> None:
    assert list(machine_paths.find("docs/index.md", text)) == []


@pytest.mark.parametrize(
    ("body", "use"),
    [
        ("class Resource: pass", "person"),
        ("class ResourceRow: pass", "person"),
        ("def price_list(): pass", "rate card > bill rate"),
        ("UNBILLED_MAX = 1", "work in progress (WIP)"),
        ("class Entity:\n    company_name: str", "legal entity"),
        ("class Run:\n    def rerun(self): pass", "replay"),
    ],
)
def test_a_refused_word_in_a_public_name_is_found(body: str, use: str) -> None:
    (found,) = glossary.check(_source(body))

    assert f"the glossary says '{use}'" in found.remedy


@pytest.mark.parametrize("body", ["class Line: pass", "def rates(): pass"])
def test_a_word_that_needs_another_is_found_alone(body: str) -> None:
    (found,) = glossary.check(_source(body))

    assert "never stands alone" in found.remedy


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("class InvoiceLine:\n    rate: int", PLAIN),
        ("def _resource(): pass", PLAIN),
        ("class Resource: pass", "src/hourline/connectors/netsuite.py"),
        ("class Resource: pass", "src/hourline/scenario/format.py"),
        ("class Resource: pass", "tests/billing/test_service.py"),
        ("class Resource: pass  # lint-skip: glossary - RFC 9728's word", PLAIN),
    ],
)
def test_a_word_is_free_where_the_glossary_does_not_reach(
    body: str, place: str
) -> None:
    assert list(glossary.check(_source(body, place))) == []
