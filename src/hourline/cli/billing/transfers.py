"""The command that transfers open work to another project."""

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Unpack

import click

from hourline.cli.billing.adjusting import seconds_of
from hourline.cli.billing.reviews import Said, name_of, review_options, why_of
from hourline.cli.desk import desk_options, open_desk, print_json
from hourline.cli.kinds import QUANTITY, refusing

if TYPE_CHECKING:
    from hourline.cli.desk import Desk
    from hourline.flow.correcting.figures import Figures
    from hourline.flow.correcting.transfers import Transferred
    from hourline.kernel.problems import Problem

_EXIT_REFUSED = 1


@click.command()
@review_options
@click.argument("project")
@click.option("--hours", type=QUANTITY, help="Only so many hours of it.")
@click.option("--amount", type=QUANTITY, help="Only so much of what an expense cost.")
@desk_options
def transfer(
    *,
    project: str,
    hours: Decimal | None,
    amount: Decimal | None,
    demo: bool,
    slug: str | None,
    as_json: bool,
    **said: Unpack[Said],
) -> None:
    """Put ENTRY on PROJECT: reversed, and decided anew by that project's contract.

    Its revision at the source stays. A correction that still names the old project
    follows it. A part becomes an entry of its own, which ends with the next thing the
    source says of the whole, and is taken out of a correction again. Exit status 1 says
    that it cannot be transferred; nothing was changed.
    """
    from hourline.kernel.problems import Problem

    if hours is not None and amount is not None:
        raise click.UsageError("Give --hours of time, or an --amount of an expense.")
    with open_desk(demo=demo, slug=slug) as desk, refusing():
        outcome = _transfer(desk, said, project, (hours, amount))
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


def _transfer(
    desk: "Desk",
    said: Said,
    project: str,
    part: tuple[Decimal | None, Decimal | None],
) -> "Transferred | Problem":
    """Transfer all of an entry, or the part that is so many hours or so much money."""
    from hourline import flow

    hours, amount = part
    place = (desk.database, desk.tenant, name_of(said), why_of(said))
    if hours is None and amount is None:
        return flow.transfer_entry(*place, project=project, try_only=said["dry_run"])
    seconds = None if hours is None else seconds_of(hours)
    wanted = flow.PartWanted(project=project, seconds=seconds, amount=amount)
    return flow.transfer_part(*place, part=wanted, try_only=said["dry_run"])


def _sentence(said: Said, project: str, outcome: "Transferred") -> str:
    entry = said["entry"]
    if not outcome.changed:
        return f"Time entry {entry} is on project {project} already."
    would = "would be" if said["dry_run"] else "is"
    before = "nothing decided" if outcome.before is None else spoken(outcome.before)
    after = "nothing decided" if outcome.after is None else spoken(outcome.after)
    if outcome.part is not None:
        return (
            f"{spoken(outcome.part)} of time entry {entry} {would} on project"
            f" {project}, as {outcome.part.entry}; {after} stays; before {before}."
        )
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
        "part": None if outcome.part is None else part_values(outcome.part),
    }


def part_values(figures: "Figures") -> dict[str, object]:
    """Return what stands of a part for JSON, with the id of its entry."""
    return {"entry": figures.entry, **figure_values(figures)}


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
