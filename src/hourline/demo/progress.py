"""Show how far each step of a demonstration is, on a terminal and in a log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Step:
    """Move one bar."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self.counted = 0

    def advance(self, amount: int) -> None:
        """Say that so much more is done."""
        self._progress.advance(self._task, amount)

    def count(self, amount: int) -> None:
        """Count results that are not the bar's unit, such as invoices of months."""
        self.counted += amount

    def expect(self, total: int) -> None:
        """Say how much there is to do, once that is known."""
        self._progress.update(self._task, total=total)


class Steps:
    """Show the steps of one run, a bar each; in a log, a line each when it is done."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, str] = {}
        self._progress = Progress(
            TextColumn("{task.description:<34}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    @contextmanager
    def running(self) -> Iterator["Steps"]:
        """Keep the bars on the screen while steps run."""
        with self._progress:
            yield self

    def note(self, sentence: str) -> None:
        """Say something between the steps."""
        self.console.print(sentence)

    @contextmanager
    def step(self, title: str, *, total: int | None = None) -> Iterator[Step]:
        """Open a bar for a step and close it when its work is done."""
        task = self._progress.add_task(title, total=total)
        step = Step(self._progress, task)
        began = time.monotonic()
        yield step
        elapsed = time.monotonic() - began
        self.seconds[title] = f"{elapsed:.1f}"
        found = self._progress.tasks[self._progress.task_ids.index(task)]
        self._progress.update(task, total=max(found.completed, 1))
        if not self.console.is_terminal:
            done = int(found.completed)
            self.console.print(f"{title:<34} {done:>7,}  {elapsed:5.1f} s")
