"""How far a study is, finer than its cells, and when it will be done."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

OnCell: TypeAlias = Callable[[float, str], None]
"""What a cell calls now and then: its share done [0..1] and what it does."""

OnCells: TypeAlias = Callable[[str, float, str], None]
"""The same, with the cell's key in front."""


@dataclass(frozen=True)
class Progress:
    """A study at one moment.

    Attributes:
        done: Cells that have ended, quarantined ones too.
        total: Cells of the study.
        running: Cells in work.
        eta_s: Time to go [s]; None while nothing can be said.
        message: What the cell that reported last is doing.
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
    """Tell nobody."""


def ignore_cell(fraction: float, message: str) -> None:
    """Tell nobody."""


class ProgressEstimate:
    """Adds up the shares of all cells.

    Args:
        labels: The cells in words, by key.
        ended: How many of them had ended before this run began.
        on_progress: Who is told.
        clock: Seconds from any metadata.
    """

    def __init__(
        self,
        labels: Mapping[str, str],
        ended: int,
        on_progress: OnProgress,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._labels, self._ended = labels, ended
        self._tell_them, self._clock = on_progress, clock
        self._shares: dict[str, float] = {}
        self._start_s, self._start_share = clock(), self._fraction

    def advance(self, key: str, share: float, message: str) -> None:
        """Note that a cell has come to a share of its work [0..1]."""
        self._shares[key] = share
        self._tell(f"{self._labels[key]}: {message}")

    def end(self, key: str, message: str) -> None:
        """Note that a cell has ended, well or not."""
        self._shares.pop(key, None)
        self._ended += 1
        self._tell(f"{self._labels[key]}: {message}")

    def _tell(self, message: str) -> None:
        now = self._fraction
        gained, spent = now - self._start_share, self._clock() - self._start_s
        self._tell_them(
            Progress(
                done=self._ended,
                total=len(self._labels),
                running=len(self._shares),
                eta_s=spent * (1 - now) / gained if gained > 0 else None,
                message=message,
                fraction=now,
            )
        )

    @property
    def _fraction(self) -> float:
        return min(1.0, (self._ended + sum(self._shares.values())) / max(1, len(self._labels)))
