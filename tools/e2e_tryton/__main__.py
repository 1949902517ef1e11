"""Run the campaign against a real Tryton: `python -m tools.e2e_tryton`."""

import sys

import click

from tools.e2e_tryton.campaign import ROUNDS, campaign
from tools.e2e_tryton.work import invent_month
from tools.tryton.install import CannotInstall


@click.command()
@click.option("--seed", default=1, show_default=True, help="Of the month and faults.")
@click.option("--keyed", is_flag=True, help="The ERP refuses a second document's key.")
@click.option("--only", type=click.Choice([*ROUNDS]), multiple=True, help="A round.")
def main(*, seed: int, keyed: bool, only: tuple[str, ...]) -> None:
    """Carry an export to the books of a real ERP, through faults, and judge them."""
    proven = True
    click.echo(f"Seed {seed}")
    month = invent_month(seed=seed)
    rounds = {name: ROUNDS[name] for name in only or ROUNDS}
    try:
        for found in campaign(month, seed=seed, is_keyed=keyed, rounds=rounds):
            proven &= not found.findings
            word = "proven" if not found.findings else "WRONG"
            click.echo(
                f"{found.name}: {word}; {found.documents} documents, hurt {found.hurts}"
                " times"
            )
            for finding in found.findings:
                click.echo(f"  {finding}")
    except CannotInstall as reason:
        raise click.ClickException(str(reason)) from reason
    sys.exit(0 if proven else 1)


if __name__ == "__main__":
    main()
