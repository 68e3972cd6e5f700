"""Run cells in a few child processes, and know which cell failed when one of them dies.

Each child runs one cell at a time, so the death of a child is the failure of its cell; a process
pool would lose the cell or hang. Children end with their parent, whatever ends it.
"""

import faulthandler
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from dmi_sim.files import remove_partial_files
from dmi_sim.rollout.compilation import compile_before_workers
from dmi_sim.study.cell_files import LOG
from dmi_sim.study.executors.base import (
    CellFailure,
    CellOutcome,
    CellTask,
    ExecutorConfig,
    RunCell,
    outcome_of_attempt,
    run_attempt,
)
from dmi_sim.study.executors.deaths import reason_of_death, size_of, words_since
from dmi_sim.study.progress import OnCells

THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")

COMPILING = "the physics is compiled, once for this machine"

_START_S = 120.0
"""Longest time that a new child may take for its imports [s]."""

_POLL_INTERVAL_S = 1.0
"""Longest time that the parent waits for a message before it checks all children [s]."""


@dataclass(frozen=True)
class _Advanced:
    """A child's message that its cell has completed a share of its work [0..1]."""

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
    pending = deque(tasks)
    if pending:
        first = pending[0].cell.key
        with one_thread():
            compile_before_workers(lambda: on_cells(first, 0.0, COMPILING))
    workers = [_Worker(run_cell) for _ in range(min(config.workers, len(tasks)))]
    try:
        while pending or any(worker.task for worker in workers):
            for worker in workers:
                if worker.task is None and pending:
                    worker.assign(pending.popleft())
            for task, wall_s, failure in _ended_attempts(workers, config, on_cells):
                outcome = outcome_of_attempt(task, wall_s, failure, config.retries)
                if outcome is None:
                    pending.append(task.next_attempt())
                else:
                    yield outcome
    finally:
        for worker in workers:
            worker.stop()


def _ended_attempts(
    workers: Sequence["_Worker"], config: ExecutorConfig, on_cells: OnCells
) -> Iterator[tuple[CellTask, float, CellFailure | None]]:
    """Wait for messages, then yield the attempts that have ended, with their wall times [s]."""
    busy = [worker for worker in workers if worker.task]
    wait([handle for worker in busy for handle in worker.handles], timeout=_POLL_INTERVAL_S)
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
        self._log_begin = 0
        self.assigned_s = self._heard_s = time.monotonic()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, child_end = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(child_end, self._run_cell), daemon=True
        )
        with one_thread():
            self._process.start()
        child_end.close()
        self._has_started = False

    @property
    def handles(self) -> tuple[Connection, int]:
        """Objects that become ready when the child sends a message or dies."""
        return self._pipe, self._process.sentinel

    def assign(self, task: CellTask) -> None:
        """Send a cell to the child."""
        if not self._process.is_alive():
            self.stop()
            self._start()
        self.task, self.assigned_s = task, time.monotonic()
        self._heard_s, self._log_begin = self.assigned_s, size_of(task.folder / LOG)
        try:
            self._pipe.send(task)
        except OSError:
            return  # the child died just now; poll() will find out

    def poll(self, silence_s: float, on_cells: OnCells) -> _Ended | None:
        """The end of the child's attempt, if it has ended; its progress is passed on."""
        alive = self._process.is_alive()  # before its messages: the last ones still count
        for message in self._messages():
            self._heard_s, self._has_started = time.monotonic(), True
            if isinstance(message, _Ended):
                return message
            if self.task is not None:
                on_cells(self.task.cell.key, message.share, message.message)
        if not alive:
            return self._give_up(self._reason_of_death())
        limit_s = silence_s if self._has_started else max(silence_s, _START_S)
        if time.monotonic() - self._heard_s > limit_s:
            return self._give_up(f"no sign of life for {limit_s:g} s")
        return None

    def _reason_of_death(self) -> str:
        last_words = words_since(self.task.folder / LOG, self._log_begin) if self.task else ""
        return reason_of_death(self._process.exitcode, last_words)

    def _messages(self) -> Iterator[_Advanced | _Ended]:
        try:
            while self._pipe.poll():
                yield self._pipe.recv()
        except (EOFError, OSError):
            return

    def _give_up(self, reason: str) -> _Ended:
        self.stop()
        return _Ended(CellFailure(reason))

    def stop(self) -> None:
        """Kill the child, and remove the files that it had half written."""
        self._process.kill()
        self._process.join()
        self._pipe.close()
        if self.task is not None and self.task.folder.is_dir():
            remove_partial_files(self.task.folder)


@contextmanager
def one_thread() -> Generator[None]:
    """Give new processes one thread for their linear algebra while the context is open."""
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
    is_watched = False
    while True:
        try:
            task: CellTask = pipe.recv()
        except EOFError:
            return
        with suppress(OSError):  # the attempt meets the same error, and reports it
            task.folder.mkdir(parents=True, exist_ok=True)
            _log_output(task)
        if not is_watched:  # begins here so that the log tells if no thread can be started
            threading.Thread(target=_exit_with_parent, daemon=True).start()
            is_watched = True
        failure = run_attempt(run_cell, task, lambda *report: pipe.send(_Advanced(*report)))
        pipe.send(_Ended(failure))


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _log_output(task: CellTask) -> None:
    """Send all output of this process, also that of a crash, to the log of the cell."""
    with (task.folder / LOG).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    faulthandler.enable()
