"""Show what waits for a posting window to open, and until when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from hourline.kernel.codes import DocumentKind

if TYPE_CHECKING:
    from hourline.posting.store import WaitingIntent
    from hourline.posting.windows import Opening


def waiting_values(
    one: "WaitingIntent", opens: "Opening", names: Mapping[int, str]
) -> dict[str, object]:
    """Return an intent that waits for a window, shaped as those that need a person."""
    return {
        "intent": one.intent_no,
        "connection": names[one.connection_no],
        "kind": DocumentKind(one.kind).name.lower(),
        "state": "ready",
        "external_id": None,
        "external_number": None,
        "problem": None,
        "opens_at": opens.opens_at,
    }


def spoken_waits(
    waiting: Iterable[tuple["WaitingIntent", "Opening"]], names: Mapping[int, str]
) -> Iterator[str]:
    """Yield a line for each connection whose window is closed over documents."""
    for opens, documents in Counter(opens for _, opens in waiting).items():
        yield (
            f"Documents that wait for {names[opens.connection_no]}: {documents:,};"
            f" its window ({opens.when}) opens {opens.opens_at:%Y-%m-%d %H:%M %Z}."
        )
