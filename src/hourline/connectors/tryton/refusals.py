"""Read what Tryton refuses, and why, from the sentence it gives (release 8.2).

Tryton gives no codes: a refusal is status 400 with a sentence in the language asked
for, which is English here. Every sentence below was seen on 2026-11-25. What is not
recognised keeps Tryton's own words and goes to those who post.
"""

import re

from hourline.connectors.sdk.http import HttpReply, NotJson
from hourline.connectors.sdk.target import AlreadyThere, Refusal

_REFUSED_FROM = 400
_NO_SUCH_THING = 404
_NOT_ALLOWED = 403
# A second post, by us or by a person, and a key that is taken: a lookup tells which.
_THERE_ALREADY = re.compile(
    r'You can not call "post" on|\bexternal key\b', re.IGNORECASE
)
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("period_closed", r"in closed (journal-)?period|must reopen the period"),
        ("period_missing", r"must create a period|no period|fiscal ?year"),
        ("date_outside_period", r'for field "Period" in record .* domain'),
        ("numbered_later", r"must set an invoice date after"),
        ("unbalanced", r"must balance all its lines"),
        ("party_missing", r'value is required for field "Party"'),
        ("party_not_wanted", r"remove the party on line"),
        ("unknown_account", r'for field "Account" .*(does not exist|domain)'),
        ("unknown_record", r"does not exist"),
        ("tax_not_accepted", r"\btax(es)?\b"),
        ("too_many_digits", r"number of digits in the value"),
        ("access_denied", r"not allowed|access"),
        ("field_missing", r"value is required"),
        ("not_in_domain", r"not valid according to its domain"),
    )
)


def refused(reply: HttpReply) -> Refusal | AlreadyThere | None:
    """Return what an answer of status 4xx says, None for every other one."""
    if reply.status < _REFUSED_FROM:
        return None
    if reply.status == _NO_SUCH_THING:
        # The draft is gone, or somebody else's: only a lookup can tell.
        return AlreadyThere()
    if reply.status == _NOT_ALLOWED:
        return Refusal(
            reason="access_denied",
            sentence="Tryton does not let the connection's user do this.",
        )
    sentence = _sentence(reply)
    if _THERE_ALREADY.search(sentence):
        return AlreadyThere()
    for reason, pattern in _REASONS:
        if pattern.search(sentence):
            return Refusal(reason=reason, sentence=sentence)
    return Refusal(reason="refused", sentence=sentence)


def _sentence(reply: HttpReply) -> str:
    try:
        told = reply.json()
    except NotJson:
        return f"Tryton answered with status {reply.status} and no reason."
    said = (told.get("message"), told.get("description"))
    return " ".join(part for part in said if part) or f"status {reply.status}"
