"""Derive from what a connector declares how its target may be asked again."""

from dataclasses import dataclass

from hourline.kernel.capability import Capability, PostingClass, Replayed

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Hold the spans of the machine in seconds; shorter ones serve demos and tests.

    `margin_seconds` is kept free before a lease ends and after a settle time.
    `lifetime_seconds` is assumed of requests whose lifetime nobody declares; it delays
    a lookup, but is never taken as proof.
    """

    lease_seconds: int = 60
    margin_seconds: int = 5
    lifetime_seconds: int = 900
    first_check_seconds: int = 5
    check_seconds: tuple[int, ...] = (300, 3600, *[_DAY_SECONDS] * 5)
    retry_seconds: tuple[int, ...] = (5, 30, 120, 600, 3600)

    def __post_init__(self) -> None:
        """Refuse a lease that would be over before a call could leave."""
        if self.lease_seconds <= self.margin_seconds:
            raise ValueError("a lease is longer than its margin")
        if not self.check_seconds or not self.retry_seconds:
            raise ValueError("checks and retries need at least one delay each")

    @property
    def call_seconds_max(self) -> int:
        """Return the deadline of one call: less than a third of the lease."""
        return max(1, self.lease_seconds // 3 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Hold what the machine may do at one target.

    `resend_seconds` is how long after the first send the same request may go again,
    `settle_seconds` how long after the last possible send nothing new can appear, and
    `settle_proven` whether the target itself promises that.
    """

    posting_class: PostingClass
    timing: Timing
    can_look_up: bool
    resend_seconds: int
    settle_seconds: int
    settle_proven: bool
    new_key_after_absence: bool


def class_of(capability: Capability) -> PostingClass:
    """Return the best class that the declarations justify."""
    key = capability.idempotency
    if key and key.retention_seconds is not None and key.compares_body:
        return PostingClass.KEY
    own = capability.external_id
    if own and own.unique_enforced and own.strong_read:
        return PostingClass.UNIQUE_ID
    if capability.draft and capability.draft.posts_by_id and capability.probe:
        return PostingClass.DRAFT
    return PostingClass.NOTHING


def policy_of(capability: Capability, timing: Timing) -> Policy:
    """Return how the machine treats a target with these declarations."""
    posting_class = class_of(capability)
    lifetime = capability.request_lifetime_seconds
    lag = _lag_seconds(capability, posting_class)
    assumed = timing.lifetime_seconds
    lifetime_seconds = assumed if lifetime is None else lifetime
    key = capability.idempotency
    retention = (key.retention_seconds if key else None) or 0
    by_key = posting_class is PostingClass.KEY
    return Policy(
        posting_class=posting_class,
        timing=timing,
        can_look_up=capability.probe is not None
        or posting_class is PostingClass.UNIQUE_ID,
        resend_seconds=retention
        - lifetime_seconds
        - timing.lease_seconds
        - timing.margin_seconds
        if by_key
        else 0,
        settle_seconds=lifetime_seconds
        + (assumed if lag is None else lag)
        + timing.margin_seconds,
        settle_proven=lifetime is not None and lag is not None,
        new_key_after_absence=by_key
        and key is not None
        and key.replays is Replayed.ALL,
    )


def _lag_seconds(capability: Capability, posting_class: PostingClass) -> int | None:
    if posting_class is PostingClass.UNIQUE_ID:
        return 0
    return capability.probe.lag_seconds if capability.probe else None
