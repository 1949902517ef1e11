"""Put rulebooks into words and tables: findings, differences, proposals, versions."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from hourline.cli.desk import print_json

if TYPE_CHECKING:
    from hourline.flow.rulebook.drafts import Draft
    from hourline.infra.approvals import Proposal
    from hourline.master.rulebook.differences import RowDifference
    from hourline.master.rulebook.model import Book, Finding, RuleRow
    from hourline.master.rulebook.store import RulebookVersion

_SHOWN_MAX = 200


def finding_values(one: "Finding") -> dict[str, object]:
    """Return a finding as JSON has it."""
    return {
        "severity": one.severity,
        "table": one.table,
        "file": one.place.file,
        "row": one.place.row,
        "column": one.column,
        "sentence": one.sentence,
        "remedy": one.remedy,
    }


def difference_values(one: "RowDifference") -> dict[str, object]:
    """Return a difference as JSON has it."""
    from hourline.flow.rulebook.files import row_values

    return {
        "table": one.table,
        "id": one.id,
        "what": one.word,
        "columns": one.columns,
        "since": one.since,
        "before": [row_values(row) for row in one.before],
        "after": [row_values(row) for row in one.after],
    }


def tell_draft(path: Path, draft: "Draft", *, as_json: bool) -> None:
    """Say what is wrong with a rulebook and how much it would change."""
    if as_json:
        print_json(
            {
                "path": str(path),
                "tables": {name: len(rows) for name, rows in draft.book.items()},
                "findings": [finding_values(one) for one in draft.findings],
                "changes": draft.counts,
            }
        )
        return
    _say_findings(draft.findings)
    faulty = {one.table for one in draft.errors}
    for name, rows in draft.book.items():
        if name in faulty:
            click.echo(f"{name}: {len(rows):,} rows can be read")
            continue
        changes = draft.counts.get(name, {})
        told = ", ".join(f"{count:,} {word}" for word, count in changes.items())
        click.echo(f"{name}: {len(rows):,} rows; {told or 'no change'}")
    errors = len(draft.errors)
    if errors:
        click.echo(f"{path} cannot be published: {errors:,} errors.")
    else:
        click.echo(f"{path} can be proposed.")


def tell_findings(findings: "Sequence[Finding]", *, as_json: bool) -> None:
    """Say what is wrong."""
    if as_json:
        print_json({"findings": [finding_values(one) for one in findings]})
    else:
        _say_findings(findings)


def _say_findings(findings: "Sequence[Finding]") -> None:
    for one in findings[:_SHOWN_MAX]:
        column = f", column {one.column}" if one.column else ""
        click.echo(f"{one.severity}: {one.place}{column}: {one.sentence} {one.remedy}")
    if len(findings) > _SHOWN_MAX:
        click.echo(f"... and {len(findings) - _SHOWN_MAX:,} more; --json tells them.")


def tell_differences(found: "Sequence[RowDifference]", *, as_json: bool) -> None:
    """Say what becomes different, rule by rule."""
    if as_json:
        print_json([difference_values(one) for one in found])
        return
    for one in found:
        click.echo(tell_difference(one))
    if not found:
        click.echo("Nothing is different.")


def tell_difference(one: "RowDifference") -> str:
    """Return a difference in words: what the rule says before and after."""
    columns = f" ({', '.join(one.columns)})" if one.columns else ""
    since = "on all days" if one.since == date.min else f"from {one.since} on"
    told = [f"{one.table} {one.id}: {one.word}{columns}, {since}"]
    told += [f"  - {_told(row)}" for row in one.before if row not in one.after]
    told += [f"  + {_told(row)}" for row in one.after if row not in one.before]
    return "\n".join(told)


def _told(row: "RuleRow") -> str:
    from hourline.flow.rulebook.files import row_values

    values = row_values(row)
    return " ".join(
        f"{name}={text}" for name, text in values.items() if text and name != "id"
    )


def tell_proposed(draft: "Draft", proposal: int | None, *, as_json: bool) -> None:
    """Say whether a rulebook is proposed, and what it changes."""
    if as_json:
        print_json(
            {
                "proposal": proposal,
                "changes": draft.counts,
                "findings": [finding_values(one) for one in draft.findings],
            }
        )
        return
    _say_findings(draft.findings)
    if proposal is None:
        click.echo("It changes nothing, so nothing is proposed.")
        return
    for name, words in draft.counts.items():
        told = ", ".join(f"{count:,} {word}" for word, count in words.items())
        click.echo(f"{name}: {told}")


def proposal_values(one: "Proposal") -> dict[str, object]:
    """Return a proposal as JSON has it."""
    return {
        "proposal": one.proposal_no,
        "content": one.content,
        "reason": one.reason,
        "proposer": one.proposer,
        "expires_at": one.expires_at,
    }


def spoken(one: "Proposal") -> str:
    """Return a proposal in words."""
    changes = "; ".join(
        f"{table}: " + ", ".join(f"{count:,} {word}" for word, count in words.items())
        for table, words in one.content["changes"].items()
    )
    return (
        f"Proposal {one.proposal_no}: {changes}."
        f" Rows that are gone end on {one.content['effective_on']}."
        f" {one.proposer} says: {one.reason}"
        f" (until {one.expires_at:%Y-%m-%d %H:%M} UTC)"
    )


def version_values(one: "RulebookVersion") -> dict[str, object]:
    """Return a published version as JSON has it."""
    return {
        "version": one.version_no,
        "based_on": one.based_on,
        "sha256": one.content_hash.hex(),
        "effective_on": one.effective_on,
        "proposal": one.proposal_no,
        "reason": one.reason,
        "proposer": one.proposer,
        "approver": one.approver,
        "changes": [one.first_change_no, one.change_no],
        "published_at": one.recorded_at,
    }


def show_versions(found: "Sequence[RulebookVersion]") -> None:
    """Show published versions as a table."""
    table = Table("version", "published", "proposed by", "approved by", "reason")
    for one in found:
        table.add_row(
            str(one.version_no),
            f"{one.recorded_at:%Y-%m-%d %H:%M}",
            one.proposer,
            one.approver,
            one.reason,
        )
    Console(soft_wrap=True, highlight=False).print(table)


def show_book(version: "RulebookVersion", book: "Book") -> None:
    """Show the rows of a version, table by table."""
    click.echo(
        f"Version {version.version_no}, published {version.recorded_at:%Y-%m-%d %H:%M}"
        f" UTC: {version.proposer} proposed it, {version.approver} approved it."
        f" {version.reason}"
    )
    for name, rows in book.items():
        click.echo(f"{name}: {len(rows):,} rows")
        for row in rows:
            click.echo(f"  {row.id}: {_told(row)}")
