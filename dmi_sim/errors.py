"""The two errors that a user can repair, as distinct from bugs."""

from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Real


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
        raise InputError(f"{name}: {value!r} is not a number from {low:g} to {high:g}")
    if not low <= float(value) <= high:
        raise InputError(f"{name}: {value} is outside {low:g} to {high:g}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a name that is not known: the nearest known name, or all of them.

    Args:
        word: Name that the user gave.
        known: Names that are allowed.

    >>> did_you_mean("pelvs", ["axillae", "pelvis"])
    "did you mean 'pelvis'?"
    >>> did_you_mean("knee", ["axillae", "pelvis"])
    'known: axillae, pelvis'
    """
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {', '.join(names) or 'none'}"
