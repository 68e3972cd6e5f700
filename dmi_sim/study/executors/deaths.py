"""Why a worker has died: by its signal or exit code, and by its last words in a log."""

import signal
from pathlib import Path

from dmi_sim.errors import MORE_MEMORY, told_by_a_library

LAST_WORDS = 100_000
"""Length of what is read of the end of a log [bytes]."""

_SIGNALS = {
    signal.SIGKILL: f"the system does so when memory is used up; {MORE_MEMORY}",
    signal.SIGXCPU: "its time was used up; raise the limit (ulimit -t)",
}
"""What a signal that a machine sends says of the machine."""


def reason_of_death(code: int | None, last_words: str) -> str:
    """The reason in one line, with a remedy where the machine was at fault.

    Args:
        code: Exit code of the process; a signal that ended it is negative.
        last_words: What it wrote before.

    >>> reason_of_death(-6, "")
    'the worker ended with SIGABRT'
    >>> reason_of_death(-6, "what():  std::bad_alloc").startswith(
    ...     "the worker ended with SIGABRT: bad_alloc: memory is used up; use fewer workers"
    ... )
    True
    """
    told = told_by_a_library(last_words)
    ended = f"the worker ended with exit code {code}"
    if code is not None and code < 0:
        sent = signal.Signals(-code)
        ended, told = f"the worker ended with {sent.name}", told or _SIGNALS.get(sent)
    return f"{ended}: {told}" if told else ended


def size_of(log: Path) -> int:
    """Length of a log [bytes]; 0 if there is none."""
    return log.stat().st_size if log.is_file() else 0


def words_since(log: Path, begin: int) -> str:
    """What was written into a log, its end if it is long.

    Args:
        log: File of the log.
        begin: Length of the log before [bytes].
    """
    if not log.is_file():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(begin, size_of(log) - LAST_WORDS))
        return stream.read().decode(errors="replace")
