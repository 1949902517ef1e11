"""Find the commands: each module beside this one holds the command of its name."""

import importlib
import keyword
import os
import pkgutil
import sys

import click
from psycopg import OperationalError

import hourline.cli as commands
from hourline.cli.desk import CannotOpen
from hourline.infra.database import AmountTooLarge
from hourline.infra.postgres import CannotStart
from hourline.infra.settings import InvalidSetting

# Modules beside the commands that hold none.
_SHARED = frozenset(
    {
        "allotment_shown",
        "approvals",
        "connection_reading",
        "desk",
        "document_shown",
        "import_report",
        "kinds",
        "main",
        "provisions_shown",
        "render",
        "revenue_shown",
        "soft_closed",
    }
)
_EXIT_REFUSED = 2
_EXIT_DATABASE = 3


class Commands(click.Group):
    """Import a command only when it is asked for, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
        return sorted(_spoken(name) for name in names if name not in _SHARED)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        name = f"{name}_" if keyword.iskeyword(name) else name
        command = getattr(importlib.import_module(f"hourline.cli.{name}"), name)
        return command if isinstance(command, click.Command) else None


def _spoken(module_name: str) -> str:
    return module_name.rstrip("_").replace("_", "-")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hourline")
def main() -> None:
    """Carry approved hours to invoices and ledgers, each exactly once.

    \b
    Exit status: 0 done and proven; 1 done, but something needs a person;
    2 refused or wrongly called; 3 the database cannot be reached.
    """  # noqa: D301 - click keeps the lines after a real backspace character


def run() -> None:
    """Run the command line; an expected refusal is a sentence, not a traceback."""
    try:
        main(standalone_mode=True)
    except (AmountTooLarge, CannotStart, InvalidSetting, CannotOpen) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(_EXIT_DATABASE if isinstance(refusal, CannotStart) else _EXIT_REFUSED)
    except OperationalError as lost:
        click.echo(f"The database cannot be reached: {str(lost).strip()}", err=True)
        sys.exit(_EXIT_DATABASE)
    except BrokenPipeError:
        # The reader of the output went away; there is nobody left to tell.
        os._exit(_EXIT_REFUSED)
