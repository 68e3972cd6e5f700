"""The two errors that a user can repair, as distinct from bugs."""

import errno
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Real
from typing import cast

from dmi_sim.aliases import ALIASES, canonical


class InputError(ValueError):
    """An error in what the user wrote; the command line ends with exit code 2.

    Args:
        problems: One line for each problem: place, value, allowed range, nearest right name.

    Attributes:
        problems: The same lines, so that a caller can list them one by one.

    >>> print(InputError("seed: -1 is below 0", "n: 0 is below 1"))
    seed: -1 is below 0
    n: 0 is below 1
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """All problems, one per line."""
        return "\n".join(self.problems)


class MachineProblem(RuntimeError):  # noqa: N818 - reads well
    """A fault of the machine or the installation; the command line ends with exit code 4."""


LONGEST_VALUE = 60
"""Characters of a value that a message repeats."""

MORE_MEMORY = "use fewer workers, close other programs, or raise the limit (ulimit -v)"
MORE_PROCESSES = "use fewer workers, or raise the limit of processes (ulimit -u)"

REMEDIES: dict[int, str] = {
    errno.EACCES: "give yourself the right to it, or choose another folder",
    errno.EPERM: "give yourself the right to it, or choose another folder",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.ENOSPC: "make room on that disk, or choose another folder",
    errno.EDQUOT: "your quota is used up; delete files, or choose another folder",
    errno.EFBIG: "files may not grow so large here; raise the limit (ulimit -f)",
    errno.EMFILE: "too many open files; raise the limit (ulimit -n), or use fewer workers",
    errno.ENFILE: "too many open files on this machine; close other programs",
    errno.ENOMEM: f"memory is used up; {MORE_MEMORY}",
    errno.EAGAIN: f"too many processes; {MORE_PROCESSES}",
    errno.EIO: "the disk answers with an error; examine it, or choose another folder",
    errno.ESTALE: "the network folder has changed; mount it anew, or choose a local folder",
    errno.ENOLCK: "this file system cannot lock files; choose a local folder",
    errno.ENAMETOOLONG: "choose a folder with a shorter name",
    errno.ELOOP: "a link leads to itself; mend it, or choose another folder",
    errno.ENOENT: "a file or folder is not there; make it, or choose another",
    errno.ENOTDIR: "a file stands where a folder is needed; choose another folder",
    errno.EISDIR: "a folder stands where a file is needed; choose another name",
    errno.EEXIST: "a file stands in the way; remove it, or choose another folder",
    errno.EADDRINUSE: "another program uses that port; choose another",
    errno.ENOSYS: "this machine lacks something that is needed; dmi-sim doctor names it",
}
"""What to do about an error of the operating system, by its number."""


def machine_problem(error: BaseException) -> str | None:
    """One line with a remedy, if it is the machine that failed and not the program; else None.

    Args:
        error: Error that ended a command.

    >>> machine_problem(OSError(errno.ENOSPC, "No space left on device", "runs/a.json"))
    'runs/a.json: No space left on device: make room on that disk, or choose another folder'
    >>> machine_problem(ZeroDivisionError("oh")) is None
    True
    """
    if isinstance(error, MachineProblem):
        return str(error)
    if isinstance(error, MemoryError):
        return f"memory is used up: {MORE_MEMORY}"
    if isinstance(error, OSError):
        what = ": ".join(str(part) for part in (error.filename, error.strerror) if part)
        remedy = REMEDIES.get(error.errno or 0, "dmi-sim doctor examines this machine")
        return f"{what or error or type(error).__name__}: {remedy}"
    if isinstance(error, RuntimeError | ImportError):
        told = told_by_a_library(str(error))
        if told is not None:
            return told
    if isinstance(error, ImportError) and not str(error.name).startswith("dmi_sim"):
        return f"{error}: the installation is not whole; dmi-sim doctor names what is missing"
    return None


_TOLD: dict[str, str] = {
    "can't start new thread": MORE_PROCESSES,  # Python
    "Thread creation failed": MORE_PROCESSES,  # OpenMP
    "pthread_create failed": MORE_PROCESSES,  # OpenBLAS
    "Could not determine home directory": "set HOME to a folder that you may write to",
    "terminated abruptly": f"the system does so when memory is used up; {MORE_MEMORY}",  # a pool
    "bad_alloc": f"memory is used up; {MORE_MEMORY}",  # C++
    "MemoryError": f"memory is used up; {MORE_MEMORY}",  # Python, in a traceback
    "out of memory": f"memory is used up; {MORE_MEMORY}",  # LLVM
    "failed to map segment": f"memory is used up; {MORE_MEMORY}",  # the loader of libraries
    "can't allocate": f"memory is used up; {MORE_MEMORY}",  # PyTorch
    "cannot allocate": f"memory is used up; {MORE_MEMORY}",  # the C library
    "Unable to allocate": f"memory is used up; {MORE_MEMORY}",  # NumPy
}
"""What to do about a fault of the machine that a library tells in words of its own."""


def told_by_a_library(text: str) -> str | None:
    """The fault of the machine that a text tells of, with its remedy; None if there is none.

    Args:
        text: Message of an error, or the last words of a process that has died.

    >>> told_by_a_library("DefaultCPUAllocator: can't allocate memory")[:35]
    "can't allocate: memory is used up; "
    >>> told_by_a_library("no such infant") is None
    True
    """
    low = text.casefold()
    return next((f"{told}: {_TOLD[told]}" for told in _TOLD if told.casefold() in low), None)


def require_within(name: str, value: object, low: float, high: float) -> None:
    """Refuse a value that is no number or out of range.

    Args:
        name: Name of the value, for the message.
        value: Value that the user gave.
        low: Least allowed value.
        high: Largest allowed value.

    Raises:
        InputError: If the value is not a number from ``low`` to ``high``.

    >>> require_within("severity", 0.5, 0, 1)
    >>> require_within("severity", 2, 0, 1)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    InputError: severity: 2 is outside 0 to 1
    """
    if not isinstance(value, Real):
        raise InputError(f"{name}: {shown(value)} is not a number from {low:g} to {high:g}")
    # Compared as it is: a whole number of 400 digits is no float.
    if not low <= cast("float", value) <= high:
        raise InputError(f"{name}: {shown(value)} is outside {low:g} to {high:g}")


def shown(value: object) -> str:
    """A value as a message shows it: short, whatever a user wrote.

    >>> shown(7.5), shown("seven"), len(shown("x" * 1000)) < 100
    ('7.5', "'seven'", True)
    """
    if isinstance(value, int) and abs(value) >= 10**15:
        return f"{'-' * (value < 0)}a number of more than 15 digits".replace("-a", "minus a")
    text = str(value) if isinstance(value, Real) else repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A hint for a name that is not known: the nearest known name, or all of them.

    Args:
        word: Name that the user gave; whatever is no text has no near name.
        known: Names that are allowed.

    >>> did_you_mean("pelvs", ["axillae", "pelvis"])
    "did you mean 'pelvis'?"
    >>> did_you_mean("hips", ["pelvis", "thighs"])  # spelling alone would say thighs
    "did you mean 'pelvis'?"
    >>> did_you_mean("knee", ["axillae", "pelvis"])
    'known: axillae, pelvis'
    """
    names = sorted(known)
    meant = canonical(word, names)
    if isinstance(word, str) and meant != word:
        return f"did you mean '{meant}'?"
    others = {other: name for other, name in ALIASES.items() if name in names}
    near = get_close_matches(str(word), [*names, *others], n=1, cutoff=0.6)
    if near:
        return f"did you mean '{others.get(near[0], near[0])}'?"
    return f"known: {', '.join(names) or 'none'}"
