"""A difference is named by what it is: an explanation holds for it and no other."""

from hashlib import sha256

from hourline.proof.model import Compared

_LENGTH = 12


def name_difference(compared: Compared) -> str:
    """Return a short name that changes when either side or what differs changes."""
    told = [compared.result.value]
    for side in (compared.ours, compared.theirs):
        for one in side:
            told += [one.kind.name, one.external_id, one.booked_on.isoformat()]
            told += [f"{one.total.normalize():f}", one.currency]
    for found in compared.breaks:
        told += [found.name, found.ours, found.theirs]
    return sha256("\x1f".join(told).encode()).hexdigest()[:_LENGTH]
