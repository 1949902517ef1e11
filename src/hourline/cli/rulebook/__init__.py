"""The command `rulebook`: edit rules as tables, try them, publish them by two."""

import sys
from datetime import date
from pathlib import Path

import click

from hourline.cli.approvals import (
    ProposalKind,
    Proposals,
    add_listing,
    add_rejecting,
    approval_options,
    ask_approval,
    tell_waits,
)
from hourline.cli.desk import CannotOpen, desk_options, open_desk, print_json
from hourline.cli.kinds import DAY, refusing, today

_EXIT_REFUSED = 2
_PATH = click.argument("path", type=click.Path(exists=True, path_type=Path))
_EFFECTIVE = click.option(
    "--effective",
    type=DAY,
    help="The day on which rows that are not in the tables any more end; today.",
)


def _kind() -> ProposalKind:
    from hourline.cli.rulebook.shown import proposal_values, spoken
    from hourline.flow.rulebook.publications import PUBLISH

    return ProposalKind((PUBLISH,), spoken, proposal_values)


_PROPOSALS = Proposals(group="rulebook", about="a rulebook", kind=_kind)


@click.group()
def rulebook() -> None:
    """Change rates, tax, accounts, routes and other rules as tables."""


@rulebook.command()
@_PATH
@_EFFECTIVE
@desk_options
def check(
    *,
    path: Path,
    effective: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Say what is wrong with the tables in PATH, and change nothing.

    PATH is a folder, a workbook or a file of one table. Exit status 2 says that it
    cannot be published: every fault with its file, row, column and what to do.
    """
    from hourline.cli.rulebook.shown import tell_draft
    from hourline.flow.rulebook.drafts import check_rulebook
    from hourline.flow.rulebook.files import rulebook_files

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        draft = check_rulebook(
            desk.database,
            desk.tenant,
            rulebook_files(path),
            effective_on=effective or today(),
        )
    tell_draft(path, draft, as_json=as_json)
    if draft.errors:
        sys.exit(_EXIT_REFUSED)


@rulebook.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "as_",
    type=click.Choice(["csv", "xlsx", "yaml"]),
    default="csv",
    help="A file for each table, or one workbook or YAML file with all.",
)
@click.option("--version", type=int, help="As this version published them.")
@desk_options
def export(
    *,
    path: Path,
    as_: str,
    version: int | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Write the tables as they hold now into the folder PATH.

    What is exported and proposed unchanged changes nothing.
    """
    from hourline.flow.rulebook.drafts import export_book
    from hourline.flow.rulebook.files import written

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        book = export_book(desk.database, desk.tenant, version_no=version)
    path.mkdir(parents=True, exist_ok=True)
    for name, content in written(book, as_=as_).items():
        (path / name).write_bytes(content)
    told = {name: len(rows) for name, rows in book.items()}
    if as_json:
        print_json({"path": str(path), "tables": told})
        return
    for name, rows in told.items():
        click.echo(f"{name}: {rows:,} rows")
    click.echo(f"Written to {path}.")


@rulebook.command()
@click.argument("first")
@click.argument("second", required=False)
@_EFFECTIVE
@desk_options
def diff(
    *,
    first: str,
    second: str | None,
    effective: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Say what the tables in FIRST would change; or what version SECOND changed.

    FIRST is a path, or the number of a version; SECOND is the number of a version.
    """
    from hourline.cli.rulebook.shown import tell_differences
    from hourline.flow.rulebook.drafts import check_rulebook, compare_versions
    from hourline.flow.rulebook.files import rulebook_files

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        if second is not None or first.isdigit():
            older, newer = _versions(first, second)
            found = compare_versions(desk.database, desk.tenant, older, newer)
        else:
            found = check_rulebook(
                desk.database,
                desk.tenant,
                rulebook_files(Path(first)),
                effective_on=effective or today(),
            ).differences
    tell_differences(found, as_json=as_json)


@rulebook.command(name="dry-run")
@_PATH
@click.option("--since", type=DAY, help="Only work from this day on.")
@click.option("--until", type=DAY, help="Only work before this day.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="So many lines and entries of each entity and currency are shown.",
)
@click.option(
    "--entries",
    "entry_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every entry that changes to this CSV file.",
)
@_EFFECTIVE
@desk_options
def dry_run(
    *,
    path: Path,
    since: date | None,
    until: date | None,
    top: int,
    entry_path: Path | None,
    effective: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Decide the work of the past again with the tables in PATH, and change nothing.

    It says which entries, amounts and accounts would be others. What is decided stays:
    a publication prices what waits and what is approved or corrected later.
    """
    from hourline.cli.rulebook.entry_file import entry_file
    from hourline.cli.rulebook.shown import tell_draft
    from hourline.cli.rulebook.trials import tell_trial
    from hourline.flow.rulebook.files import rulebook_files
    from hourline.flow.rulebook.trial import try_rulebook

    with (
        open_desk(demo=demo, slug=slug) as desk,
        refusing(),
        entry_file(entry_path) as take,
    ):
        draft, trial = try_rulebook(
            desk.database,
            desk.tenant,
            rulebook_files(path),
            effective_on=effective or today(),
            dates=(since or date.min, until or date.max),
            top=top,
            take=take,
        )
    if trial is None:
        tell_draft(path, draft, as_json=as_json)
        sys.exit(_EXIT_REFUSED)
    tell_trial(trial, top=top, as_json=as_json)


@rulebook.command()
@_PATH
@click.option("--reason", required=True, help="Why; it goes into the audit chain.")
@click.option("--actor", required=True, help="Who proposes it.")
@_EFFECTIVE
@desk_options
def propose(
    *,
    path: Path,
    reason: str,
    actor: str,
    effective: date | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Propose the tables in PATH; they hold when a second person approves them.

    Each table is the whole table: a row that is not in it ends. Tables that are not in
    PATH stay as they are.
    """
    from hourline.cli.rulebook.shown import tell_draft, tell_proposed
    from hourline.flow.rulebook.files import rulebook_files
    from hourline.flow.rulebook.publications import propose_rulebook

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        draft, proposal = propose_rulebook(
            desk.database,
            desk.tenant,
            rulebook_files(path),
            effective_on=effective or today(),
            actor=actor,
            reason=reason,
        )
    if draft.errors:
        tell_draft(path, draft, as_json=as_json)
        sys.exit(_EXIT_REFUSED)
    tell_proposed(draft, proposal, as_json=as_json)
    if proposal is not None and not as_json:
        tell_waits(proposal, group="rulebook")


add_listing(
    rulebook,
    _PROPOSALS,
    about="List the rulebooks that wait for a second person.",
    where_none="No rulebook waits for a second person.",
)
add_rejecting(
    rulebook, _PROPOSALS, about="Reject PROPOSAL; every table stays as it is."
)


@rulebook.command()
@approval_options
@desk_options
def approve(
    *,
    proposal: int,
    approver: str,
    yes: bool,
    demo: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Approve PROPOSAL as it is shown, and publish it at once.

    Exit status 2 says that it does not fit any more; then nothing of it is published.
    """
    from hourline.cli.rulebook.shown import spoken, tell_difference, tell_findings
    from hourline.flow.rulebook.publications import (
        CannotPublish,
        approve_rulebook,
        proposed_differences,
    )

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        shown = _PROPOSALS.find(desk, proposal)
        for one in proposed_differences(desk.database, desk.tenant, shown):
            click.echo(tell_difference(one), err=True)
        ask_approval(spoken(shown), yes=yes, as_json=as_json)
        try:
            published = approve_rulebook(
                desk.database,
                desk.tenant,
                proposal,
                approver=approver,
                shown_hash=shown.content_hash,
            )
        except CannotPublish as refusal:
            tell_findings(refusal.findings, as_json=as_json)
            sys.exit(_EXIT_REFUSED)
    if as_json:
        print_json({"proposal": proposal, "approved": True, "published": published})
    else:
        click.echo(
            f"Published: version {published.version_no} of the rulebook."
            f" {published.gone_on:,} waiting entries went on."
        )


@rulebook.command(name="list")
@desk_options
def list_command(*, demo: bool, slug: str | None, as_json: bool) -> None:
    """List the published versions, the newest first."""
    from hourline.cli.rulebook.shown import show_versions, version_values
    from hourline.master.rulebook.store import rulebook_versions

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        found = rulebook_versions(session)
    if as_json:
        print_json([version_values(one) for one in found])
    elif not found:
        click.echo("No rulebook is published yet; begin with: hourline rulebook export")
    else:
        show_versions(found)


@rulebook.command()
@click.argument("version", type=int)
@desk_options
def show(*, version: int, demo: bool, slug: str | None, as_json: bool) -> None:
    """Show the rows of all tables as VERSION published them."""
    from hourline.cli.rulebook.shown import show_book, version_values
    from hourline.flow.rulebook.files import row_values
    from hourline.master.rulebook.store import kept_book, rulebook_version

    with (
        open_desk(demo=demo, slug=slug) as desk,
        refusing(),
        desk.database.tenant(desk.tenant) as session,
    ):
        found = rulebook_version(session, version)
        book = kept_book(session, found.content_hash)
    if as_json:
        tables = {
            name: [row_values(row) for row in rows] for name, rows in book.items()
        }
        print_json({**version_values(found), "tables": tables})
    else:
        show_book(found, book)


def _versions(first: str, second: str | None) -> tuple[int, int]:
    if not first.isdigit() or (second is not None and not second.isdigit()):
        raise CannotOpen("Give a path alone, or the numbers of one or two versions.")
    newer = int(first if second is None else second)
    older = newer - 1 if second is None else int(first)
    if older < 1:
        raise CannotOpen("Version 1 has none before it; see: hourline rulebook show 1")
    return older, newer
