"""Whether this machine and this installation are fit for the work, and what to do where not."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dmi_sim import paths
from dmi_sim.errors import MachineProblem
from dmi_sim.provenance import NOT_INSTALLED, sha256, version

if TYPE_CHECKING:
    import gymnasium as gym

    Env: TypeAlias = gym.Env[Any, Any]

PACKAGES = (
    "dmi-sim", "pybullet", "numpy", "scipy", "numba", "gymnasium", "stable-baselines3", "torch",
    "pydantic", "ruamel.yaml", "typer", "rich", "viser", "pyarrow", "matplotlib",
)  # fmt: skip
EXTRAS = {"ray": "cluster"}
"""Optional packages and the extra that installs each."""

CONDA_HINT = (
    "PyBullet has wheels for Linux x86-64 with Python 3.11 only; "
    "elsewhere use conda: conda env create -f environment.yml"
)
WANTED_DISK_GB = 2.0


@dataclass(frozen=True)
class Finding:
    """The state of one item that the work needs.

    Attributes:
        name: Name of the item.
        value: Its state on this machine.
        remedy: Advice for mending it; empty when all is well.
    """

    name: str
    value: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether the item is fit for the work."""
        return not self.remedy


def diagnose(folder: Path) -> Iterator[Finding]:
    """Diagnose the machine, the installation and, last, the physics.

    Args:
        folder: Folder in which results would be written.

    Yields:
        One finding after the other.
    """
    yield _platform()
    yield _data()
    yield from _versions()
    yield from _extras()
    yield _cores()
    yield _disk(folder)
    yield _finding("physics", _physics)


def _platform() -> Finding:
    here = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    fits = here.startswith("Linux x86_64") and sys.version_info[:2] == (3, 11)
    return Finding("platform", here, "" if fits or version("pybullet") else CONDA_HINT)


def _data() -> Finding:
    return _finding("models, envs, experiments", lambda: str(paths.root()))


def _versions() -> Iterator[Finding]:
    for name in PACKAGES:
        found = version(name)
        hint = CONDA_HINT if name == "pybullet" else f"pip install {name}"
        yield Finding(name, found) if found else Finding(name, NOT_INSTALLED, hint)


def _extras() -> Iterator[Finding]:
    for name, extra in EXTRAS.items():
        absent = f"{NOT_INSTALLED}; optional: pip install 'dmi-sim[{extra}]'"
        yield Finding(name, version(name) or absent)


def _cores() -> Finding:
    return Finding("cores", str(cores()))


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _disk(folder: Path) -> Finding:
    free_gb = shutil.disk_usage(folder).free / 1e9
    value = f"{free_gb:.1f} GB free in {folder.resolve()}"
    if not os.access(folder, os.W_OK):
        return Finding("disk", value, "results cannot be written here; choose another folder")
    return Finding("disk", value, "" if free_gb > WANTED_DISK_GB else "make room for results")


def _finding(name: str, inspect: Callable[[], str]) -> Finding:
    """The finding of an inspection; one that raises is a finding too, with the error as remedy."""
    try:
        return Finding(name, inspect())
    except MachineProblem as problem:
        return Finding(name, "fails", str(problem))
    except Exception as error:
        return Finding(name, "fails", f"{type(error).__name__}: {error}")


def _physics() -> str:
    """Let an infant with reflexes only fall, then another, then the first again.

    Raises:
        MachineProblem: If the two falls are not equal bit for bit.
    """
    import gymnasium

    env: Env = gymnasium.make("DMI/Sitting-v0")
    first, _, second = (_fall(env, seed) for seed in (0, 1, 0))
    env.close()
    if first != second:
        raise MachineProblem("the same seed gives different trajectories; results would too")
    return f"repeats bit for bit (trajectory {first[:12]})"


def _fall(env: "Env", seed: int) -> str:
    """The hash of all observations in a second of the zero action."""
    import numpy as np

    observed = [env.reset(seed=seed)[0]]
    zero_action = np.zeros(env.action_space.shape or (), dtype=np.float32)
    observed += [env.step(zero_action)[0] for _ in range(30)]
    return sha256(np.stack(observed).tobytes())
