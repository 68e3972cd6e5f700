"""Compile all kernels once for a machine, before many processes want them.

A process compiles a kernel where the cache on disk lacks it, for a quarter of a minute in all. So
workers that begin together would each do the same work. Here one process does it for all, and
leaves a mark in the cache folder, so that the next need only look for the mark.

Whatever fails here costs time only: a kernel that the cache lacks is compiled where it is called.
"""

import fcntl
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

from dmi_sim.kernel import kernel_cache, kernel_sources
from dmi_sim.provenance import fingerprint

KEPT_CACHES = 3
"""Number of the newest caches of earlier sources that are kept."""

KEPT_S = 3 * 24 * 3600.0
"""Time since its last use for which every cache is kept [s]."""

LONGEST_WAIT_S = 300.0
"""Longest time to wait for another process that compiles [s]."""

_EARLIER = re.compile(r"kernels-[0-9a-f]{16}")


def compile_kernels() -> None:
    """Compile all kernels in this process, unless the cache holds them or nothing can be cached.

    While another process does it, this one waits.
    """
    folder = kernel_cache()
    if folder is None or is_whole(folder):
        return
    with alone_in(folder):
        if not is_whole(folder):
            call_kernels()
            with suppress(OSError):  # without the mark, the next process looks for itself
                _mark(folder).touch()
            remove_old_caches(folder)


def compile_before_workers(on_start: Callable[[], None] = lambda: None) -> None:
    """Compile all kernels in a process that ends then, so that workers find them in the cache.

    Args:
        on_start: Called if there is something to compile, before it begins.
    """
    folder = kernel_cache()
    if folder is None or is_whole(folder):
        return
    on_start()
    child = get_context("spawn").Process(target=_compile_silently, daemon=True)
    child.start()
    try:
        child.join()
    finally:
        child.kill()
        child.join()


def _compile_silently() -> None:
    """Compile all kernels; libraries must not write into the output of a command."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    compile_kernels()


def call_kernels() -> None:
    """Let an infant move freely and in hands that come and go, which calls every kernel."""
    from dmi_sim.names import environment_id
    from dmi_sim.rollout.environment import make_environment

    env = make_environment(environment_id("sitting"), {})
    infant: Any = env.unwrapped
    env.reset(seed=0, options={"support": "pelvis"})
    for change in (lambda: None, infant.let_go, lambda: infant.hold("pelvis")):
        change()
        env.step(env.action_space.sample())
    env.close()


def is_whole(folder: Path) -> bool:
    """Whether a cache folder is known to hold all kernels for this processor, numba and Python.

    Args:
        folder: Folder of the cache, see :func:`dmi_sim.kernel.kernel_cache`.
    """
    return _mark(folder).exists()


def _mark(folder: Path) -> Path:
    """The file that says so; its name holds all that numba compares before it trusts its cache."""
    numba: Any = import_module("numba")
    registry: Any = import_module("numba.core.registry")
    stamps = [(str(path), path.stat().st_mtime_ns) for path in kernel_sources()]
    target = registry.cpu_target.target_context.codegen().magic_tuple()
    ours = [numba.__version__, bool(numba.config.DISABLE_JIT), sys.implementation.cache_tag]
    return folder / f"whole-{fingerprint([stamps, list(target), ours])[:16]}"


@contextmanager
def alone_in(folder: Path) -> Generator[None]:
    """Wait while another process is in this context; where files cannot be locked, go on.

    Args:
        folder: Folder of the lock.
    """
    deadline_s = time.monotonic() + LONGEST_WAIT_S
    with ExitStack() as stack:
        with suppress(OSError):  # a network folder without locks, a disk that has become full
            lock = stack.enter_context((folder / "lock").open("a"))
            while not _has_locked(lock) and time.monotonic() < deadline_s:
                time.sleep(0.1)
        yield


def _has_locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def remove_old_caches(folder: Path, now_s: float | None = None) -> None:
    """Remove the caches of earlier sources, but not the newest ones nor those lately used.

    A process that still uses one loses time at most.

    Args:
        folder: The present cache, which stays; earlier ones lie beside it.
        now_s: Present time [s since 1970]; the clock's by default.
    """
    last_used_s = {one: one.stat().st_mtime for one in folder.parent.iterdir() if _is_ours(one)}
    last_used_s.pop(folder, None)
    oldest_kept_s = (time.time() if now_s is None else now_s) - KEPT_S
    newest_first = sorted(last_used_s, key=lambda one: last_used_s[one], reverse=True)
    for old in newest_first[KEPT_CACHES:]:
        if last_used_s[old] < oldest_kept_s:
            shutil.rmtree(old, ignore_errors=True)


def _is_ours(path: Path) -> bool:
    """Whether a path is a cache folder that this user has made."""
    is_folder = path.is_dir() and not path.is_symlink()
    return is_folder and bool(_EARLIER.fullmatch(path.name)) and path.stat().st_uid == os.getuid()
