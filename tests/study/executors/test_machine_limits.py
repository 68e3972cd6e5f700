"""A study on a machine that is too small ends with what is lacking and what to do about it."""

import errno
import os
import resource
import signal
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from dmi_sim.study.executors import ExecutorName
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.executors.dispatch import EXECUTORS
from dmi_sim.study.plan import Cell
from dmi_sim.study.progress import OnCell
from tests.study.executors.tasks import run_all, tasks_in

HERE = [name for name in EXECUTORS if name != "ray" or find_spec("ray")]


def raises(error: Exception) -> NoReturn:
    raise error


def takes_more_than_it_may() -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + 50_000_000, hard))
    bytearray(500_000_000)


def dies(last_words: str, sent: signal.Signals) -> None:
    os.write(2, last_words.encode())
    os.kill(os.getpid(), sent)


def exits(last_words: str) -> None:
    os.write(2, last_words.encode())
    os._exit(1)


ERRORS: dict[str, Exception] = {
    "Python": MemoryError(),
    "NumPy": MemoryError("Unable to allocate 3.4 MiB for an array with shape (9, 50000)"),
    "system": OSError(errno.ENOMEM, "Cannot allocate memory"),
    "PyTorch": RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 400 bytes"),
    "bound C++": RuntimeError("std::bad_alloc"),
    "loader": ImportError("libtorch.so: failed to map segment from shared object", name="torch"),
    "thread": RuntimeError("can't start new thread"),
    "fork": BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
}
"""What lack of memory or of threads raises."""

DEATHS: dict[str, Callable[[], None]] = {
    "C++": partial(
        dies, "terminate called after throwing an instance of 'std::bad_alloc'\n", signal.SIGABRT
    ),
    "LLVM": partial(dies, "LLVM ERROR: out of memory\n", signal.SIGABRT),
    "Bullet": partial(dies, "cannot allocate 1024 bytes\n", signal.SIGSEGV),
    "the system's killer": partial(dies, "", signal.SIGKILL),
    "Python": partial(exits, "Traceback (most recent call last):\nMemoryError\n"),
    "OpenMP": partial(exits, "libgomp: Thread creation failed: Resource temporarily unavailable\n"),
    "OpenBLAS": partial(exits, "OpenBLAS blas_thread_init: pthread_create failed for thread 1\n"),
}
"""What a worker says and does that dies of the same."""

THREADS = {"thread", "fork", "OpenMP", "OpenBLAS"}


def cell_that(act: Callable[[], object], cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    act()
    return folder


def reason_of(act: Callable[[], object], folder: Path, kind: ExecutorName) -> str:
    """Why the only cell of a study is given up."""
    config = ExecutorConfig(kind, workers=1, retries=0)
    (ended,) = run_all(tasks_in(folder)[:1], partial(cell_that, act), config).values()
    assert ended.status == "failed"
    return ended.reason


def says_what_to_do(reason: str, lack: str) -> bool:
    remedy = "ulimit -u" if lack in THREADS else "ulimit -v"
    wanted = ["process" if lack in THREADS else "memory", "use fewer workers", remedy]
    return all(word in reason for word in wanted) and "\n" not in reason


@pytest.mark.parametrize("lack", ERRORS)
def test_an_error_for_lack_of_something_names_it_and_the_remedy(tmp_path: Path, lack: str) -> None:
    reason = reason_of(partial(raises, ERRORS[lack]), tmp_path, "inline")
    assert says_what_to_do(reason, lack), reason


@pytest.mark.parametrize("lack", DEATHS)
def test_a_death_for_lack_of_something_names_it_and_the_remedy(tmp_path: Path, lack: str) -> None:
    reason = reason_of(DEATHS[lack], tmp_path, "process")
    assert says_what_to_do(reason, lack), reason


@pytest.mark.parametrize("kind", [name for name in HERE if name != "inline"])
def test_a_worker_under_a_limit_names_memory_and_the_remedy(
    tmp_path: Path, kind: ExecutorName
) -> None:
    reason = reason_of(takes_more_than_it_may, tmp_path, kind)
    assert says_what_to_do(reason, "memory"), reason


def test_what_another_attempt_said_is_not_held_against_this_one(tmp_path: Path) -> None:
    task = tasks_in(tmp_path)[0]
    task.folder.mkdir(parents=True)
    (task.folder / "log.txt").write_text("attempt 1: std::bad_alloc\n")
    reason = reason_of(os.abort, tmp_path, "process")
    assert reason == "the worker ended with SIGABRT"


def test_a_worker_that_cannot_start_a_thread_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child imports ``sitecustomize``, which makes its first thread fail."""
    (tmp_path / "sitecustomize.py").write_text(
        "import threading\n"
        'def start(self): raise RuntimeError("can\'t start new thread")\n'
        "threading.Thread.start = start\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    reason = reason_of(int, tmp_path, "process")
    assert says_what_to_do(reason, "thread"), reason
