"""A few child processes that run cells, and their supervisor, who knows whom to blame.

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
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from dmi_sim.hashed_files import remove_partial_files
from dmi_sim.study.executors.base import (
    CellFailure,
    CellOutcome,
    CellTask,
    ExecutorConfig,
    RunCell,
    attempt,
    one_thread,
    outcome,
)
from dmi_sim.study.progress import OnCells
from dmi_sim.study.store import LOG

_START_S = 120.0
"""How long a new child may take to import what it needs [s]."""

_TICK_S = 1.0
"""How long the supervisor sleeps when no child says anything [s]."""


@dataclass(frozen=True)
class _Try:
    task: CellTask
    number: int


@dataclass(frozen=True)
class _Said:
    """A child tells how far its cell is."""

    share: float
    message: str


@dataclass(frozen=True)
class _Ended:
    """A child is done with its cell, or has died of it."""

    failure: CellFailure | None


def supervise(
    tasks: Sequence[CellTask], run_cell: RunCell, config: ExecutorConfig, on_cells: OnCells
) -> Generator[CellOutcome]:
    """Run cells in child processes; see :func:`dmi_sim.study.executors.base.execute`."""
    waiting = deque(_Try(task, 1) for task in tasks)
    workers = [_Worker(run_cell) for _ in range(min(config.workers, len(tasks)))]
    try:
        while waiting or any(worker.task for worker in workers):
            for worker in workers:
                if worker.task is None and waiting:
                    worker.give(waiting.popleft())
            for task, wall_s, ended in _news(workers, config, on_cells):
                result = outcome(task.task, task.number, wall_s, ended.failure, config)
                if result is None:
                    waiting.append(_Try(task.task, task.number + 1))
                else:
                    yield result
    finally:
        for worker in workers:
            worker.stop()


def _news(
    workers: Sequence["_Worker"], config: ExecutorConfig, on_cells: OnCells
) -> Iterator[tuple[_Try, float, _Ended]]:
    """Wait a moment, then give what has ended, with the time it took [s]."""
    busy = [worker for worker in workers if worker.task]
    wait([handle for worker in busy for handle in worker.handles], timeout=_TICK_S)
    for worker in busy:
        task, ended = worker.task, worker.listen(config.silence_s, on_cells)
        if task is not None and ended is not None:
            worker.task = None
            yield task, time.monotonic() - worker.given_s, ended


class _Worker:
    """One child process and the cell that it works on; a dead child is replaced when needed."""

    def __init__(self, run_cell: RunCell) -> None:
        self._run_cell = run_cell
        self._start()
        self.task: _Try | None = None
        self.given_s = self._heard_s = time.monotonic()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._run_cell), daemon=True)
        with one_thread():
            self._process.start()
        theirs.close()
        self._is_awake = False

    @property
    def handles(self) -> tuple[Connection, int]:
        """What becomes ready when the child speaks or dies."""
        return self._pipe, self._process.sentinel

    def give(self, task: _Try) -> None:
        """Let the child work on a cell."""
        if not self._process.is_alive():
            self.stop()
            self._start()
        self.task, self.given_s = task, time.monotonic()
        self._heard_s = self.given_s
        try:
            self._pipe.send(task.task)
        except OSError:
            return  # it died just now; listen() will tell

    def listen(self, silence_s: float, on_cells: OnCells) -> _Ended | None:
        """Pass on what the child says; its end, if the cell has come to one."""
        alive = self._process.is_alive()  # asked first: what it said before it died still counts
        for said in self._said():
            self._heard_s, self._is_awake = time.monotonic(), True
            if isinstance(said, _Ended):
                return said
            if self.task is not None:
                on_cells(self.task.task.cell.key, said.share, said.message)
        if not alive:
            return self._dead(f"the worker ended with {_exit_words(self._process.exitcode)}")
        patience_s = silence_s if self._is_awake else max(silence_s, _START_S)
        if time.monotonic() - self._heard_s > patience_s:
            return self._dead(f"no sign of life for {patience_s:g} s")
        return None

    def _said(self) -> Iterator[_Said | _Ended]:
        try:
            while self._pipe.poll():
                yield self._pipe.recv()
        except (EOFError, OSError):
            return

    def _dead(self, reason: str) -> _Ended:
        self.stop()
        return _Ended(CellFailure(reason))

    def stop(self) -> None:
        """End the child at once, and clear away what it had half written."""
        self._process.kill()
        self._process.join()
        self._pipe.close()
        if self.task is not None and self.task.task.folder.is_dir():
            remove_partial_files(self.task.task.folder)


def _exit_words(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _serve(pipe: Connection, run_cell: RunCell) -> None:
    """Life of a child: run the cells that come in, until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor
    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            task: CellTask = pipe.recv()
        except EOFError:
            return
        task.folder.mkdir(parents=True, exist_ok=True)
        _log_to(task)
        pipe.send(
            _Ended(attempt(run_cell, task, lambda share, text: pipe.send(_Said(share, text))))
        )


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _log_to(task: CellTask) -> None:
    """Send all that this process prints, its last words too, to the log of the cell."""
    with (task.folder / LOG).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    faulthandler.enable()
