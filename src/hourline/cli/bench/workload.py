"""Generate the benchmark's entries, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import msgspec

from hourline.cli.bench.firm import (
    ACTIVITIES,
    YEAR_DAYS,
    YEAR_START,
    FirmMade,
    make_firm,
)
from hourline.cli.bench.recorder import Recorder
from hourline.master.model import (
    BillRate,
    Contract,
    CostCentre,
    CrossReference,
    MasterVersion,
    Person,
    PrepaidBlock,
    Project,
    Record,
)

_LENT_SHARE = 0.145
DEPARTMENTS = ("advice", "build")


class WireEntry(msgspec.Struct, frozen=True, gc=False):
    """Be an approved entry as a source sends it; dates stay text until columns."""

    id: str
    revision: int
    status: str
    person: str
    project: str
    activity: str | None
    hour_type: str | None
    date: str
    seconds: int
    billable_seconds: int | None
    note: str
    approved_at: str
    updated_at: str


_DECODER = msgspec.json.Decoder(WireEntry)


def decoded(lines: Sequence[bytes]) -> list[WireEntry]:
    """Return the entries of lines of JSON."""
    return [_DECODER.decode(line) for line in lines]


@dataclass(slots=True)
class Workload:
    """Hold the master data of the firm and entries as JSON lines."""

    versions: list[MasterVersion]
    references: list[CrossReference]
    lines: list[bytes]
    rate_rows: int

    @property
    def change_no(self) -> int:
        """Return the number of the last change of master data."""
        return len(self.versions)

    def without_limits(self) -> "Workload":
        """Return the same firm and entries without limits and prepaid hours."""
        versions = [
            msgspec.structs.replace(version, content=_unlimited(version.content))
            for version in self.versions
            if version.content.kind != PrepaidBlock.kind
        ]
        references = [
            found for found in self.references if found.kind != PrepaidBlock.kind
        ]
        return Workload(versions, references, self.lines, self.rate_rows)

    def with_departments(self) -> "Workload":
        """Return the same firm with people and projects in departments, by turns."""
        last = max(version.master_no for version in self.versions)
        centres = [
            MasterVersion(
                master_no=last + number,
                change_no=last + number,
                id=name,
                effective_from=date.min,
                effective_until=date.max,
                content=CostCentre(),
            )
            for number, name in enumerate(DEPARTMENTS, start=1)
        ]
        versions = [
            msgspec.structs.replace(
                version, content=_in_department(version.content, version.master_no)
            )
            for version in self.versions
        ]
        return Workload(
            [*centres, *versions], self.references, self.lines, self.rate_rows
        )

    def records(self) -> list[WireEntry]:
        """Return the entries decoded."""
        return decoded(self.lines)


def _in_department(record: Record, number: int) -> Record:
    if isinstance(record, (Person, Project)):
        department = DEPARTMENTS[number % len(DEPARTMENTS)]
        return msgspec.structs.replace(record, cost_centre=department)
    return record


def _unlimited(record: Record) -> Record:
    if isinstance(record, Contract):
        return msgspec.structs.replace(record, limit=None)
    return record


def workload(entry_count: int, *, seed: int) -> Workload:
    """Return a firm and its entries; about 3 in 100 entries lack or break something."""
    random = Random(seed)  # noqa: S311 - the same figures on every run
    record = Recorder()
    firm = make_firm(record, random, entry_count=entry_count)
    rate_rows = sum(isinstance(v.content, BillRate) for v in record.versions)
    lines = [_line(number, random, firm) for number in range(entry_count)]
    return Workload(record.versions, record.references, lines, rate_rows)


def _line(number: int, random: Random, firm: FirmMade) -> bytes:
    project_id, entity_id = random.choice(firm.projects)
    if random.random() < _LENT_SHARE:
        entity_id = random.choice([one for one in firm.people_of if one != entity_id])
    person_id = random.choice(firm.people_of[entity_id])
    if number % 97 == 0:
        person_id = "E-unknown"
    day = YEAR_START + timedelta(days=random.randrange(YEAR_DAYS))
    seconds = random.randrange(1, 33) * 900
    entry = WireEntry(
        id=f"TE-{number:09}",
        revision=1,
        status="approved",
        person=person_id,
        project=project_id,
        activity=random.choice(ACTIVITIES),
        hour_type="overtime" if number % 20 == 0 else None,
        date=day.isoformat(),
        seconds=seconds,
        billable_seconds=seconds // 2 if number % 50 == 0 else None,
        note="Worked through the open points of the list with the customer's team",
        approved_at=f"{day.isoformat()}T18:{number % 60:02}:00Z",
        updated_at=f"{day.isoformat()}T18:{number % 60:02}:30Z",
    )
    return msgspec.json.encode(entry)
