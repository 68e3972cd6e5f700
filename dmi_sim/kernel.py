"""Compile numerical kernels, with a cache on disk that notices every change of their sources.

Numba's own cache notices a change in the file of a kernel, but not in kernels of other files that
it calls, and would go on with the old physics. Here the cache folder is named after a hash of every
file that may hold a kernel.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])

FOLDERS = ("body", "muscle", "nervous", "physics")
"""Folders of the package that may hold kernels."""

_numba: Any = import_module("numba")


def kernel(function: FunctionT) -> FunctionT:
    """Decorate a function so that numba compiles it; the machine code is cached on disk.

    Args:
        function: Function of arrays and numbers that numba can compile.
    """
    given = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = str(cache_folder(Path(__file__).parent, given))
    try:
        return _numba.njit(cache=True)(function)
    finally:
        _numba.config.CACHE_DIR = given


@cache
def cache_folder(package: Path, given: str = "") -> Path:
    """Folder in which compiled kernels of the present sources are cached.

    Args:
        package: Folder of the package.
        given: Value of ``NUMBA_CACHE_DIR``, empty if it is not set.

    >>> cache_folder(Path(__file__).parent).name.startswith("kernels-")
    True
    """
    sources = sorted(path for name in FOLDERS for path in (package / name).glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    own = package if os.access(package, os.W_OK) else Path.home() / ".cache" / "dmi_sim"
    return Path(given or own / "__pycache__") / f"kernels-{digest[:16]}"
