"""Book once what is due, as `hourline postings run` does, with spans for a campaign.

The spans of a working installation are too long for a campaign (a minute, an hour, a
day), those of a demonstration too short for an ERP that is just starting again.
"""

import click

from hourline.cli.desk import open_desk
from hourline.flow.connections import Connections
from hourline.flow.workers import stage_work
from hourline.infra.secrets import open_keyring
from hourline.posting.service import Timing

TIMING = Timing(
    lease_seconds=30,
    margin_seconds=2,
    lifetime_seconds=10,
    first_check_seconds=1,
    check_seconds=(1, 2, 4, 8, *[15] * 8),
    retry_seconds=(1, 2, 4, 8),
)


@click.command()
@click.argument("tenant")
def main(*, tenant: str) -> None:
    """Book what is due for TENANT, and end."""
    with open_desk(demo=True, slug=tenant) as desk:
        live = Connections(desk.database, open_keyring(desk.settings))
        stage_work(desk.database, live, timing=TIMING)["posting"](desk.tenant)


if __name__ == "__main__":
    main()
