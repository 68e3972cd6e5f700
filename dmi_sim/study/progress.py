"""Progress of a study, also inside its cells, and the estimated time to go."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

OnCell: TypeAlias = Callable[[float, str], None]
"""Called by a cell now and then with its completed share [0..1] and its present activity."""

OnCells: TypeAlias = Callable[[str, float, str], None]
"""Called by an executor with the key of a cell, its completed share [0..1] and its
present activity."""


@dataclass(frozen=True)
class Progress:
    """The progress of a study at one time.

    Attributes:
        done: Number of cells that have ended, failed ones too.
        total: Number of cells of the study.
        running: Number of cells that are running.
        eta_s: Estimated time to go [s]; None before the first progress.
        message: The cell that reported last, and its activity.
        fraction: Share of the whole work that is done [0..1].
    """

    done: int
    total: int
    running: int
    eta_s: float | None
    message: str
    fraction: float


OnProgress: TypeAlias = Callable[[Progress], None]


def ignore(progress: Progress) -> None:
    """An :data:`OnProgress` that does nothing."""


def ignore_cell(fraction: float, message: str) -> None:
    """An :data:`OnCell` that does nothing."""


class ProgressEstimate:
    """Adds up the completed shares of all cells and estimates the time to go.

    Args:
        labels: The cells in words, by key.
        ended: Number of cells that had ended before this run began.
        on_progress: Called after every change.
        clock: Function that gives the time [s] since any fixed moment.
    """

    def __init__(
        self,
        labels: Mapping[str, str],
        ended: int,
        on_progress: OnProgress,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._labels, self._ended = labels, ended
        self._on_progress, self._clock = on_progress, clock
        self._shares: dict[str, float] = {}
        self._start_s, self._start_fraction = clock(), self._fraction

    def advance(self, key: str, share: float, message: str) -> None:
        """Record that a cell has completed a share of its work [0..1]."""
        self._shares[key] = share
        self._report(key, message)

    def end(self, key: str, message: str) -> None:
        """Record that a cell has ended, finished or failed."""
        self._shares.pop(key, None)
        self._ended += 1
        self._report(key, message)

    def _report(self, key: str, message: str) -> None:
        self._on_progress(
            Progress(
                done=self._ended,
                total=len(self._labels),
                running=len(self._shares),
                eta_s=self._eta_s(),
                message=f"{self._labels[key]}: {message}",
                fraction=self._fraction,
            )
        )

    def _eta_s(self) -> float | None:
        """Time to go [s] at the mean speed of this run; None before any progress."""
        gained = self._fraction - self._start_fraction
        spent_s = self._clock() - self._start_s
        return spent_s * (1 - self._fraction) / gained if gained > 0 else None

    @property
    def _fraction(self) -> float:
        return min(1.0, (self._ended + sum(self._shares.values())) / max(1, len(self._labels)))
