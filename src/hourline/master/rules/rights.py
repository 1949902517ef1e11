"""Rule: nobody has more rights than two persons have agreed to.

A right is asked for on the day somebody acts, so only days from today on count. What
is known already covers what says the same again, in whatever record and by whatever
system; a right for all entities covers that for one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hourline.master.model import UserRight
from hourline.master.rules.loosening import Loosened
from hourline.master.rules.sound import readable
from hourline.master.snapshot.catalogue import Catalogue
from hourline.master.snapshot.timelines import Timeline


@dataclass(frozen=True, slots=True)
class _Held:
    """Hold what a user may do from a day until another, not on it."""

    user: str
    right: str
    entity: str | None
    since: date
    until: date

    def covers(self, other: "_Held") -> bool:
        """Return whether this is the same right on whatever days, or a wider one."""
        return (
            self.user.casefold() == other.user.casefold()
            and self.right == other.right
            and self.entity in {None, other.entity}
        )


def gained(before: Catalogue, after: Catalogue, *, today: date) -> list[Loosened]:
    """Return the rights that somebody has after a change on a day without before."""
    known = list(_held(before, today))
    return [_told(one) for one in _held(after, today) if not _is_covered(one, by=known)]


def is_held(catalogue: Catalogue, subject: Mapping[str, str], *, today: date) -> bool:
    """Say whether somebody has what a subject of `gained` says, on all of its days."""
    wanted = _Held(
        subject["user"],
        subject["right"],
        subject.get("entity"),
        date.fromisoformat(subject["since"]),
        date.fromisoformat(subject["until"]),
    )
    return _is_covered(wanted, by=list(_held(catalogue, today)))


def _held(catalogue: Catalogue, today: date) -> Iterator[_Held]:
    rows: Timeline[UserRight] = catalogue.of_kind(UserRight.kind)
    for span in rows.spans:
        if span.effective_until > today:
            one = span.content
            since = max(span.effective_from, today)
            yield _Held(one.user, one.right, one.entity, since, span.effective_until)


def _is_covered(one: _Held, *, by: list[_Held]) -> bool:
    reached = one.since
    for known in sorted(by, key=lambda known: known.since):
        if known.covers(one) and known.since <= reached < known.until:
            reached = known.until
    return reached >= one.until


def _told(one: _Held) -> Loosened:
    entity = {} if one.entity is None else {"entity": one.entity}
    user = readable(one.user)
    return Loosened(
        {
            "user": user,
            "right": one.right,
            **entity,
            "since": one.since.isoformat(),
            "until": one.until.isoformat(),
        },
        f"{user} would have the right {one.right} for {one.entity or 'every entity'}",
    )
