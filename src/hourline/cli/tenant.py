"""The command `tenant`: create and list the firms of an installation."""

import re

import click

from hourline.cli.desk import open_database, print_json

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@click.group()
def tenant() -> None:
    """Create and list tenants: the firms that use this installation."""


@tenant.command()
@click.argument("slug")
@click.option("--name", help="The firm's full name; the short name if left out.")
@click.option("--demo", is_flag=True, help="Use the demo's database.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(*, slug: str, name: str | None, demo: bool, as_json: bool) -> None:
    """Create a tenant with the short name SLUG; one that is there stays as it is."""
    from hourline.infra.tenants import create_tenant

    if not _SLUG.fullmatch(slug):
        raise click.BadParameter(
            "write 1 to 63 small letters, digits and hyphens, no hyphen first"
        )
    with open_database(demo=demo) as (_, _, database):
        number = create_tenant(database, slug=slug, name=name or slug)
    if as_json:
        print_json({"tenant": number, "slug": slug})
    else:
        click.echo(f"Tenant {slug} has number {number}.")


@tenant.command(name="list")
@click.option("--demo", is_flag=True, help="Use the demo's database.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, demo: bool, as_json: bool) -> None:
    """List every tenant."""
    from hourline.infra.tenants import list_tenants

    with open_database(demo=demo) as (_, _, database):
        tenants = list_tenants(database)
    if as_json:
        print_json(tenants)
        return
    for one in tenants:
        click.echo(f"{one.tenant:>6}  {one.slug:<30}  {one.name}")
