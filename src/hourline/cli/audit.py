"""The command `audit`: check the chain of what people decided, and list it."""

import sys

import click
from rich.console import Console

from hourline.cli.desk import desk_options, open_desk, print_json

_EXIT_TAMPERED = 1


@click.group()
def audit() -> None:
    """Check and list the audit chain: what people decided, who and why."""


@audit.command()
@desk_options
def verify(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """Check that no record of the chain was changed or taken out.

    Exit status 1 names the first record at which the chain does not hold.
    """
    from hourline.infra.audit import read_chain, verify_chain

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant, one_view=True) as session,
    ):
        tampering = verify_chain(session)
        records = read_chain(session)
    head = records[-1].hash.hex() if records else None
    if as_json:
        found = {"records": len(records), "head": head, "tampering": tampering}
        print_json({"holds": tampering is None, **found})
    elif tampering is not None:
        click.echo(
            f"The chain does not hold at record {tampering.sequence}:"
            f" {tampering.finding}."
        )
    else:
        click.echo(f"The chain holds: {len(records):,} records.")
        if head is not None:
            click.echo(f"Its head, to be kept elsewhere: {head}")
    if tampering is not None:
        sys.exit(_EXIT_TAMPERED)


@audit.command("list")
@desk_options
def list_command(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List every record: when, who, what, on what, and why."""
    from hourline.cli.render import table
    from hourline.infra.audit import read_chain

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        records = read_chain(session)
    if as_json:
        print_json(
            [
                {
                    "sequence": one.sequence,
                    "recorded_at": one.recorded_at,
                    "actor": one.actor,
                    "approver": one.approver,
                    "action": one.action,
                    "subject": one.subject,
                    "reason": one.reason,
                    "before": one.before,
                    "after": one.after,
                    "hash": one.hash.hex(),
                }
                for one in records
            ]
        )
        return
    columns = ["no.", "recorded (UTC)", "who", "with", "what", "on", "why"]
    shown = table("What people decided", columns, numbers=["no."])
    for one in records:
        shown.add_row(
            str(one.sequence),
            f"{one.recorded_at:%Y-%m-%d %H:%M}",
            one.actor,
            one.approver or "",
            one.action,
            one.subject,
            one.reason,
        )
    Console().print(shown)
