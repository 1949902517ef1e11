"""Record the versions of the benchmark's master data as they are made up."""

from datetime import date

import msgspec

from hourline.master.model import BillRate, CrossReference, MasterVersion, Record

CONNECTION = 1
_MID_YEAR = date(2026, 7, 1)


class Recorder:
    """Hold the versions recorded so far, each a record of its own."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.versions: list[MasterVersion] = []
        self.references: list[CrossReference] = []

    def add(
        self,
        record_id: str,
        record: Record,
        *,
        effective_from: date = date.min,
        effective_until: date = date.max,
    ) -> None:
        """Add a record that sources call by its id."""
        number = len(self.versions) + 1
        self.versions.append(
            MasterVersion(
                master_no=number,
                change_no=number,
                id=record_id,
                effective_from=effective_from,
                effective_until=effective_until,
                content=record,
            )
        )
        self.references.append(
            CrossReference(
                connection_no=CONNECTION,
                kind=record.kind,
                source_id=record_id,
                master_no=number,
            )
        )

    def add_rate(self, record_id: str, record: BillRate) -> None:
        """Add a rate in two versions: until mid-year and from then on."""
        spans = ((date.min, _MID_YEAR), (_MID_YEAR, date.max))
        for half, (start, end) in enumerate(spans):
            raised = msgspec.structs.replace(record, rate=record.rate + 5 * half)
            self.add(
                f"{record_id}.{half}",
                raised,
                effective_from=start,
                effective_until=end,
            )
