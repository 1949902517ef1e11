"""Write docs/reference/cli.md from the commands themselves.

Run it with `python -m tools.cli_reference` after a command or an option changed;
a test compares the page with what this program would write.
"""

import importlib
import inspect
from collections.abc import Iterator

import click

from tools.linters.source import ROOT

PAGE = "docs/reference/cli.md"
_HEAD = """# Commands

This page is written by `python -m tools.cli_reference`; do not edit it.
Every command says the same with `--help`.
"""


def command_tree() -> click.Group:
    """Return the product's whole command line."""
    main: object = importlib.import_module("hourline.cli.main").main
    if not isinstance(main, click.Group):
        message = "hourline.cli.main.main is not a click group"
        raise TypeError(message)
    return main


def commands(
    command: click.Command, path: str = "hourline"
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is not hidden, with its full name, parents first."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from commands(inner, f"{path} {name}")


def page(tree: click.Group) -> str:
    """Return the whole reference page."""
    return "\n".join([_HEAD, *(_entry(*each) for each in commands(tree))])


def _entry(name: str, command: click.Command) -> str:
    usage = " ".join([name, *command.collect_usage_pieces(click.Context(command))])
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    options = [row for each in command.params for row in _option(each)]
    table = ["| Option | Means |", "|---|---|", *options, ""] if options else []
    return "\n".join([f"## `{name}`", "", f"`{usage}`", "", text, "", *table])


def _option(parameter: click.Parameter) -> Iterator[str]:
    if isinstance(parameter, click.Option) and not parameter.hidden:
        spelled = "`, `".join([*parameter.opts, *parameter.secondary_opts])
        means = " ".join((parameter.help or "").split()).replace("|", "\\|")
        yield f"| `{spelled}` | {means} |"


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(command_tree()), encoding="utf-8")
