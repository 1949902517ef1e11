"""Declare a connector: its name, what it books and what it can be read for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hourline.connectors.sdk.booked import BookedStream
from hourline.connectors.sdk.master import MasterStream
from hourline.connectors.sdk.source import Source
from hourline.connectors.sdk.target import Drafting, Findable, Target
from hourline.kernel.codes import DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Hold what one vendor's module offers under the name CONNECTOR.

    `owns` names the kinds of master data that only this system may write, once a
    connection of it is set up. `booked` shows what is in its books, by kind.

    Raises ValueError where a target declares what it does not implement.
    """

    name: str
    title: str
    targets: Mapping[DocumentKind, Target] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    masters: Mapping[str, MasterStream] = field(default_factory=dict)
    booked: Mapping[DocumentKind, BookedStream] = field(default_factory=dict)
    owns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse declarations that the code behind them does not keep."""
        for kind, target in self.targets.items():
            declared = target.capability
            searched = declared.probe or declared.external_id
            if searched and not isinstance(target, Findable):
                raise ValueError(f"{self.name}: {kind.name} declares search only")
            if declared.draft and not isinstance(target, Drafting):
                raise ValueError(f"{self.name}: {kind.name} declares drafts only")
        for kind in self.booked:
            if kind not in self.targets:
                raise ValueError(f"{self.name}: {kind.name} is shown but never booked")
