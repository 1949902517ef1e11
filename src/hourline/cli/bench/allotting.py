"""Measure what allotting the work of contracts with limits or prepaid hours costs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

from hourline.billing.model_allotted import Allotted, Work
from hourline.billing.rules.allot import allot
from hourline.cli.bench.workload import WireEntry
from hourline.decide.model import Decided
from hourline.kernel.codes import Fate
from hourline.kernel.quantity import value_of
from hourline.master.snapshot import Snapshot

WorkByContract = Mapping[int, Sequence[Work]]


def works_to_allot(
    decided: Decided, records: Sequence[WireEntry], snapshot: Snapshot
) -> WorkByContract:
    """Return the billable work of each contract with a limit or prepaid hours."""
    works: dict[int, list[Work]] = {}
    portions = decided.portions
    columns = (
        portions.fate,
        portions.contract_no,
        portions.contract_line_no,
        portions.entry_no,
        portions.part,
        portions.seconds,
        portions.rate_amount,
        portions.rate_seconds,
    )
    for fate, contract_no, line_no, entry_no, part, *quantity in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        if fate != Fate.BILLABLE or contract_no not in snapshot.allotting:
            continue
        seconds, rate_amount, rate_seconds = quantity
        record = records[entry_no - 1]
        approved_at = datetime.fromisoformat(record.approved_at)
        works.setdefault(contract_no, []).append(
            Work(
                contract_line_no=line_no,
                entry_no=entry_no,
                revision=record.revision,
                part=part,
                # The firm of the benchmark has no limits of a person's day.
                person_no=0,
                dated=approved_at.date(),
                approved_at=approved_at.astimezone(UTC),
                source_id=record.id,
                seconds=seconds,
                units=0,
                second_worth=value_of(
                    1, rate_amount=rate_amount, rate_seconds=rate_seconds
                ),
                unit_worth=Fraction(1),
            )
        )
    return works


def allot_all(
    works: WorkByContract, snapshot: Snapshot
) -> list[list[tuple[Work, Allotted]]]:
    """Return what becomes of the work of every contract."""
    allotted = []
    for contract_no, own in works.items():
        terms = snapshot.allotting[contract_no]
        rounding = snapshot.rounding(terms.entity_no)
        allotted.append(allot(own, terms, {}, rounding))
    return allotted
