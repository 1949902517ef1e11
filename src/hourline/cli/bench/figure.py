"""Hold a measured ratio with its target."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold one ratio with the two figures it comes from, in microseconds."""

    name: str
    what: str
    ours_microseconds: int
    theirs_microseconds: int
    target_percent: int

    @property
    def percent(self) -> int:
        """Give ours in percent of theirs, rounded up."""
        return -(-self.ours_microseconds * 100 // max(1, self.theirs_microseconds))

    @property
    def holds(self) -> bool:
        """Tell whether the target is met."""
        return self.percent <= self.target_percent
