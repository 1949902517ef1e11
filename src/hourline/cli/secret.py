"""The command `secret`: set, list and remove the sealed secrets of connections."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from hourline.cli.desk import CannotOpen, Desk, desk_options, open_desk, print_json
from hourline.infra.database import Session
from hourline.infra.secrets import (
    CannotUnseal,
    find_connection,
    list_secrets,
    open_keyring,
    remove_secret,
    set_secret,
)

_EXIT_NOTHING = 1


@click.group()
def secret() -> None:
    """Set, list and remove the secrets of connections; they are never shown."""


@secret.command(name="set")
@click.argument("connection")
@click.argument("field")
@desk_options
def set_(
    *, connection: str, field: str, demo: bool, slug: str | None, as_json: bool
) -> None:
    """Seal the secret FIELD of CONNECTION; its value comes from standard input.

    On a terminal it is asked for without being shown. It is never an argument, because
    arguments are visible to every user of the machine.
    """
    value = _value()
    with _connection(connection, demo=demo, slug=slug) as (desk, session, number):
        try:
            set_secret(
                session,
                open_keyring(desk.settings),
                connection_no=number,
                field=field,
                value=value,
                actor=getpass.getuser(),
            )
        except (CannotUnseal, ValueError) as refusal:
            raise CannotOpen(str(refusal)) from refusal
    if as_json:
        print_json({"connection": connection, "field": field, "set": True})
    else:
        click.echo(f"Secret {field} of {connection} is set.")


@secret.command(name="list")
@click.argument("connection")
@desk_options
def list_(*, connection: str, demo: bool, slug: str | None, as_json: bool) -> None:
    """List which secrets CONNECTION has and since when."""
    with _connection(connection, demo=demo, slug=slug) as (_, session, number):
        fields = list_secrets(session, number)
    if as_json:
        print_json(fields)
        return
    for one in fields:
        click.echo(f"{one.field:<30}  {one.changed_at:%Y-%m-%d %H:%M} UTC")


@secret.command()
@click.argument("connection")
@click.argument("field")
@desk_options
def remove(
    *, connection: str, field: str, demo: bool, slug: str | None, as_json: bool
) -> None:
    """Remove the secret FIELD of CONNECTION; exit 1 where there is none."""
    with _connection(connection, demo=demo, slug=slug) as (_, session, number):
        removed = remove_secret(
            session, connection_no=number, field=field, actor=getpass.getuser()
        )
    if as_json:
        print_json({"connection": connection, "field": field, "removed": removed})
    elif removed:
        click.echo(f"Secret {field} of {connection} is removed.")
    else:
        click.echo(f"{connection} has no secret {field}.")
    if not removed:
        raise SystemExit(_EXIT_NOTHING)


@contextmanager
def _connection(
    name: str, *, demo: bool, slug: str | None
) -> Iterator[tuple[Desk, Session, int]]:
    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        number = find_connection(session, name)
        if number is None:
            raise CannotOpen(f"The tenant has no connection '{name}'.")
        yield desk, session, number


def _value() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Value", hide_input=True))
    # One line ending is the shell's, not the secret's.
    return sys.stdin.read().removesuffix("\n").removesuffix("\r")
