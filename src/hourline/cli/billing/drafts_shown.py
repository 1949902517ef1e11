"""Show open drafts: in a list, line by line, or as JSON."""

from collections.abc import Sequence

import click
from rich.console import Console

from hourline.cli.billing.shown import draft_values, show_draft
from hourline.cli.render import money, table
from hourline.flow.drafts import OpenDraft
from hourline.kernel.problems import Problem

_DIGITS = 12


def show_drafts(drafts: Sequence[OpenDraft]) -> None:
    """Print what each draft bills, its fingerprint and who approved it."""
    columns = ("contract", "through", "date", "total", "fingerprint", "approved by")
    shown = table("Open drafts", columns, numbers=["total"])
    for one in drafts:
        if isinstance(one.content, Problem):
            shown.add_row(one.contract, "", "", "", "", one.content.sentence)
            continue
        terms = one.content.terms
        shown.add_row(
            one.contract,
            str(terms.through),
            str(terms.invoice_date),
            money(one.content.total, one.content.currency),
            one.fingerprint[:_DIGITS],
            one.approver or "nobody",
        )
    Console().print(shown)


def show_one(draft: OpenDraft) -> None:
    """Print one draft line by line, and how to approve it."""
    if isinstance(draft.content, Problem):
        click.echo(draft.content.sentence)
        click.echo(draft.content.remedy)
        return
    show_draft(draft.contract, draft.content)
    shown = draft.fingerprint[:_DIGITS]
    if draft.approver is not None and draft.approved_at is not None:
        at = f"{draft.approved_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"Approved as {shown} by {draft.approver}, {at}.")
        return
    click.echo(
        f"Approve it with: hourline billing approve {draft.contract} --shown {shown}"
        " --approver NAME"
    )


def draft_told(draft: OpenDraft) -> dict[str, object]:
    """Return a draft for JSON, amounts in major units."""
    if isinstance(draft.content, Problem):
        return {"contract": draft.contract, "problem": draft.content.sentence}
    return {
        **draft_values(draft.contract, draft.content),
        "fingerprint": draft.fingerprint,
        "approver": draft.approver,
        "approved_at": draft.approved_at,
    }
