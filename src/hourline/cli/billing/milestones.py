"""The commands that hold a reached milestone out of billing, and release it."""

from typing import TypedDict, Unpack

import click

from hourline.cli.closing.changing import said_options
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import refusing


class Named(TypedDict):
    """Hold which milestone is meant, and who says what of it and why."""

    line: str
    milestone: str
    reason: str
    actor: str
    demo: bool
    slug: str | None
    as_json: bool


@click.command("hold-milestone")
@click.argument("line")
@click.argument("milestone")
@said_options
@desk_options
def hold_milestone(**said: Unpack[Named]) -> None:
    """Take the reached MILESTONE of the contract line LINE out of billing.

    A month of a recurring fee that was billed before, and an opening amount, can be
    held likewise. What is invoiced stays.
    """
    _review(said, releases=False)


@click.command("release-milestone")
@click.argument("line")
@click.argument("milestone")
@said_options
@desk_options
def release_milestone(**said: Unpack[Named]) -> None:
    """Put the held MILESTONE of the contract line LINE back into billing."""
    _review(said, releases=True)


def _review(said: Named, *, releases: bool) -> None:
    from hourline import flow
    from hourline.billing.model import Because

    review = flow.release_milestone if releases else flow.hold_milestone
    with open_desk(demo=said["demo"], slug=said["slug"]) as desk, refusing():
        changed = review(
            desk.database,
            desk.tenant,
            contract_line=said["line"],
            milestone=said["milestone"],
            because=Because(actor=said["actor"], reason=said["reason"]),
        )
    name = f"{said['line']}/{said['milestone']}"
    if said["as_json"]:
        print_json({"milestone": name, "changed": changed})
        return
    done = "released" if releases else "held"
    was = "was not held" if releases else "was held already"
    click.echo(f"Milestone {name} {f'is {done}' if changed else was}.")
