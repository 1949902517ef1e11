"""Declare a connector: its name, what it books and what it can be read for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hourline.connectors.sdk.booked import BookedStream
from hourline.connectors.sdk.master import MasterStream
from hourline.connectors.sdk.source import Source
from hourline.connectors.sdk.target import Drafting, Findable, Target
from hourline.kernel.codes import DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Hold what one vendor's module offers under the name CONNECTOR.

    `owns` names the kinds of master data that only this system may write, once a
    connection of it is set up. `booked` shows what is in its books, by kind. `shows` is
    what the system is shown: a token fetched with client credentials, or a fixed key.
    `modes` are targets that stand in for `targets` where a connection names the mode.
    `reading` is how records of a new connection are read unless it says otherwise.

    Raises ValueError where a target declares what it does not implement.
    """

    name: str
    title: str
    targets: Mapping[DocumentKind, Target] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    masters: Mapping[str, MasterStream] = field(default_factory=dict)
    booked: Mapping[DocumentKind, BookedStream] = field(default_factory=dict)
    owns: tuple[str, ...] = ()
    shows: Literal["token", "key"] = "token"
    modes: Mapping[str, Mapping[DocumentKind, Target]] = field(default_factory=dict)
    reading: Mapping[str, object] = field(default_factory=dict)

    def targets_in(self, mode: str) -> Mapping[DocumentKind, Target]:
        """Return the targets of a mode; none named is the ordinary one.

        Raises LookupError for a mode the connector does not have.
        """
        if not mode:
            return self.targets
        if mode not in self.modes:
            names = ", ".join(self.modes) or "none"
            raise LookupError(f"{self.name} has no mode {mode}; it has: {names}")
        return self.modes[mode]

    def __post_init__(self) -> None:
        """Refuse declarations that the code behind them does not keep."""
        for targets in (self.targets, *self.modes.values()):
            self._check(targets)

    def _check(self, targets: Mapping[DocumentKind, Target]) -> None:
        for kind, target in targets.items():
            declared = target.capability
            searched = declared.probe or declared.external_id
            if searched and not isinstance(target, Findable):
                raise ValueError(f"{self.name}: {kind.name} declares search only")
            if declared.draft and not isinstance(target, Drafting):
                raise ValueError(f"{self.name}: {kind.name} declares drafts only")
        for kind in self.booked:
            if kind not in self.targets:
                raise ValueError(f"{self.name}: {kind.name} is shown but never booked")
