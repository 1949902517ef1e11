"""Derive the posting class from declarations; what is not declared is the worst."""

import pytest

from hourline.kernel.capability import (
    Capability,
    Draft,
    ExternalId,
    IdempotencyKey,
    PostingClass,
    Probe,
    Replayed,
)
from hourline.posting.rules.capability import Timing, class_of, policy_of
from hourline.posting.rules.key import intent_key

KEY = IdempotencyKey(length_max=255, retention_seconds=86_400, compares_body=True)
TIMING = Timing(lease_seconds=60, margin_seconds=5, lifetime_seconds=900)


@pytest.mark.parametrize(
    ("capability", "expected"),
    [
        (Capability(), PostingClass.NOTHING),
        (Capability(idempotency=KEY), PostingClass.KEY),
        (
            Capability(idempotency=IdempotencyKey(length_max=50, compares_body=True)),
            PostingClass.NOTHING,
        ),
        (
            Capability(
                idempotency=IdempotencyKey(length_max=50, retention_seconds=1800)
            ),
            PostingClass.NOTHING,
        ),
        (
            Capability(
                external_id=ExternalId(
                    length_max=64, unique_enforced=True, strong_read=True
                )
            ),
            PostingClass.UNIQUE_ID,
        ),
        (
            Capability(external_id=ExternalId(length_max=64, strong_read=True)),
            PostingClass.NOTHING,
        ),
        (
            Capability(external_id=ExternalId(length_max=64, unique_enforced=True)),
            PostingClass.NOTHING,
        ),
        (
            Capability(draft=Draft(posts_by_id=True), probe=Probe(lag_seconds=0)),
            PostingClass.DRAFT,
        ),
        (Capability(draft=Draft(posts_by_id=True)), PostingClass.NOTHING),
        (Capability(draft=Draft(), probe=Probe()), PostingClass.NOTHING),
    ],
)
def test_the_class_follows_from_what_is_declared(
    capability: Capability, expected: PostingClass
) -> None:
    assert class_of(capability) is expected


def test_a_key_is_resent_while_every_resend_lands_within_its_retention() -> None:
    capability = Capability(idempotency=KEY, request_lifetime_seconds=600)

    how = policy_of(capability, TIMING)

    assert how.resend_seconds == 86_400 - 600 - 60 - 5
    assert not how.can_look_up
    assert not how.settle_proven
    assert how.new_key_after_absence


def test_a_key_that_stores_successes_only_serves_a_resubmission() -> None:
    key = IdempotencyKey(
        length_max=255,
        retention_seconds=86_400,
        compares_body=True,
        replays=Replayed.SUCCESSES,
    )
    capability = Capability(
        idempotency=key, probe=Probe(lag_seconds=2), request_lifetime_seconds=600
    )

    how = policy_of(capability, TIMING)

    assert not how.new_key_after_absence
    assert how.can_look_up
    assert (how.settle_seconds, how.settle_proven) == (607, True)


def test_an_undeclared_lifetime_is_assumed_and_proves_nothing() -> None:
    how = policy_of(Capability(probe=Probe()), TIMING)

    assert (how.settle_seconds, how.settle_proven) == (1805, False)
    assert how.resend_seconds == 0


def test_a_unique_id_is_read_at_once_and_needs_no_probe() -> None:
    own = ExternalId(length_max=64, unique_enforced=True, strong_read=True)

    how = policy_of(Capability(external_id=own, request_lifetime_seconds=600), TIMING)

    assert how.can_look_up
    assert (how.settle_seconds, how.settle_proven) == (605, True)


def test_a_call_may_last_less_than_a_third_of_the_lease() -> None:
    assert Timing().call_seconds_max == 19
    assert Timing(lease_seconds=3, margin_seconds=1).call_seconds_max == 1


@pytest.mark.parametrize(
    "timing",
    [
        {"lease_seconds": 5, "margin_seconds": 5},
        {"check_seconds": ()},
        {"retry_seconds": ()},
    ],
)
def test_a_timing_that_cannot_work_is_refused(timing: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"longer than its margin|at least one delay"):
        Timing(**timing)  # type: ignore[arg-type]  # the names are Timing's


def test_a_key_is_a_function_of_the_intent_alone() -> None:
    key = intent_key(tenant=1, connection_no=2, document="3:4", generation=0)

    assert key == "H12YNSE3TR6QNOW4O3PK2AO7WVFU"
    assert len(key) == 28


@pytest.mark.parametrize(
    ("tenant", "connection_no", "document", "generation"),
    [(2, 2, "3:4", 0), (1, 3, "3:4", 0), (1, 2, "3:5", 0), (1, 2, "3:4", 1)],
)
def test_each_part_of_an_intent_changes_its_key(
    tenant: int, connection_no: int, document: str, generation: int
) -> None:
    first = intent_key(tenant=1, connection_no=2, document="3:4", generation=0)

    other = intent_key(
        tenant=tenant,
        connection_no=connection_no,
        document=document,
        generation=generation,
    )

    assert other != first
