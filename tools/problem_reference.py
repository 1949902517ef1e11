"""Write the index of the problem codes with the queue, owner and due time of each.

Run it with `python -m tools.problem_reference` after a code, a queue or the meaning on
a code's page changed; a test compares the index with what this program would write.
"""

import re
from collections.abc import Iterator

from hourline.exceptions.rules.routing import OWNER_OF
from hourline.kernel.problems import QUEUE_OF, WAITED_FOR, ProblemCode, Queue
from tools.linters.source import ROOT

FOLDER = "docs/reference/problems"
PAGE = f"{FOLDER}/README.md"
_MEANING = re.compile(r"^## Meaning\n\n(?P<sentence>[^\n]+)", re.MULTILINE)
_HEAD = """# Problem codes

This page is written by `python -m tools.problem_reference`; do not edit it.

A problem is an expected refusal, as a value: nothing was changed, and a person is \
told what is missing.
Every code has a page here that says what it means and what to do.
The same code stands on the exception item, in the API's answer and in the log.
[Work the exception queues](../../how-to/work-exceptions.md) tells how to clear them.

An entry whose problems include a code marked *waits* is not asked about: it goes on \
by itself when the record arrives; until then it is listed with owner and due time.
"""


def page() -> str:
    """Return the whole index."""
    return "\n".join([_HEAD, *_queues(), *_codes()])


def _queues() -> Iterator[str]:
    yield "## Queues\n"
    yield "| Queue | Owner | Due within | Codes |"
    yield "|---|---|---|---|"
    for queue in Queue:
        owner, hours = OWNER_OF[queue]
        count = sum(found is queue for found in QUEUE_OF.values())
        yield f"| `{queue}` | {owner} | {hours} h | {count or 'none yet'} |"
    yield ""


def _codes() -> Iterator[str]:
    yield "## Codes\n"
    yield "| Code | Queue | Owner | Due within | Means |"
    yield "|---|---|---|---|---|"
    for code in ProblemCode:
        queue = QUEUE_OF[code]
        owner, hours = OWNER_OF[queue]
        waits = " *waits*" if code in WAITED_FOR else ""
        link = f"[{code}]({code}.md){waits}"
        yield f"| {link} | `{queue}` | {owner} | {hours} h | {_meaning(code)} |"
    yield ""


def _meaning(code: ProblemCode) -> str:
    text = (ROOT / FOLDER / f"{code}.md").read_text(encoding="utf-8")
    found = _MEANING.search(text)
    return found["sentence"] if found else ""


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
