"""Compile numerical kernels, with a cache on disk that notices every change of their sources.

Numba's own cache notices a change in the file of a kernel, but not in kernels of other files that
it calls, and would go on with the old physics. Here the cache folder is named after a hash of every
file that may hold a kernel; a kernel of any other file is compiled in memory, each time anew.

Machines differ in where they let a program write, so several folders are tried. A kernel that
cannot be saved, or whose saved code is damaged, is compiled: slower by seconds, and right.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])

FOLDERS = ("body", "muscle", "nervous", "physics", "physics/bullet")
"""Folders of the package that may hold kernels."""

_PACKAGE = Path(__file__).parent
_numba: Any = import_module("numba")


def kernel(function: FunctionT) -> FunctionT:
    """Decorate a function so that numba compiles it; the machine code is cached on disk.

    Args:
        function: Function of arrays and numbers that numba can compile.
    """
    given = _numba.config.CACHE_DIR
    folder = kernel_cache() if is_hashed(function, _PACKAGE) else None
    if folder is None:
        return _numba.njit(function)
    _numba.config.CACHE_DIR = str(folder)
    try:
        compiled = _numba.njit(cache=True)(function)
    finally:
        _numba.config.CACHE_DIR = given
    own_cache: Any = getattr(compiled, "_cache", None)  # numba may be told not to compile at all
    for step in ("load_overload", "save_overload"):
        if hasattr(own_cache, step):
            setattr(own_cache, step, _or_nothing(getattr(own_cache, step)))
    return compiled


def kernel_cache() -> Path | None:
    """Folder in which the kernels of this package are cached; None if nothing can be written."""
    return cache_folder(_PACKAGE, _numba.config.CACHE_DIR)


def kernel_sources(package: Path = _PACKAGE) -> list[Path]:
    """Files that may hold kernels, in a fixed order.

    Args:
        package: Folder of the package.
    """
    return sorted(path for name in FOLDERS for path in (package / name).glob("*.py"))


def is_hashed(function: Callable[..., object], package: Path) -> bool:
    """Whether the file of a function is one of those whose hash names the cache folder.

    Args:
        function: The function.
        package: Folder of the package.

    >>> is_hashed(is_hashed, Path(__file__).parent)
    False
    """
    return Path(function.__code__.co_filename).parent in [package / name for name in FOLDERS]


def _or_nothing(step: Callable[..., object]) -> Callable[..., object]:
    """A step of the cache that gives nothing, as for an empty cache, where it fails."""

    def run(*args: object) -> object:
        try:
            return step(*args)
        except Exception:  # a full disk, a damaged file: numba then compiles
            return None

    return run


@cache
def cache_folder(package: Path, given: str = "") -> Path | None:
    """Folder in which compiled kernels of the present sources are cached; None if there is none.

    Args:
        package: Folder of the package.
        given: Value of ``NUMBA_CACHE_DIR``, empty if it is not set.

    >>> str(cache_folder(Path(__file__).parent).name).startswith("kernels-")
    True
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in kernel_sources(package)))
    name = f"kernels-{digest.hexdigest()[:16]}"
    folders = (place / name for place in cache_places(package, given))
    chosen = next((folder for folder in folders if _can_be_written(folder)), None)
    if chosen is not None:
        with suppress(OSError):  # its time is that of its last use, so that it is not cleared away
            os.utime(chosen)
    return chosen


def cache_places(package: Path, given: str = "") -> Iterator[Path]:
    """Folders that may hold the cache, the best first.

    Args:
        package: Folder of the package.
        given: Value of ``NUMBA_CACHE_DIR``, empty if it is not set.

    Yields:
        The user's choice, the package, the user's cache, and a private folder for temporary files.
    """
    if given:
        yield Path(given)
    yield package / "__pycache__"
    with suppress(RuntimeError):  # no HOME, and a user that the machine does not know
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dmi_sim"
    with suppress(OSError, AttributeError):
        private = Path(tempfile.gettempdir()) / f"dmi_sim-{os.getuid()}"
        private.mkdir(mode=0o700, exist_ok=True)
        if private.stat().st_uid == os.getuid() and not private.is_symlink():
            yield private  # others could plant code in a folder that is not one's own


def _can_be_written(folder: Path) -> bool:
    """Whether a file can be made there: only trying tells, with quotas and read-only disks."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
    except OSError:
        return False
    return True
