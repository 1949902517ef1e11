"""Mirror journal lines: the same amounts, their roles the other way round."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hourline.decide.model import JournalColumns
from hourline.kernel.codes import Cause, Effect
from hourline.kernel.columns import Ints, ints
from hourline.kernel.effective import day_number, day_of
from hourline.kernel.subledgers import SUBLEDGER_OF
from hourline.master.snapshot import Snapshot

# The columns of query lines_to_mirror, in its order.
_MIRRORED = (
    "cause_no",
    "cause_revision",
    "part",
    "effect",
    "entity_no",
    "contract_no",
    "project_no",
    "person_no",
    "debit",
    "credit",
    "currency",
    "entity_currency",
    "amount",
    "entity_amount",
    "accounting_day",
    "document_day",
)


def mirror_lines(rows: list[tuple[Any, ...]], snapshot: Snapshot) -> JournalColumns:
    """Return the mirrors of journal lines, given by what is left of each to take back.

    Rows have the columns of query `lines_to_mirror`; lines of nothing have no mirror.
    A mirror keeps the accounting date while its month is open, else it goes to the
    first day of the next open one, each by its own subledger; raises NoOpenPeriod.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(_MIRRORED)
    every = {
        name: ints(list(column))
        for name, column in zip(_MIRRORED, columns, strict=True)
    }
    left = (every["amount"] != 0) | (every["entity_amount"] != 0)
    line = {name: column[left] for name, column in every.items()}
    opened = _open_days(line, snapshot)
    return JournalColumns(
        cause=np.full(len(opened), Cause.ENTRY, dtype=np.int16),
        cause_no=line["cause_no"],
        cause_revision=line["cause_revision"].astype(np.int32),
        part=line["part"].astype(np.int32),
        effect=line["effect"].astype(np.int16),
        mirror=np.ones(len(opened), dtype=np.bool_),
        entity_no=line["entity_no"].astype(np.int32),
        contract_no=line["contract_no"].astype(np.int32),
        project_no=line["project_no"].astype(np.int32),
        person_no=line["person_no"].astype(np.int32),
        debit=line["credit"].astype(np.int16),
        credit=line["debit"].astype(np.int16),
        currency=line["currency"].astype(np.int16),
        amount=line["amount"],
        entity_currency=line["entity_currency"].astype(np.int16),
        entity_amount=line["entity_amount"],
        accounting_date=opened.astype("datetime64[D]"),
        document_date=line["document_day"].astype("datetime64[D]"),
    )


def _open_days(line: Mapping[str, Ints], snapshot: Snapshot) -> Ints:
    names = ("entity_no", "accounting_day", "effect")
    places = list(zip(*(line[name].tolist() for name in names), strict=True))
    opened = {
        (entity, day, effect): day_number(
            snapshot.accounting_date(
                entity, day_of(day), SUBLEDGER_OF.get(Effect(effect))
            )
        )
        for entity, day, effect in set(places)
    }
    return ints([opened[place] for place in places])
