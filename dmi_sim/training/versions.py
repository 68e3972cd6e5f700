"""Versions of the packages that made a policy, and which of ours can read it."""

from pathlib import Path

from dmi_sim import provenance
from dmi_sim.errors import InputError

_PACKAGES = ("dmi-sim", "numpy", "gymnasium", "stable-baselines3", "torch")


def versions() -> dict[str, str]:
    """Versions of the packages that decide what a policy learns; empty for a missing one."""
    return provenance.versions(_PACKAGES, missing="")


def refuse_other_version(path: Path, made: str) -> None:
    """Refuse a file of another major version.

    Args:
        path: The file.
        made: Version of this package that made it; empty if it is not known.

    Raises:
        InputError: If it is another major version than this one.
    """
    here = provenance.version("dmi-sim")
    if made and here and _major(made) != _major(here):
        raise InputError(f"{path}: made by dmi-sim {made}, this is {here}; train the policy anew")


def _major(version: str) -> tuple[str, ...]:
    """The numbers of a version that must agree: the first, and before 1.0 the second too.

    >>> _major("0.2.5"), _major("1.4.0")
    (('0', '2'), ('1',))
    """
    first, second, *_ = [*version.split("."), ""]
    return (first, second) if first == "0" else (first,)
