"""Compile numerical kernels; the cache on disk knows the source of all of them.

Numba's own cache notices a change in the file of a kernel, but not in kernels of other files that
it calls: it would go on with the old physics. Here the folder of the cache is named after the text
of every file that may hold a kernel.
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
"""Folders of the package that hold kernels."""

_numba: Any = import_module("numba")


def kernel(function: FunctionT) -> FunctionT:
    """The function, compiled when it is first called, by this process or an earlier one."""
    given = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = str(cache_folder(Path(__file__).parent, given))
    try:
        return _numba.njit(cache=True)(function)
    finally:
        _numba.config.CACHE_DIR = given


@cache
def cache_folder(package: Path, given: str = "") -> Path:
    """Where compiled kernels of these sources are kept.

    Args:
        package: The folder of the package.
        given: What ``NUMBA_CACHE_DIR`` says, if anything.
    """
    sources = sorted(path for name in FOLDERS for path in (package / name).glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    own = package if os.access(package, os.W_OK) else Path.home() / ".cache" / "dmi_sim"
    return Path(given or own / "__pycache__") / f"kernels-{digest[:16]}"
