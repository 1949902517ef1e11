"""Keep the reference complete: what exists has its entry, and no entry has no owner."""

import ast
import re
import tomllib

import click
import pytest

from hourline.cli.main import main
from hourline.exceptions.rules.routing import OWNER_OF
from hourline.kernel.problems import QUEUE_OF, ProblemCode, Queue
from tests.docs.pages import page
from tools import cli_reference, problem_reference
from tools.linters.source import ROOT

_SETTING = re.compile(r"HOURLINE_[A-Z0-9_]+|DATABASE_URL")


def _settings() -> list[str]:
    text = (ROOT / "src/hourline/infra/settings.py").read_text(encoding="utf-8")
    constants = [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return sorted({text for text in constants if _SETTING.fullmatch(text)})


def _requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return sorted(re.split(r"[<>=~!\[ ;]", line)[0] for line in lines)


@pytest.mark.parametrize("code", sorted(ProblemCode))
def test_the_problem_has_a_page_that_names_its_queue(code: ProblemCode) -> None:
    text = page(f"docs/reference/problems/{code}.md").text

    assert text.startswith(f"# {code}\n")
    assert f"Queue: `{QUEUE_OF[code]}`." in text
    for title in ("## Meaning", "## What to do"):
        assert f"\n{title}\n" in text


def test_every_page_of_a_problem_belongs_to_a_code() -> None:
    folder = ROOT / "docs" / "reference" / "problems"
    written = {path.stem for path in folder.glob("*.md")} - {"README"}

    assert written == {str(code) for code in ProblemCode}


def test_the_index_of_problems_is_the_one_the_program_writes() -> None:
    written = page(problem_reference.PAGE).text

    assert written == problem_reference.page(), "run: python -m tools.problem_reference"


def test_the_index_names_queue_owner_and_due_time_of_a_problem() -> None:
    written = page(problem_reference.PAGE).text

    assert (
        "| [price_not_found](price_not_found.md) | `pricing` | pricing controller"
        " | 24 h | No row of the rate card fits" in written
    )
    assert (
        "| [person_not_known](person_not_known.md) *waits* | `master_data`" in written
    )


def test_every_queue_has_an_owner_and_a_due_time() -> None:
    assert set(OWNER_OF) == set(Queue)
    assert all(owner and hours > 0 for owner, hours in OWNER_OF.values())


def test_every_exit_code_that_the_command_line_names_has_its_row() -> None:
    stated = re.sub(r"\s+", " ", main.help or "").partition("Exit status:")[2]
    codes = re.findall(r"(?:^|;) (\d)", stated)
    rows = re.findall(
        r"^\| (\d) \|", page("docs/reference/exit-codes.md").text, re.MULTILINE
    )

    assert codes == rows == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    "folder", ["decisions", "explanation", "how-to", "reference", "tutorials"]
)
def test_the_list_of_a_folder_names_each_of_its_pages(folder: str) -> None:
    listed = page(f"docs/{folder}/README.md").text
    names = {path.name for path in (ROOT / "docs" / folder).glob("*.md")}

    assert sorted(name for name in names - {"README.md"} if name not in listed) == []


def test_every_setting_has_an_entry() -> None:
    settings = _settings()
    reference = page("docs/reference/configuration.md").text

    assert settings, "infra/settings.py names no environment variable"
    assert [name for name in settings if f"`{name}`" not in reference] == []


def test_every_setting_that_has_an_entry_is_read() -> None:
    named = set(_SETTING.findall(page("docs/reference/configuration.md").text))

    assert sorted(named - set(_settings())) == []


def test_every_command_and_option_has_its_entry() -> None:
    written = page(cli_reference.PAGE).text

    assert written == cli_reference.page(cli_reference.command_tree()), (
        "run: python -m tools.cli_reference"
    )


def test_every_command_and_option_says_what_it_does() -> None:
    silent = [
        f"{name} {each.opts}" if isinstance(each, click.Option) else name
        for name, command in cli_reference.commands(cli_reference.command_tree())
        for each in [command, *command.params]
        if not isinstance(each, click.Argument) and not getattr(each, "help", None)
    ]

    assert silent == []


def test_the_reference_of_a_command_shows_its_usage_and_options() -> None:
    @click.group(help="Carry hours.")
    def tree() -> None: ...

    @tree.command("replay", help="Recompute.\n\nFrom stored input.")
    @click.argument("day")
    @click.option("--json/--text", help="Write JSON | text.")
    def _replay() -> None: ...

    assert cli_reference.page(tree).partition("`hourline replay")[2] == (
        "`\n\n`hourline replay [OPTIONS] DAY`\n\nRecompute.\n\nFrom stored input.\n\n"
        "| Option | Means |\n|---|---|\n| `--json`, `--text` | Write JSON \\| text. |\n"
    )


def test_every_dependency_has_a_line_in_its_decision_record() -> None:
    record = page("docs/decisions/0003-dependencies.md").text
    listed = re.findall(r"^\| `([\w.-]+)` \|", record, re.MULTILINE)

    assert sorted(listed) == _requirements()


@pytest.mark.parametrize(
    "place", sorted(p.name for p in (ROOT / "docs/decisions").glob("0*.md"))
)
def test_the_decision_record_says_what_it_must(place: str) -> None:
    record = page(f"docs/decisions/{place}")
    titles = [title.lower() for title in record.titles]

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", place)
    assert titles[0].startswith(f"{int(place[:4])}. ")
    assert {
        "context",
        "decision",
        "consequences",
        "rejected alternatives",
        "enforced by",
    } <= set(titles)
