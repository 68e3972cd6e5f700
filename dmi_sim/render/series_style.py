"""One style per arm in all figures and replays: colour, marker and line, distinct without colour.

The colours are those of Okabe and Ito (2008), which people with colour-blindness can tell apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_MARKERS = ("o", "s", "^", "D", "v", "P")
_LINES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (8, 3, 2, 3)), (0, (1, 1)))


@dataclass(frozen=True)
class SeriesStyle:
    """Style of an arm: colour ``#rrggbb``, matplotlib marker and line style."""

    colour: str
    marker: str
    line: str | tuple[int, tuple[float, ...]]


def series_styles(arms: Iterable[str]) -> dict[str, SeriesStyle]:
    """A style for each arm, by its order in the study file, so that none is privileged.

    Colours come round again after six arms, each time with another marker and line.

    >>> series_styles(["pelvis", "none"])["none"].colour
    '#d55e00'
    """
    return {arm: _style(index) for index, arm in enumerate(arms)}


def _style(index: int) -> SeriesStyle:
    turn = index // len(_COLOURS)
    return SeriesStyle(
        _COLOURS[index % len(_COLOURS)],
        _MARKERS[(index + turn) % len(_MARKERS)],
        _LINES[(index + 2 * turn) % len(_LINES)],
    )
