"""The command `exceptions`: list, explain, retry, resolve what waits for a person."""

import sys
from datetime import UTC, datetime

import click

from hourline.cli.desk import desk_options, open_desk, print_json


@click.group()
def exceptions() -> None:
    """List, explain, retry or resolve what waits for a person."""


@exceptions.command("list")
@click.option("--queue", help="Only this queue.")
@click.option("--code", help="Only this problem.")
@desk_options
def list_command(
    *,
    queue: str | None,
    code: str | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """List open items, the most urgent first, and entries that wait."""
    from hourline.cli.render import hours
    from hourline.exceptions.store import list_items, waiting_entries

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        items = list_items(session, queue=queue, code=code)
        waiting = [] if queue or code else waiting_entries(session)
    if as_json:
        print_json({"open": items, "waiting": waiting})
        return
    for item in items:
        due = f"{item.due_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{item.item_no:>5}  {item.queue}: {item.code}")
        click.echo(f"       {item.sentence}")
        click.echo(f"       owner {item.owner}, due {due}")
    for entry in waiting:
        due = f"{entry.due_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"    -  waiting: {entry.source_id}, {hours(entry.worked_seconds)}")
        click.echo(f"       {entry.lacks}")
        click.echo(f"       owner {entry.owner}, due {due}")
    if not items and not waiting:
        click.echo("Nothing waits for anybody.")


@exceptions.command()
@click.argument("item_no", type=int)
@desk_options
def explain(*, item_no: int, demo: bool, slug: str | None, as_json: bool) -> None:
    """Say what is wrong, where, who owns it and what to do."""
    from hourline.exceptions.store import find_item

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        item = find_item(session, item_no)
    if item is None:
        click.echo(f"There is no item {item_no}.", err=True)
        sys.exit(2)
    if as_json:
        print_json(item)
        return
    click.echo(f"Item {item.item_no}, {item.state}: {item.code} (queue {item.queue})")
    click.echo(f"  What   {item.sentence}")
    click.echo(f"  Do     {item.remedy}")
    click.echo(f"  Owner  {item.owner}, due {item.due_at:%Y-%m-%d %H:%M} UTC")
    for name, value in item.detail.items():
        click.echo(f"  {name:6} {value}")
    if item.resolution:
        click.echo(
            f"  Resolved {item.resolved_at:%Y-%m-%d %H:%M} UTC: {item.resolution}"
        )


@exceptions.command()
@desk_options
def retry(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """Decide again everything that waits or is in exception."""
    from hourline import flow

    with open_desk(demo=demo, slug=slug) as desk:
        accepted = flow.retry_pending(desk.database, desk.tenant)
    if as_json:
        print_json({"accepted": accepted})
    else:
        click.echo(f"{accepted} entries went on.")


@exceptions.command()
@click.argument("item_no", type=int)
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who resolves it.")
@desk_options
def resolve(
    *,
    item_no: int,
    reason: str,
    actor: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Close an item by a person's decision, with the reason in the audit chain."""
    from hourline.exceptions.service import resolve_by_person

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        item = resolve_by_person(
            session, item_no, actor=actor, reason=reason, at=datetime.now(UTC)
        )
    if item is None:
        click.echo(f"Item {item_no} is not open.", err=True)
        sys.exit(2)
    if as_json:
        print_json(item)
    else:
        click.echo(f"Item {item_no} is resolved; the audit chain says why.")
