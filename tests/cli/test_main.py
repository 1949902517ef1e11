"""The command line as a whole says what it offers and how it ends."""

from click.testing import CliRunner

from hourline.cli.main import main


def test_the_help_states_the_exit_codes_and_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"])

    lines = [line.strip() for line in shown.stdout.splitlines()]
    names = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :]]
    assert r"\b" not in shown.stdout
    assert "2 refused or wrongly called; 3 the database cannot be reached." in lines
    assert {"audit", "billing", "import", "postings", "reconcile"} <= set(names)
    assert not {"desk", "kinds", "main", "render", "import-"} & set(names)
