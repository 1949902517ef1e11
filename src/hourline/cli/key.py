"""The command `key`: give, list and revoke API keys."""

import getpass
from datetime import UTC, datetime, timedelta

import click

from hourline.cli.desk import desk_options, open_desk, print_json, tell
from hourline.infra.api_keys import (
    ApiKey,
    Scope,
    create_key,
    list_keys,
    revoke_keys,
)

_EXIT_NOTHING = 1


@click.group()
def key() -> None:
    """Give, list and revoke the API keys of a tenant."""


@key.command()
@click.argument("client")
@click.option(
    "--scopes",
    required=True,
    help=f"What the key may do, separated by commas: {', '.join(Scope)}.",
)
@click.option(
    "--days", type=click.IntRange(1, 3650), help="How many days it is valid; always."
)
@desk_options
def create(
    *,
    client: str,
    scopes: str,
    days: int | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Make a key for the program CLIENT and print it, this once."""
    wanted = _scopes(scopes)
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        made = create_key(
            session,
            client=client,
            scopes=wanted,
            expires_at=expires_at,
            actor=getpass.getuser(),
        )
    if as_json:
        print_json({"client": client, "key": made, "scopes": [str(s) for s in wanted]})
        return
    tell("This is the only time the key is shown:")
    click.echo(made)


@key.command(name="list")
@desk_options
def list_(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List the keys of a tenant by how they end, never whole."""
    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        keys = list_keys(session)
    if as_json:
        print_json(keys)
        return
    for one in keys:
        click.echo(
            f"{one.client:<24}  ...{one.last_four}  {_state(one):<22}"
            f"  {' '.join(one.scopes)}"
        )


@key.command()
@click.argument("client")
@click.option("--last-four", help="Only the key that ends so, of several.")
@desk_options
def revoke(
    *, client: str, last_four: str | None, demo: bool, slug: str | None, as_json: bool
) -> None:
    """End the keys of the program CLIENT at once; exit 1 where there is none."""
    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        count = revoke_keys(
            session, client=client, last_four=last_four, actor=getpass.getuser()
        )
    if as_json:
        print_json({"client": client, "revoked": count})
    else:
        click.echo(f"Keys of {client} revoked: {count}.")
    if count == 0:
        raise SystemExit(_EXIT_NOTHING)


def _scopes(text: str) -> list[Scope]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Scope)]
    if unknown or not names:
        raise click.BadParameter(
            f"{', '.join(unknown) or 'no scope'}; there are {', '.join(Scope)}",
            param_hint="--scopes",
        )
    return [Scope(name) for name in names]


def _state(one: ApiKey) -> str:
    if one.revoked_at is not None:
        return f"revoked {one.revoked_at:%Y-%m-%d}"
    if one.expires_at is None:
        return "valid"
    past = one.expires_at <= datetime.now(UTC)
    return f"{'expired' if past else 'valid until'} {one.expires_at:%Y-%m-%d}"
