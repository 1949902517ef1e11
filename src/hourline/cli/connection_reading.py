"""The command `connection reading`: say how the records of a connection read."""

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from hourline.cli.desk import CannotOpen, Desk, desk_options, open_desk, print_json

if TYPE_CHECKING:
    from hourline.infra.database import Session
    from hourline.intake.model import SourceReading
    from hourline.master.store import Connection

# With another of these, every row would be named anew and come in a second time.
_NAMES_ROWS = ("layout", "person_key", "project_key")


@click.command(name="reading")
@click.argument("name")
@click.option("--layout", help="The tool whose exports they are: harvest, toggl, ...")
@click.option(
    "--person-key",
    type=click.Choice(["name", "email"]),
    help="By which column of an export people are known.",
)
@click.option(
    "--project-key",
    type=click.Choice(["name", "code", "client_and_name"]),
    help="By which columns projects are known; by default the name.",
)
@click.option(
    "--approval",
    type=click.Choice(["column", "every_row"]),
    help="A column says what is approved, or every row of an export is.",
)
@click.option(
    "--date-order",
    type=click.Choice(["iso", "day_first", "month_first"]),
    help="The order of dates that are not written as 2026-01-31.",
)
@click.option("--decimal-mark", type=click.Choice([".", ","]), help="As in 7.5 or 7,5.")
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "cp1252", "cp1250", "shift_jis", "utf-16"]),
    help="What a file is in that is not UTF-8.",
)
@click.option(
    "--invoiced",
    type=click.Choice(["refuse", "take"]),
    help="What becomes of new rows that are marked as invoiced at the tool.",
)
@click.option("--time-zone", help="The zone of the tool's clock, as Europe/Vienna.")
@click.option("--yes", multiple=True, help="A further word for yes; repeat.")
@click.option("--no", multiple=True, help="A further word for no; repeat.")
@click.option(
    "--covers",
    type=click.Choice(["everything", "people_and_projects"]),
    help="What exports leave out at most: nothing, or whole people and projects.",
)
@click.option(
    "--gone",
    type=click.Choice(["report", "recall"]),
    help="What becomes of an entry that a later export does not hold any more.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file with the whole reading, in place of these options.",
)
@desk_options
def reading(
    *,
    name: str,
    source: Path | None,
    yes: tuple[str, ...],
    no: tuple[str, ...],
    demo: bool,
    slug: str | None,
    as_json: bool,
    **stated: str | None,
) -> None:
    """Say how the records of the connection NAME read, or show it without options.

    What an option says is changed, the rest stays. A reading that cannot be right is
    refused with the reason; the change goes into the audit chain.
    """
    said: dict[str, object] = {key: value for key, value in stated.items() if value}
    if yes or no:
        said["words"] = dict.fromkeys(yes, True) | dict.fromkeys(no, False)
    if source is not None and said:
        raise CannotOpen("Give the reading by --from or by options, not by both.")
    with open_desk(demo=demo, slug=slug) as desk:
        shown = _set(desk, name, said, source)
    if as_json:
        print_json({"connection": name, "reading": shown})
        return
    click.echo(f"The records of connection {name} are read like this:")
    for key, value in shown.items():
        click.echo(f"  {key}: {_text(value)}")


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _set(
    desk: Desk, name: str, said: Mapping[str, object], source: Path | None
) -> dict[str, object]:
    from hourline.master.store import connections

    with desk.database.tenant(desk.tenant) as session:
        found = {one.name: one for one in connections(session)}.get(name)
        if found is None:
            raise CannotOpen(
                f"The tenant has no connection '{name}'. Set it up first:"
                f" hourline connection set {name} --connector file"
            )
        before = dict(found.settings.get("reading", {}))
        if source is None and not said:
            return _shown(before, states_revisions=found.states_revisions)
        after = _read(source) if source is not None else _changed(before, said)
        checked = _checked(found, after)
        _refuse_other_names(session, found, after)
        _write(session, found, after, checked)
    return _shown(after, states_revisions=checked.states_revisions)


def _changed(
    before: Mapping[str, object], said: Mapping[str, object]
) -> dict[str, object]:
    after = {**before, **said}
    words = before.get("words")
    if isinstance(words, dict) and "words" in said:
        after["words"] = {**words, **msgspec.convert(said["words"], dict[str, bool])}
    return after


def _shown(
    stated: Mapping[str, object], *, states_revisions: bool
) -> dict[str, object]:
    return {"states_revisions": states_revisions} | dict(stated)


def _read(source: Path) -> dict[str, object]:
    try:
        return msgspec.json.decode(source.read_bytes(), type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise CannotOpen(f"{source} is no JSON object: {fault}.") from fault


def _checked(found: "Connection", stated: Mapping[str, object]) -> "SourceReading":
    from hourline.intake.layout import check_export_reading
    from hourline.intake.model import ExportReading, SourceReading

    name = found.name
    kind = ExportReading if "layout" in stated else SourceReading
    lacking = [
        f"--{key.replace('_', '-')}"
        for key in ("person_key", "approval")
        if kind is ExportReading and key not in stated
    ]
    if lacking:
        raise CannotOpen(
            f"The reading of {name} was not set: a layout needs"
            f" {' and '.join(lacking)}, which nobody can guess."
        )
    kept = {} if "layout" in stated else {"states_revisions": found.states_revisions}
    try:
        checked = msgspec.convert({**kept, **stated}, kind)
        if isinstance(checked, ExportReading):
            check_export_reading(checked)
    except (msgspec.ValidationError, LookupError, ValueError) as fault:
        raise CannotOpen(f"The reading of {name} was not set: {fault}.") from fault
    return checked


def _refuse_other_names(
    session: "Session", found: "Connection", after: Mapping[str, object]
) -> None:
    from hourline.intake.exports import has_exports

    before = found.settings.get("reading", {})
    changed = [key for key in _NAMES_ROWS if before.get(key) != after.get(key)]
    if changed and has_exports(session, found.connection_no):
        raise CannotOpen(
            f"The reading of {found.name} was not set: entries are known by its"
            f" {', '.join(changed)}, and with another every row would come in a second"
            " time. Set up another connection for such exports."
        )


def _write(
    session: "Session",
    found: "Connection",
    after: Mapping[str, object],
    checked: "SourceReading",
) -> None:
    from hourline.infra.audit import ManualChange, record_change
    from hourline.master.store import set_connection

    kept = {key: value for key, value in after.items() if key != "states_revisions"}
    set_connection(
        session,
        name=found.name,
        connector=found.connector,
        states_revisions=checked.states_revisions,
        settings={**found.settings, "reading": kept},
    )
    before = found.settings.get("reading", {})
    change = ManualChange(
        actor=getpass.getuser(),
        action="connection.reading",
        subject=f"connection {found.connection_no}",
        reason="set on the command line",
        before=_shown(before, states_revisions=found.states_revisions),
        after=_shown(kept, states_revisions=checked.states_revisions),
    )
    record_change(session, change)
