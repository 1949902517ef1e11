"""Run or check every code block of the documentation."""

import click
import pytest

from tests.docs import commands
from tests.docs.pages import Page, blocks_in, pages

CONSOLE = [(f"{p.place}:{b.line_number}", b.body) for p, b in blocks_in("console")]


@click.group()
def _shown() -> None:
    """Stand in for a command line."""


@_shown.command()
@click.option("--seed", type=int)
@click.option("--keep/--discard")
@click.argument("file")
def _replay(seed: int, file: str, *, keep: bool) -> None:
    """Stand in for a command."""


_shown.add_command(_replay, "replay")


def test_every_block_names_its_language() -> None:
    bare = [
        f"{page.place}:{block.line_number}"
        for page in pages()
        for block in page.blocks
        if not block.language
    ]

    assert bare == []


def test_the_python_of_every_page_runs() -> None:
    for page in pages():
        run_python(page)


@pytest.mark.parametrize(
    ("place", "body"), CONSOLE, ids=[place for place, _ in CONSOLE]
)
def test_the_commands_of_the_block_exist(place: str, body: str) -> None:
    calls = commands.shown_commands(body)
    faults = [fault for call in calls for fault in commands.faults(call)]

    assert calls, f"{place} shows no command; each starts with '$ '"
    assert faults == []


def run_python(page: Page) -> None:
    """Run the page's Python blocks in order, in one namespace."""
    namespace: dict[str, object] = {"__name__": "__docs__"}
    for block in page.blocks:
        if block.language == "python":
            where = f"{page.place}:{block.line_number}"
            exec(compile(block.body, where, "exec"), namespace)  # noqa: S102 - running the repository's own pages is the test


def test_a_page_whose_python_fails_is_found() -> None:
    page = Page("docs/x.md", "```python\nhours = 2\n```\n\n```python\nhours / 0\n```\n")

    with pytest.raises(ZeroDivisionError):
        run_python(page)


def test_calls_are_taken_from_prompts_only() -> None:
    console = (
        "$ cd books && HOURLINE_STATE=x hourline trace 'a b' \\\n    --json | head\n"
        "hourline was here\n"
        "$ make demo  # a month\n"
    )

    assert commands.shown_commands(console) == [
        ["cd", "books"],
        ["hourline", "trace", "a b", "--json"],
        ["head"],
        ["make", "demo"],
    ]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("hourline replay day.csv", []),
        ("hourline replay --seed 7 --discard day.csv", []),
        ("hourline replay --seed=7 day.csv", []),
        ("hourline replay --help", []),
        ("hourline rewind", ["no hourline rewind"]),
        ("hourline replay --sed 7 day.csv", ["hourline replay has no option --sed"]),
        (
            "hourline replay day.csv night.csv",
            ["hourline replay takes no argument night.csv"],
        ),
        ("hourline --fast replay", ["hourline has no option --fast"]),
        ("make test", []),
        ("make coffee", ["no make target coffee"]),
        ("git status", []),
    ],
)
def test_what_does_not_exist_is_found(
    line: str, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "command_tree", lambda: _shown)

    assert commands.faults(line.split()) == faults
