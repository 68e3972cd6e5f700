"""Run cells in a few child processes, and know which cell to blame when one of them dies.

Each child runs one cell at a time, so a death is that cell's; a pool would lose or hang. Children
die with their parent, whatever kills it.
"""

import faulthandler
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from dmi_sim.files import remove_partial_files
from dmi_sim.study.executors.base import (
    CellFailure,
    CellOutcome,
    CellTask,
    ExecutorConfig,
    RunCell,
    outcome_of_attempt,
    run_attempt,
)
from dmi_sim.study.progress import OnCells
from dmi_sim.study.store import LOG

THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")

_START_S = 120.0
"""How long a new child may take to import what it needs [s]."""

_TICK_S = 1.0
"""How long the parent waits for a child to say something before it looks at all of them [s]."""


@dataclass(frozen=True)
class _Advanced:
    """A child's message that its cell has come to a share of its work [0..1]."""

    share: float
    message: str


@dataclass(frozen=True)
class _Ended:
    """A child's message that its attempt has ended, or the parent's finding that the child died."""

    failure: CellFailure | None


def run_in_processes(
    tasks: Sequence[CellTask], run_cell: RunCell, config: ExecutorConfig, on_cells: OnCells
) -> Generator[CellOutcome]:
    """Run cells in child processes; see :func:`dmi_sim.study.executors.dispatch.execute`."""
    waiting = deque(tasks)
    workers = [_Worker(run_cell) for _ in range(min(config.workers, len(tasks)))]
    try:
        while waiting or any(worker.task for worker in workers):
            for worker in workers:
                if worker.task is None and waiting:
                    worker.assign(waiting.popleft())
            for task, wall_s, failure in _ended_attempts(workers, config, on_cells):
                outcome = outcome_of_attempt(task, wall_s, failure, config.retries)
                if outcome is None:
                    waiting.append(task.again())
                else:
                    yield outcome
    finally:
        for worker in workers:
            worker.stop()


def _ended_attempts(
    workers: Sequence["_Worker"], config: ExecutorConfig, on_cells: OnCells
) -> Iterator[tuple[CellTask, float, CellFailure | None]]:
    """Wait a moment, then give the attempts that have ended, with the time they took [s]."""
    busy = [worker for worker in workers if worker.task]
    wait([handle for worker in busy for handle in worker.handles], timeout=_TICK_S)
    for worker in busy:
        task, ended = worker.task, worker.poll(config.silence_s, on_cells)
        if task is not None and ended is not None:
            worker.task = None
            yield task, time.monotonic() - worker.assigned_s, ended.failure


class _Worker:
    """One child process and the cell that it works on; a dead child is replaced when needed."""

    def __init__(self, run_cell: RunCell) -> None:
        self._run_cell = run_cell
        self._start()
        self.task: CellTask | None = None
        self.assigned_s = self._heard_s = time.monotonic()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._run_cell), daemon=True)
        with one_thread():
            self._process.start()
        theirs.close()
        self._has_started = False

    @property
    def handles(self) -> tuple[Connection, int]:
        """What becomes ready when the child speaks or dies."""
        return self._pipe, self._process.sentinel

    def assign(self, task: CellTask) -> None:
        """Let the child work on a cell."""
        if not self._process.is_alive():
            self.stop()
            self._start()
        self.task, self.assigned_s = task, time.monotonic()
        self._heard_s = self.assigned_s
        try:
            self._pipe.send(task)
        except OSError:
            return  # it died just now; poll() will find out

    def poll(self, silence_s: float, on_cells: OnCells) -> _Ended | None:
        """Pass on what the child reports; the end of its attempt, if it has come to one."""
        alive = self._process.is_alive()  # asked first: what it said before it died still counts
        for message in self._messages():
            self._heard_s, self._has_started = time.monotonic(), True
            if isinstance(message, _Ended):
                return message
            if self.task is not None:
                on_cells(self.task.cell.key, message.share, message.message)
        if not alive:
            return self._given_up(f"the worker ended with {_exit_reason(self._process.exitcode)}")
        limit_s = silence_s if self._has_started else max(silence_s, _START_S)
        if time.monotonic() - self._heard_s > limit_s:
            return self._given_up(f"no sign of life for {limit_s:g} s")
        return None

    def _messages(self) -> Iterator[_Advanced | _Ended]:
        try:
            while self._pipe.poll():
                yield self._pipe.recv()
        except (EOFError, OSError):
            return

    def _given_up(self, reason: str) -> _Ended:
        self.stop()
        return _Ended(CellFailure(reason))

    def stop(self) -> None:
        """End the child at once, and clear away what it had half written."""
        self._process.kill()
        self._process.join()
        self._pipe.close()
        if self.task is not None and self.task.folder.is_dir():
            remove_partial_files(self.task.folder)


def _exit_reason(code: int | None) -> str:
    """The name of the signal that ended a process, or its exit code."""
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


@contextmanager
def one_thread() -> Generator[None]:
    """While inside, new processes get one thread for their linear algebra."""
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(pipe: Connection, run_cell: RunCell) -> None:
    """The main loop of a child: run the cells that come in, until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    while True:
        try:
            task: CellTask = pipe.recv()
        except EOFError:
            return
        task.folder.mkdir(parents=True, exist_ok=True)
        _log_output(task)
        failure = run_attempt(run_cell, task, lambda *report: pipe.send(_Advanced(*report)))
        pipe.send(_Ended(failure))


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _log_output(task: CellTask) -> None:
    """Send all that this process prints, its last words too, to the log of the cell."""
    with (task.folder / LOG).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    faulthandler.enable()
