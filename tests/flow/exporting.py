"""Bring exports of time tools to a house, as the tests of the flow do."""

from dataclasses import dataclass, field
from decimal import Decimal

from hourline import flow
from hourline.connectors.sdk.changes import MasterChange
from hourline.flow.files import Gone, Tried
from hourline.infra.database import Database
from hourline.infra.queries import Query
from hourline.intake.file import Acknowledged
from hourline.kernel.codes import Outcome
from hourline.kernel.problems import Problem
from hourline.master.store import set_connection
from tests.flow.house import PERSON, House, found_house
from tests.intake.exports import HARVEST_OLDER, export, table

_IN_FORCE = Query(
    "in_force",
    "What counts: number among equals and seconds.",
    "SELECT x.number, v.worked_seconds FROM hourline.exported_entry x"
    " JOIN hourline.time_entry_version v USING (tenant, entry_no)"
    " WHERE NOT EXISTS (SELECT FROM hourline.supersession s"
    " WHERE s.entry_no = v.entry_no AND s.revision = v.revision)"
    " ORDER BY x.worked_on, v.worked_seconds, x.number",
)
_COVERAGES = Query(
    "coverages",
    "What the deliveries cover.",
    "SELECT first_day::text, last_day::text, stated, covers"
    " FROM hourline.export_coverage ORDER BY delivery_no",
)
EVERYTHING: dict[str, object] = {"covers": "everything"}


@dataclass(slots=True)
class Tool:
    """Bring the exports of one tool to a house."""

    house: House
    connection_no: int
    gone: list[Gone] = field(default_factory=list)

    def bring(self, content: bytes, **said: object) -> list[Acknowledged]:
        """Take a file in and return the line for every row."""
        told = flow.receive_file(
            self.house.database,
            self.house.tenant,
            export(content, connection_no=self.connection_no, **said),  # type: ignore[arg-type]  # the tests' own words
            on_gone=self.gone.append,
        )
        return [row for row in told if isinstance(row, Acknowledged)]

    def became(self, content: bytes, **said: object) -> list[Outcome]:
        """Take a file in and return the outcome of every row."""
        return [row.outcome for row in self.bring(content, **said)]

    def refusal(self, content: bytes, **said: object) -> str:
        """Return the one sentence for which a file is refused."""
        file = export(content, connection_no=self.connection_no, **said)  # type: ignore[arg-type]  # the tests' own words
        (problem,) = flow.receive_file(self.house.database, self.house.tenant, file)
        assert isinstance(problem, Problem)
        return problem.sentence

    def tried(self, content: bytes, **said: object) -> Tried:
        """Return what a file would do."""
        file = export(content, connection_no=self.connection_no, **said)  # type: ignore[arg-type]  # the tests' own words
        tried = flow.try_file(self.house.database, self.house.tenant, file)
        assert isinstance(tried, Tried)
        return tried

    def in_force(self) -> list[tuple[int, int]]:
        """Return number among equals and seconds of what counts."""
        with self.house.database.tenant(self.house.tenant) as session:
            return [(row[0], row[1]) for row in session.tuples(_IN_FORCE)]

    def coverages(self) -> list[tuple[object, ...]]:
        """Return what the deliveries cover."""
        with self.house.database.tenant(self.house.tenant) as session:
            return session.tuples(_COVERAGES)


def tool_of(house: House, **reading: object) -> Tool:
    stated = {"layout": "harvest", "person_key": "name", "approval": "column"}
    with house.database.tenant(house.tenant) as session:
        number = set_connection(
            session,
            name=str(reading.get("layout", "harvest")),
            connector="file",
            states_revisions=False,
            settings={"reading": stated | reading},
        )
    # What the tool calls ann and bob, and the firm's one project.
    called = {"Ann Lee": "ann", "ann@firm.example": "ann", "Bob Ray": "bob"}
    flow.change_master(
        house.database,
        house.tenant,
        [
            *(MasterChange("person", name, who) for name, who in called.items()),
            MasterChange("project", "Website", "P1"),
            MasterChange("project", "App", "P1"),
        ],
        connection_no=number,
    )
    return Tool(house, number)


def bob(cost: int = 100) -> list[MasterChange]:
    fields = {"person": "bob", "rate": Decimal(cost)}
    return [
        MasterChange("person", "bob", fields=PERSON.fields),
        MasterChange("cost_rate", "bob-cost", fields=fields),
    ]


def house_of(database: Database, tenant: int) -> House:
    found = found_house(database, tenant)
    found.change(*bob())
    return found


def march(*rows: str) -> bytes:
    return table(HARVEST_OLDER, *rows)
