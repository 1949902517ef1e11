"""The command `trace`: tell the whole story of an hour, a document or a project."""

import sys

import click
from rich.console import Console

from hourline.cli.desk import desk_options, open_desk, print_json

_TOLD_MAX = 10


@click.command()
@click.argument("term")
@click.option("--all", "everything", is_flag=True, help="Tell more than ten stories.")
@desk_options
def trace(
    *, term: str, everything: bool, demo: bool, slug: str | None, as_json: bool
) -> None:
    """Tell everything about TERM, from arrival to receipt.

    TERM is a time entry's id, the number of an invoice or credit note, also one of
    milestones, fees, retainers or blocks alone and one between entities, an ERP's
    document id or number, a project or a person; of opening positions also their
    contract or file. Of a document its own story comes first, then its entries'.
    """
    from hourline.cli.document_shown import show_document_story
    from hourline.cli.render import show_opening_story, show_story
    from hourline.proof.documents import document_stories
    from hourline.proof.openings import opening_stories
    from hourline.proof.trace import find_entries, tell_story

    with (
        open_desk(demo=demo, slug=slug) as desk,
        desk.database.tenant(desk.tenant) as session,
    ):
        entries = find_entries(session, term)
        told = entries if everything or as_json else entries[:_TOLD_MAX]
        stories = [tell_story(session, entry_no) for entry_no in told]
        openings = opening_stories(session, term)
        documents = document_stories(session, term)
    found = [*stories, *openings, *documents]
    if as_json:
        print_json(found)
    elif not found:
        click.echo(
            f"Nothing is called {term}: no time entry, document, project or person."
        )
    else:
        console = Console(soft_wrap=True, highlight=False)
        for document in documents if everything else documents[:_TOLD_MAX]:
            show_document_story(console, document)
        for story in stories:
            show_story(console, story)
        for opening in openings:
            show_opening_story(console, opening)
        if len(entries) > len(told):
            click.echo(f"... and {len(entries) - len(told)} more; --all tells them.")
    sys.exit(0 if found else 1)
