"""The command that transfers open work to another project."""

import sys
from typing import TYPE_CHECKING, Unpack

import click

from hourline.cli.billing.reviews import Said, name_of, review_options, why_of
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import refusing

if TYPE_CHECKING:
    from hourline.flow.correcting.figures import Figures
    from hourline.flow.correcting.transfers import Transferred

_EXIT_REFUSED = 1


@click.command()
@review_options
@click.argument("project")
@desk_options
def transfer(
    *,
    project: str,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Said],
) -> None:
    """Put ENTRY on PROJECT: reversed, and decided anew by that project's contract.

    Its revision at the source stays. A correction that still names the old project
    follows it. Exit status 1 says that it cannot be transferred; nothing was changed.
    """
    from hourline import flow
    from hourline.kernel.problems import Problem

    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = flow.transfer_entry(
            desk.database,
            desk.tenant,
            name_of(said),
            why_of(said),
            project=project,
            try_only=said["dry_run"],
        )
    told = {"entry": said["entry"], "project": project, "dry_run": said["dry_run"]}
    if isinstance(outcome, Problem):
        if as_json:
            print_json({**told, "changed": False, "problem": outcome})
        else:
            click.echo(f"{outcome.sentence} {outcome.remedy}")
        sys.exit(_EXIT_REFUSED)
    if as_json:
        print_json({**told, **_values(outcome)})
    else:
        click.echo(_sentence(said, project, outcome))


def _sentence(said: Said, project: str, outcome: "Transferred") -> str:
    entry = said["entry"]
    if not outcome.changed:
        return f"Time entry {entry} is on project {project} already."
    would = "would be" if said["dry_run"] else "is"
    before = "nothing decided" if outcome.before is None else spoken(outcome.before)
    after = "nothing decided" if outcome.after is None else spoken(outcome.after)
    return f"Time entry {entry} {would} on project {project}: {after}; before {before}."


def spoken(figures: "Figures") -> str:
    """Return what stands of an entry: `8 h at 200 USD, 1,600.00 USD on C1.1`."""
    from hourline.cli.render import money
    from hourline.kernel.quantity import spoken_hours

    amount = money(figures.worth, figures.currency)
    return (
        f"{spoken_hours(sum(figures.seconds))}, {amount} on contract line"
        f" {figures.contract_line}"
    )


def _values(outcome: "Transferred") -> dict[str, object]:
    return {
        "changed": outcome.changed,
        "problem": None,
        "before": None if outcome.before is None else figure_values(outcome.before),
        "after": None if outcome.after is None else figure_values(outcome.after),
    }


def figure_values(figures: "Figures") -> dict[str, object]:
    """Return what stands of an entry for JSON, amounts in major units."""
    from hourline.kernel.codes import Fate
    from hourline.kernel.money import currency_numbered, major_units

    currency = currency_numbered(figures.currency)
    return {
        "revision": figures.revision,
        "project": figures.project,
        "contract": figures.contract,
        "contract_line": figures.contract_line,
        "currency": currency.code,
        "amount": major_units(figures.worth, currency),
        "parts": {
            Fate(fate).name.lower(): {
                "seconds": seconds,
                "amount": major_units(amount, currency),
            }
            for fate, seconds, amount in zip(
                figures.fates, figures.seconds, figures.amounts, strict=True
            )
        },
    }
