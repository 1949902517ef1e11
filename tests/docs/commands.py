"""Judge the commands that the documentation shows against those that exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

import click

from tools.cli_reference import command_tree
from tools.linters.source import ROOT

_OPERATORS = frozenset("| || & && ; > >> < ( )".split())
_SETTING = re.compile(r"[A-Z][A-Z0-9_]*=.*")


def shown_commands(console: str) -> list[list[str]]:
    """Take from a console block what was typed after `$`, one list per program call."""
    typed = re.findall(r"^\$ (.*)$", console.replace("\\\n", " "), re.MULTILINE)
    return [call for line in typed for call in _calls(line)]


def _calls(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    call: list[str] = []
    for word in [*lexer, ";"]:
        if word in _OPERATORS:
            if call:
                yield call
            call = []
        elif call or not _SETTING.fullmatch(word):
            call.append(word)


def faults(call: list[str]) -> list[str]:
    """Say what is wrong with a call of hourline or make; other programs pass."""
    program = PurePosixPath(call[0]).name
    if program == "hourline":
        return _faults_of(command_tree(), call[1:], "hourline")
    if program == "make":
        targets = [word for word in call[1:] if not re.match(r"-|[A-Z_]+=", word)]
        return [f"no make target {word}" for word in targets if not _is_target(word)]
    return []


def _is_target(word: str) -> bool:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return bool(re.search(rf"^{re.escape(word)}:", makefile, re.MULTILINE))


def _faults_of(command: click.Command, words: list[str], name: str) -> list[str]:
    context = click.Context(command)
    parameters = command.get_params(context)
    rest = list(words)
    places = sum(_places(parameter) for parameter in parameters)
    while rest:
        word = rest.pop(0)
        if word.startswith("-") and word != "-":
            option = _option(parameters, word.partition("=")[0])
            if option is None:
                return [f"{name} has no option {word}"]
            if "=" not in word and not option.is_flag and not option.count:
                del rest[: option.nargs]
        elif isinstance(command, click.Group):
            inner = command.get_command(context, word)
            called = f"{name} {word}"
            return _faults_of(inner, rest, called) if inner else [f"no {called}"]
        elif (places := places - 1) < 0:
            return [f"{name} takes no argument {word}"]
    return []


def _places(parameter: click.Parameter) -> float:
    if not isinstance(parameter, click.Argument):
        return 0
    return float("inf") if parameter.nargs < 0 else parameter.nargs


def _option(parameters: list[click.Parameter], name: str) -> click.Option | None:
    for parameter in parameters:
        names = [*parameter.opts, *parameter.secondary_opts]
        if isinstance(parameter, click.Option) and name in names:
            return parameter
    return None
