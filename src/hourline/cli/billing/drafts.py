"""The commands that show open drafts and approve one."""

import click

from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import refusing


@click.command("drafts")
@click.argument("contract", required=False)
@desk_options
def drafts(
    *, contract: str | None, demo: bool, slug: str | None, as_json: bool
) -> None:
    """List the open drafts, or show that of CONTRACT line by line.

    Each has a fingerprint of all it holds: who approves it says which one was seen.
    """
    from hourline.cli.billing.drafts_shown import draft_told, show_drafts, show_one
    from hourline.flow.allotting import working_snapshot
    from hourline.flow.drafts import list_drafts

    with (
        open_desk(demo=demo, slug=slug) as desk,
        refusing(),
        desk.database.tenant(desk.tenant) as session,
    ):
        found = list_drafts(session, working_snapshot(session), contract=contract)
    if as_json:
        print_json([draft_told(one) for one in found])
    elif not found:
        of = "" if contract is None else f" of {contract}"
        click.echo(f"No draft{of} is open.")
    elif contract is None:
        show_drafts(found)
    else:
        show_one(found[0])


@click.command("approve")
@click.argument("contract")
@click.option(
    "--shown", required=True, help="The fingerprint of the draft that was looked at."
)
@click.option("--approver", required=True, help="Who approves it.")
@desk_options
def approve(
    *,
    contract: str,
    shown: str,
    approver: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Approve the open draft of CONTRACT as it was shown.

    It is issued exactly so, or not at all. Who adjusted it cannot approve it.
    """
    from hourline.cli.render import money
    from hourline.flow.drafts import approve_draft

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        approved = approve_draft(
            desk.database,
            desk.tenant,
            contract=contract,
            approver=approver,
            shown=shown,
        )
    total = money(approved.total, approved.currency)
    if as_json:
        print_json({"contract": contract, "approver": approver, "shown": shown})
        return
    click.echo(f"{approver} approved the draft of {contract}, {total}.")
    click.echo(f"Issue it with: hourline billing issue {contract}")
