"""What a result rests on besides its settings: versions, machine, code, command."""

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from dmi_sim.hashed_files import sha256
from dmi_sim.spec.base import Strict
from dmi_sim.study.plan import fingerprint

PACKAGES = ("numpy", "numba", "scipy", "pybullet", "torch", "stable-baselines3", "gymnasium")


class Checkout(Strict):
    """The commit that the code was taken from."""

    commit: str
    dirty: bool
    """Whether files differed from that commit."""


class Provenance(Strict):
    """Where and with what a study ran."""

    versions: dict[str, str]
    """Of Python, the packages that decide numbers, and ``dmi-sim``."""
    code_sha256: str
    """Hash of all Python files of this package."""
    platform: str
    cpu: str
    cores: int
    command: tuple[str, ...]
    checkout: Checkout | None
    """None where the package is installed, not checked out."""


def provenance() -> Provenance:
    """What this process runs with."""
    package = Path(__file__).parents[1]
    return Provenance(
        versions=versions(),
        code_sha256=code_sha256(package),
        platform=platform.platform(),
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        command=(Path(sys.argv[0]).name, *sys.argv[1:]),
        checkout=_checkout(package.parent),
    )


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide numbers."""
    found = {"python": platform.python_version()}
    for name in ("dmi-sim", *PACKAGES):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def code_sha256(package: Path) -> str:
    """Hash of all Python files of a package, by content and place."""
    files = sorted(package.rglob("*.py"))
    return fingerprint([[path.relative_to(package).as_posix(), sha256(path)] for path in files])


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _checkout(root: Path) -> Checkout | None:
    if not (root / ".git").exists():
        return None
    commit = _git(root, "rev-parse", "--verify", "HEAD")
    changed = _git(root, "status", "--porcelain")
    return Checkout(commit=commit, dirty=changed != "") if commit else None


def _git(root: Path, *arguments: str) -> str | None:
    """What git says, or None where there is no git or it refuses."""
    try:
        done = subprocess.run(
            ("git", "-C", str(root), *arguments),
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
