"""Progress of the work on stderr: a bar on a terminal, a line now and then in a log."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TextIO, TypeAlias

ProgressUpdate: TypeAlias = Callable[[float, str, float | None], None]
"""Callback that receives the completed share [0..1], a message and the time to go [s], if known."""

LINE_EVERY_S = 30.0


@contextmanager
def progress(title: str) -> Generator[ProgressUpdate]:
    """A bar with the time to go on a terminal, a plain line every 30 s elsewhere.

    Args:
        title: Name of the work in a word or two.

    Yields:
        The callback that updates the progress.
    """
    if sys.stderr.isatty():
        with _bar(title) as update:
            yield update
    else:
        yield plain_lines(title, sys.stderr)


def plain_lines(
    title: str, stream: TextIO, clock: Callable[[], float] = time.monotonic
) -> ProgressUpdate:
    """Progress for a log: the first message at once, then a line every 30 s, and the end.

    Args:
        title: First words of each line.
        stream: Stream that the lines are written to.
        clock: Function that gives seconds from any origin.
    """
    next_s = clock()

    def update(share: float, message: str, to_go_s: float | None) -> None:
        nonlocal next_s
        if clock() < next_s and share < 1:
            return
        next_s = clock() + LINE_EVERY_S
        left = "" if to_go_s is None else f", {duration(to_go_s)} to go"
        stream.write(f"{title}: {share:4.0%}{left}: {message}\n")
        stream.flush()

    return update


def duration(seconds: float) -> str:
    """A time span in the unit that suits it, such as ``3 min 20 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


@contextmanager
def _bar(title: str) -> Generator[ProgressUpdate]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}  {task.fields[message]}", style="dim"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=1.0, left="", message="")

        def update(share: float, message: str, to_go_s: float | None) -> None:
            left = "" if to_go_s is None else f"{duration(to_go_s)} to go"
            bar.update(task, completed=share, left=left, message=message)

        yield update
