"""The two errors that a user can repair, told apart from bugs."""

from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Real


class InputError(ValueError):
    """What the user wrote is wrong; the command line answers with exit code 2.

    Args:
        problems: One line each: where, what, what is allowed, the nearest right name.

    Attributes:
        problems: The same lines, so that a caller can list them one by one.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """All problems, one a line."""
        return "\n".join(self.problems)


class MachineProblem(RuntimeError):  # noqa: N818 - reads well
    """The machine or the installation is not fit for the work; the exit code is 4."""


def require_within(name: str, value: object, low: float, high: float) -> None:
    """Refuse what is no number or out of range.

    Args:
        name: What the user calls it.
        value: What the user wrote.
        low: Least allowed value.
        high: Largest allowed value.

    Raises:
        InputError: If it is not allowed.
    """
    if not isinstance(value, Real):
        raise InputError(f"{name}: {value!r} is not a number from {low:g} to {high:g}")
    if not low <= float(value) <= high:
        raise InputError(f"{name}: {value} is outside {low:g} to {high:g}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Help for a name that is not known.

    Args:
        word: What the user wrote.
        known: The names that would have been right.

    Returns:
        ``did you mean 'x'?`` where one is near, else ``known: a, b, c``.
    """
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {', '.join(names) or 'none'}"
