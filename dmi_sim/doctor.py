"""Whether this machine and this installation are fit for the work, and what to do where not."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dmi_sim import paths
from dmi_sim.errors import MachineProblem, machine_problem
from dmi_sim.files import write_bytes
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
    "elsewhere use conda: conda env create -f environment.yml (on Windows in WSL 2)"
)
WANTED_DISK_GB = 2.0
WANTED_MEMORY_GB = 1.0
WANTED_OPEN_FILES = 256
PROBE_BYTES = 1_000_000
"""Size of the files that are written to see whether files can be written."""
EARLIEST_YEAR = 2024
"""Year before which a clock must be wrong."""


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
    for name, inspect in MACHINE.items():
        yield _inspected(name, inspect)
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
    def inspect() -> tuple[str, str]:
        free_gb = shutil.disk_usage(folder).free / 1e9
        value = f"{free_gb:.1f} GB free in {folder.resolve()}"
        try:
            write_bytes(folder / f".doctor-{os.getpid()}", b"x" * PROBE_BYTES)
        except OSError as error:
            advice = machine_problem(error)
            return value, f"results cannot be written here; choose another folder ({advice})"
        finally:
            with suppress(OSError):
                (folder / f".doctor-{os.getpid()}").unlink(missing_ok=True)
        return value, "" if free_gb > WANTED_DISK_GB else "make room for results"

    return _inspected("disk", inspect)


def _home() -> tuple[str, str]:
    """The home folder; everything works without one, so its lack is no illness."""
    try:
        home = Path.home()
    except RuntimeError:
        return "this user has none, and HOME is not set; nothing needs one", ""
    return f"{home}" if os.access(home, os.W_OK) else f"{home} is read-only; nothing needs it", ""


def _kernel_cache() -> tuple[str, str]:
    from dmi_sim.kernel import kernel_cache

    folder = kernel_cache()
    if folder is not None:
        return str(folder), ""
    return (
        "no folder can be written; each process compiles anew, for about a minute",
        "set NUMBA_CACHE_DIR to a folder that you may write to",
    )


def _physics_loop() -> tuple[str, str]:
    """Which loop runs the physics steps."""
    from dmi_sim.physics.bullet.c_api import library

    if library() is not None:
        return "compiled", ""
    return "plain: slower, with the same results; this pybullet hides Bullet's C interface", ""


def _temporary_folder() -> tuple[str, str]:
    remedy = "set TMPDIR to a folder that you may write to and that has room"
    try:
        with tempfile.TemporaryFile() as probe:
            probe.write(b"x" * PROBE_BYTES)
            probe.flush()
    except OSError as error:
        return f"cannot be written ({error.strerror or error})", remedy
    return tempfile.gettempdir(), ""


def _shared_memory() -> tuple[str, str]:
    from multiprocessing import Lock

    try:
        Lock()
    except OSError as error:
        value = f"fails ({error.strerror or error}); AsyncVectorEnv and Ray need it, studies do not"
        return value, "mount /dev/shm, writable (as podman does)"
    return "ok", ""


def _open_files() -> tuple[str, str]:
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return "no limit", ""
    return f"at most {soft}", "" if soft >= WANTED_OPEN_FILES else "ulimit -n 1024"


def _memory() -> tuple[str, str]:
    free_gb = free_memory_gb()
    if free_gb is None:
        return "not known here", ""
    remedy = "close other programs, or use fewer workers: each needs 0.6 GB"
    return f"{free_gb:.1f} GB free", "" if free_gb > WANTED_MEMORY_GB else remedy


def free_memory_gb() -> float | None:
    """Memory that this process may still take [GB], by machine, container and limit, if known."""
    import resource

    limits = [_meminfo_bytes(), _container_bytes()]
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    limits.append(None if soft == resource.RLIM_INFINITY else float(soft))
    known = [limit for limit in limits if limit is not None]
    return min(known) / 1e9 if known else None


def _meminfo_bytes() -> float | None:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024
    return None


def _container_bytes() -> float | None:
    """Memory that a container (control group, version 2) has left [bytes]."""
    with suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup")
        most, used = (
            float((group / f"memory.{name}").read_text(encoding="utf-8"))
            for name in ("max", "current")
        )
        return most - used
    return None


def _text() -> tuple[str, str]:
    """Encoding of file names and of what is printed; ours is UTF-8 everywhere."""
    encoding = sys.getfilesystemencoding()
    return encoding, "" if encoding.lower() == "utf-8" else "export PYTHONUTF8=1"


def _clock() -> tuple[str, str]:
    now = datetime.now(UTC)
    remedy = "set the clock; folders of runs are named after it"
    return f"{now:%Y-%m-%d %H:%M} UTC", "" if now.year >= EARLIEST_YEAR else remedy


MACHINE: dict[str, Callable[[], tuple[str, str]]] = {
    "home": _home,
    "kernel cache": _kernel_cache,
    "physics loop": _physics_loop,
    "temporary folder": _temporary_folder,
    "shared memory": _shared_memory,
    "open files": _open_files,
    "memory": _memory,
    "text": _text,
    "clock": _clock,
}
"""What real machines lack now and then: an inspection gives the state and, if ill, the remedy."""


def _inspected(name: str, inspect: Callable[[], tuple[str, str]]) -> Finding:
    """The finding of an inspection; one that raises is a finding too, with the error as remedy."""
    try:
        return Finding(name, *inspect())
    except Exception as error:
        return Finding(name, "fails", machine_problem(error) or f"{type(error).__name__}: {error}")


def _finding(name: str, inspect: Callable[[], str]) -> Finding:
    return _inspected(name, lambda: (inspect(), ""))


def _physics() -> str:
    """Let an infant with reflexes only fall, then another, then the first again.

    Raises:
        MachineProblem: If the two falls are not equal bit for bit.
    """
    import gymnasium

    env: Env = gymnasium.make("DMI/Sitting-v1")
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
