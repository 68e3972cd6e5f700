"""Provenance of results besides their settings: versions, hashes, machine, code and command."""

import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from dmi_sim.registry import ENTRY_POINTS

NUMERICAL_PACKAGES = (
    "dmi-sim", "numpy", "numba", "scipy", "pybullet", "torch", "stable-baselines3", "gymnasium",
)  # fmt: skip
"""Packages whose version can change a number of a study."""

NOT_INSTALLED = "not installed"


@dataclass(frozen=True)
class Checkout:
    """The commit that the code was taken from.

    Attributes:
        commit: Hash of the commit.
        dirty: Whether files differed from that commit.
    """

    commit: str
    dirty: bool


@dataclass(frozen=True)
class Provenance:
    """Software and machine that a study ran with.

    Attributes:
        versions: Versions of Python and of the packages that decide numbers.
        code_sha256: Hash of all Python files of this package.
        platform: Operating system and architecture.
        cpu: Name of the processor.
        cores: Number of cores of the machine.
        command: Command line of the process.
        checkout: Commit of the code; None where the package is installed, not checked out.
    """

    versions: dict[str, str]
    code_sha256: str
    platform: str
    cpu: str
    cores: int
    command: tuple[str, ...]
    checkout: Checkout | None


def provenance() -> Provenance:
    """The software, machine and command of this process."""
    package = Path(__file__).parent
    return Provenance(
        versions=software_versions(),
        code_sha256=code_sha256(package),
        platform=platform.platform(),
        cpu=cpu_name(),
        cores=os.cpu_count() or 1,
        command=(_program(Path(sys.argv[0]).name), *sys.argv[1:]),
        checkout=git_checkout(package.parent),
    )


def _program(name: str) -> str:
    """The program under the name by which it can be called again."""
    return "dmi-sim" if name == "__main__.py" else name


def software_versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide the numbers of a study."""
    return {"python": platform.python_version(), **versions(NUMERICAL_PACKAGES)}


def versions(packages: Iterable[str], missing: str = NOT_INSTALLED) -> dict[str, str]:
    """Versions of packages by name.

    Args:
        packages: Names as on the package index, such as ``stable-baselines3``.
        missing: Stands for the version of a package that is not installed.

    >>> versions(["no-such-package"])
    {'no-such-package': 'not installed'}
    """
    return {package: version(package) or missing for package in packages}


def version(package: str) -> str | None:
    """Version of an installed package; None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def cpu_name(listing: Path = Path("/proc/cpuinfo")) -> str:
    """Name of the processor, as Linux lists it, or as Python knows it elsewhere."""
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def sha256(data: bytes) -> str:
    """SHA-256 of bytes.

    >>> sha256(b"infant")[:8]
    'c8140988'
    """
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tree_sha256(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder and those below it, by relative path, sorted."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}


def fingerprint(data: Mapping[str, object] | Sequence[object]) -> str:
    """SHA-256 of plain data, whatever the order of its keys.

    >>> fingerprint({"age_months": 7, "sex": "female"}) == fingerprint(
    ...     {"sex": "female", "age_months": 7}
    ... )
    True
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode())


def code_sha256(package: Path) -> str:
    """SHA-256 of all Python files of a package, by content and relative path."""
    files = ((path.relative_to(package), path) for path in sorted(package.rglob("*.py")))
    return fingerprint([[relative.as_posix(), file_sha256(path)] for relative, path in files])


def plugin_sources() -> dict[str, str]:
    """SHA-256 of the source of each installed plug-in, by ``plug-in <name>``, sorted.

    The whole package counts in which its entry point lies, because terms may call all of it.
    """
    found = sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda plugin: plugin.name)
    return {f"plug-in {plugin.name}": _module_sha256(plugin.module) for plugin in found}


def _module_sha256(module: str) -> str:
    """SHA-256 of the package or single file that a module belongs to."""
    found = importlib.util.find_spec(module.partition(".")[0])
    if found is None or found.origin in {"built-in", "frozen"}:
        return NOT_INSTALLED
    folders = found.submodule_search_locations
    if folders is not None:
        return fingerprint([code_sha256(Path(folder)) for folder in folders])
    return file_sha256(Path(found.origin)) if found.origin else NOT_INSTALLED


def git_checkout(root: Path) -> Checkout | None:
    """The commit of a git work tree and whether files differ from it; None where there is none."""
    if not (root / ".git").exists():
        return None
    commit = _git(root, "rev-parse", "--verify", "HEAD")
    changed = _git(root, "status", "--porcelain")
    return Checkout(commit=commit, dirty=changed != "") if commit else None


def _git(root: Path, *arguments: str) -> str | None:
    """The output of git; None without git, or if git fails."""
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
