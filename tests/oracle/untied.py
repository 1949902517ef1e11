"""Take out of a generated firm what ties, since no snapshot is built of it."""

import msgspec

from hourline.master.snapshot import UnusableRecord
from hourline.master.snapshot.catalogue import catalogue_of
from hourline.master.snapshot.shapes import refuse_ties
from tests.builders import Firm


def untied(made: Firm) -> Firm:
    """Return the firm without the records that another one ties with."""
    while (tied := _tied(made)) is not None:
        kept = [
            version
            for version in made.versions
            if (version.content.kind, version.id) != tied
        ]
        made.versions[:] = [
            msgspec.structs.replace(version, change_no=number)
            for number, version in enumerate(kept, start=1)
        ]
    return made


def _tied(made: Firm) -> tuple[str, str] | None:
    try:
        refuse_ties(catalogue_of(made.versions))
    except UnusableRecord as found:
        return found.kind, found.record_id
    return None
