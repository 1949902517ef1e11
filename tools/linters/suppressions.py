"""Let no check be switched off without a code and a reason.

Why: an unexplained suppression outlives its cause and hides the next fault.
Forms: `# noqa: S101 - reason`, `# type: ignore[arg-type]  # reason`,
`# pragma: no cover - reason`, `# lint-skip: rule-name - reason`.
Escape: none.
"""

import re
from collections.abc import Iterator

from tools.linters.source import Finding, Source

# Each kind of suppression, and the only form of it that is accepted.
FORMS = {
    r"#\s*(?:ruff:\s*|flake8:\s*)?noqa\b": (
        r"#\s*(?:ruff:\s*)?noqa:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*\s+-\s+\S+"
    ),
    r"#\s*type:\s*ignore": r"#\s*type:\s*ignore\[[a-z-]+(?:,\s*[a-z-]+)*\]\s+#\s*\S+",
    r"#\s*mypy:": r"#\s*mypy:.*\s#\s*\S+",
    r"#\s*pragma:": r"#\s*pragma:\s*no (?:cover|branch|mutate)\s+-\s+\S+",
    r"#\s*lint-skip\b": r"#\s*lint-skip:\s*[a-z-]+(?:,\s*[a-z-]+)*\s+-\s+\S+",
    r"#\s*fmt:\s*(?:off|skip)": r"#\s*fmt:\s*(?:off|skip)\s+-\s+\S+",
}


def check(source: Source) -> Iterator[Finding]:
    """Find suppressions without a code or without a reason."""
    for line_number, comment in source.comments.items():
        for opening, accepted in FORMS.items():
            bare = re.search(opening, comment)
            if bare and not re.search(accepted, comment):
                remedy = f"give the code and the reason: {comment}"
                yield Finding("suppressions", source.place, line_number, remedy)
